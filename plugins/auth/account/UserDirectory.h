#pragma once

#include "salon/Lru.h"

#include "salon/Bus.h"
#include "salon/Guarded.h"
#include "salon/Hub.h"
#include "salon/auth/Users.h"
#include "salon/presence/Presence.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace salon::auth {

/// The service `auth.users`: accounts, of which those used last are in memory. Whoever changes one
/// says so; what a reader read while that happened is not kept, for it may be older. Any thread.
class UserDirectory final : public Users {
public:
    /// About 400 bytes each.
    static constexpr std::size_t mostCached = 8192;

    explicit UserDirectory(const Hub& hub, std::size_t capacity = mostCached)
        : _hub(hub), _cache(capacity) {}

    std::shared_ptr<const User> find(Session& session, std::int64_t id) override;
    std::shared_ptr<const User> findByName(Session& session, std::string_view username) override;
    std::vector<std::shared_ptr<const User>> findMany(Session& session,
                                                      std::span<const std::int64_t> ids) override;
    std::vector<User> list(Session& session, std::int64_t after, std::int64_t limit) override;
    std::shared_ptr<const User> cached(std::int64_t id) override;
    void write(JsonWriter& json, const User& user, bool own, Session* session = nullptr) override;
    void writeMany(JsonWriter& json, std::span<const std::shared_ptr<const User>> users,
                   Session& session) override;

    /// Asked who is there, once it is; without it whoever has a connection is.
    void ask(ServiceRef<presence::Presence> presence) { _presence = std::move(presence); }

    /// Puts somebody into memory as a write found him; on its lane, after its commit.
    std::shared_ptr<const User> remember(User user);
    /// The same for one whom the write has changed.
    std::shared_ptr<const User> changed(User user);

private:
    std::shared_ptr<const User> keep(User user, std::uint64_t changesBefore);

    struct Cache {
        explicit Cache(std::size_t capacity) : users(capacity), ids(capacity) {}
        Lru<std::int64_t, std::shared_ptr<const User>> users;
        std::uint64_t changes = 0;
        Lru<std::string, std::int64_t> ids; ///< by folded username, of those that were asked for so
    };

    void writeOwn(JsonWriter& json, const User& user, Session* session) const;

    const Hub& _hub;
    ServiceRef<presence::Presence> _presence;
    Guarded<Cache> _cache;
};

} // namespace salon::auth
