#pragma once

#include "salon/Lru.h"

#include "salon/Guarded.h"
#include "salon/Hub.h"
#include "salon/auth/Users.h"

#include <cstddef>
#include <string>

namespace salon::auth {

/// The service `auth.users`: accounts, of which those used last are in memory. Nothing changes an
/// account once it is made, so what is remembered stays true. Any thread.
class UserDirectory final : public Users {
public:
    /// About 400 bytes each.
    static constexpr std::size_t mostCached = 8192;

    explicit UserDirectory(const Hub& hub, std::size_t capacity = mostCached)
        : _hub(hub), _cache(capacity) {}

    std::shared_ptr<const User> find(Session& session, std::int64_t id) override;
    std::shared_ptr<const User> findByName(Session& session, std::string_view username) override;
    std::shared_ptr<const User> cached(std::int64_t id) override;
    void write(JsonWriter& json, const User& user, bool own) override;

    /// Puts somebody into memory, who is about to be asked for.
    std::shared_ptr<const User> remember(User user);

private:
    struct Cache {
        explicit Cache(std::size_t capacity) : users(capacity), ids(capacity) {}
        Lru<std::int64_t, std::shared_ptr<const User>> users;
        Lru<std::string, std::int64_t> ids; ///< by folded username, of those that were asked for so
    };

    const Hub& _hub;
    Guarded<Cache> _cache;
};

} // namespace salon::auth
