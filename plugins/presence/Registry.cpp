#include "Registry.h"

#include "PresenceStore.h"

namespace salon::presence {

Registry::Registry(Host& host)
    : people(host.configuration().duration("presence.grace")), store(host.store()), hub(host.hub()),
      log(host.log()), run(now()), _contacts(host.bus().service<conversations::Contacts>()) {
    store.read([&](Session& session) {
        auto known = people.lock();
        for (const auto& [user, status] : PresenceStore(session, run).chosen()) {
            known->remember(user, status);
        }
    });
}

Presence::Look Registry::look(std::int64_t user, Session* session) {
    const auto known = people.lock()->look(user);
    if (known && known->shown != Shown::offline) return {true, 0};
    if (known && known->lastSeen) return {false, *known->lastSeen};
    return {false, session ? lastSeen(*session, user) : 0};
}

std::vector<Presence::Look> Registry::lookMany(std::span<const std::int64_t> users,
                                               Session& session) {
    std::vector<Look> looks;
    std::vector<std::int64_t> away;
    for (const auto user : users) {
        looks.push_back(look(user, nullptr));
        if (!looks.back().online && looks.back().lastSeen == 0) away.push_back(user);
    }
    const auto seen = lastSeen(session, away);
    for (std::size_t i = 0; i < users.size(); ++i) {
        const auto found = seen.find(users[i]);
        if (found != seen.end()) looks[i].lastSeen = found->second;
    }
    return looks;
}

std::string_view Registry::chosen(std::int64_t user) {
    return word(people.lock()->chosen(user));
}

std::vector<std::int64_t> Registry::contacts(Session& session, std::int64_t user) const {
    const auto service = _contacts.hold();
    return service ? service->contacts(session, user) : std::vector<std::int64_t>();
}

Milliseconds Registry::lastSeen(Session& session, std::int64_t user) const {
    return PresenceStore(session, run).lastSeen(user);
}

std::unordered_map<std::int64_t, Milliseconds>
Registry::lastSeen(Session& session, std::span<const std::int64_t> users) const {
    return PresenceStore(session, run).lastSeen(users);
}

} // namespace salon::presence
