#include "account/UserDirectory.h"

#include "account/AccountStore.h"
#include "account/Username.h"

#include <unordered_map>

namespace salon::auth {

std::shared_ptr<const User> UserDirectory::find(Session& session, std::int64_t id) {
    if (auto user = cached(id)) return user;
    const auto changes = _cache.lock()->changes;
    auto user = AccountStore(session).find(id);
    return user ? keep(std::move(*user), changes) : nullptr;
}

std::shared_ptr<const User> UserDirectory::findByName(Session& session, std::string_view username) {
    const auto folded = Username::fold(username);
    if (!folded) return nullptr;
    if (const auto id = _cache.lock()->ids.get(*folded)) return find(session, *id);
    const auto changes = _cache.lock()->changes;
    auto user = AccountStore(session).findByName(*folded);
    if (!user) return nullptr;
    _cache.lock()->ids.put(*folded, user->id);
    return keep(std::move(*user), changes);
}

std::vector<std::shared_ptr<const User>>
UserDirectory::findMany(Session& session, std::span<const std::int64_t> ids) {
    std::vector<std::shared_ptr<const User>> users;
    users.reserve(ids.size());
    std::vector<std::int64_t> missing;
    for (const auto id : ids) {
        users.push_back(cached(id));
        if (!users.back()) missing.push_back(id);
    }
    std::unordered_map<std::int64_t, std::shared_ptr<const User>> stored;
    for (auto& user : AccountStore(session).findMany(missing)) {
        const auto id = user.id;
        stored.emplace(id, std::make_shared<const User>(std::move(user)));
    }
    for (std::size_t i = 0; i < ids.size(); ++i) {
        if (users[i]) continue;
        const auto found = stored.find(ids[i]);
        if (found != stored.end()) users[i] = found->second;
    }
    return users;
}

std::vector<User> UserDirectory::list(Session& session, std::int64_t after, std::int64_t limit) {
    return AccountStore(session).list(after, limit);
}

std::shared_ptr<const User> UserDirectory::cached(std::int64_t id) {
    return _cache.lock()->users.get(id).value_or(nullptr);
}

std::shared_ptr<const User> UserDirectory::remember(User user) {
    const auto id = user.id;
    auto shared = std::make_shared<const User>(std::move(user));
    _cache.lock()->users.put(id, shared);
    return shared;
}

std::shared_ptr<const User> UserDirectory::changed(User user) {
    const auto id = user.id;
    auto shared = std::make_shared<const User>(std::move(user));
    auto cache = _cache.lock();
    ++cache->changes;
    cache->users.put(id, shared);
    return shared;
}

std::shared_ptr<const User> UserDirectory::keep(User user, std::uint64_t changesBefore) {
    const auto id = user.id;
    auto shared = std::make_shared<const User>(std::move(user));
    auto cache = _cache.lock();
    if (cache->changes == changesBefore) cache->users.put(id, shared);
    return shared;
}

namespace {

using Look = presence::Presence::Look;

void beginUser(JsonWriter& json, const User& user) {
    json.beginObject();
    json.member("id", user.id).member("username", user.username);
    json.member("display_name", user.displayName);
    if (user.avatar.empty()) {
        json.nullMember("avatar");
    } else {
        json.member("avatar", user.avatar);
    }
    json.member("role", user.role);
}

void writeLook(JsonWriter& json, const Look& look) {
    json.member("online", look.online).timeMember("last_seen", look.online ? 0 : look.lastSeen);
}

} // namespace

void UserDirectory::writeOwn(JsonWriter& json, const User& user, Session* session) const {
    const auto presence = _presence.hold();
    // Who has closed the last connection a moment ago is still shown to others, not to himself.
    Look look{_hub.reaches(Topic::user(user.id)), 0};
    if (presence && !look.online) look.lastSeen = presence->look(user.id, session).lastSeen;
    writeLook(json, look);
    if (presence) json.member("status", presence->chosen(user.id));
    if (user.email.empty()) {
        json.nullMember("email");
    } else {
        json.member("email", user.email);
    }
}

void UserDirectory::write(JsonWriter& json, const User& user, bool own, Session* session) {
    beginUser(json, user);
    if (own) {
        writeOwn(json, user, session);
    } else if (const auto presence = _presence.hold()) {
        writeLook(json, presence->look(user.id, session));
    } else {
        writeLook(json, {_hub.reaches(Topic::user(user.id)), 0});
    }
    json.endObject();
}

void UserDirectory::writeMany(JsonWriter& json, std::span<const std::shared_ptr<const User>> users,
                              Session& session) {
    const auto presence = _presence.hold();
    std::vector<std::int64_t> ids;
    for (const auto& user : users) ids.push_back(user->id);
    const auto looks = presence ? presence->lookMany(ids, session) : std::vector<Look>();
    for (std::size_t i = 0; i < users.size(); ++i) {
        beginUser(json, *users[i]);
        writeLook(json, presence ? looks[i] : Look{_hub.reaches(Topic::user(ids[i])), 0});
        json.endObject();
    }
}

} // namespace salon::auth
