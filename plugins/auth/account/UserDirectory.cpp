#include "account/UserDirectory.h"

#include "account/AccountStore.h"
#include "account/Username.h"

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
    for (const auto id : ids) {
        users.push_back(cached(id));
        if (users.back()) continue;
        auto user = AccountStore(session).find(id);
        if (user) users.back() = std::make_shared<const User>(std::move(*user));
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

void UserDirectory::writePresence(JsonWriter& json, const User& user, bool own,
                                  Session* session) const {
    const auto presence = _presence.hold();
    const bool connected = (own || !presence) && _hub.reaches(Topic::user(user.id));
    const auto look = presence && !connected ? presence->look(user.id, session)
                                             : presence::Presence::Look{connected, 0};
    // Who has closed the last connection a moment ago is still shown to others, not to himself.
    const bool online = own ? connected : look.online;
    json.member("online", online).timeMember("last_seen", online ? 0 : look.lastSeen);
    if (own && presence) json.member("status", presence->chosen(user.id));
}

void UserDirectory::write(JsonWriter& json, const User& user, bool own, Session* session) {
    json.beginObject();
    json.member("id", user.id).member("username", user.username);
    json.member("display_name", user.displayName);
    if (user.avatar.empty()) {
        json.nullMember("avatar");
    } else {
        json.member("avatar", user.avatar);
    }
    json.member("role", user.role);
    writePresence(json, user, own, session);
    if (own) {
        if (user.email.empty()) {
            json.nullMember("email");
        } else {
            json.member("email", user.email);
        }
    }
    json.endObject();
}

} // namespace salon::auth
