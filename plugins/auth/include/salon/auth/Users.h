#pragma once

#include "salon/Json.h"
#include "salon/Store.h"
#include "salon/Time.h"
#include "salon/Visibility.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace salon::auth {

/// An account as everybody may see it; never changed in place.
struct User {
    std::int64_t id = 0;
    std::string username; ///< as it was registered
    std::string displayName;
    std::string avatar; ///< `#rrggbb`, or empty
    std::string role;   ///< `user`, `moderator`, `admin`
    std::string email;  ///< empty when there is none; only its owner sees it
    bool disabled = false;
    Milliseconds createdAt = 0;
};

/// The service `auth.users`: who there is.
class SALON_API Users {
public:
    static constexpr const char* name = "auth.users";
    virtual ~Users() = default;

    /// Null when there is no such user. Disabled users are found. Reads through a cache.
    virtual std::shared_ptr<const User> find(Session& session, std::int64_t id) = 0;
    /// By username, compared in folded form; null also for what no username can be.
    virtual std::shared_ptr<const User> findByName(Session& session, std::string_view username) = 0;
    /// Of each id in turn, as find(). Whom memory does not have is read and not remembered: a list
    /// must not push out those who are talking.
    virtual std::vector<std::shared_ptr<const User>>
    findMany(Session& session, std::span<const std::int64_t> ids) = 0;
    /// The next accounts behind `after` in order of id, at most `limit`, read past the cache.
    virtual std::vector<User> list(Session& session, std::int64_t after, std::int64_t limit) = 0;
    /// From memory only: any thread, never waits; null when it is not there.
    virtual std::shared_ptr<const User> cached(std::int64_t id) = 0;
    /// The wire's User object as the next value. `online` and `last_seen` are as the plugin
    /// presence has them; `session` null: from memory only, so that somebody offline may lack
    /// `last_seen`. One's own has `email` and the chosen `status` as well, and says truly whether
    /// one is there. Any thread; waits for nothing without a session.
    virtual void write(JsonWriter& json, const User& user, bool own,
                       Session* session = nullptr) = 0;
    /// The same of many others, one after the other as an array's elements; none is null. What the
    /// store must be asked it is asked about all together.
    virtual void writeMany(JsonWriter& json, std::span<const std::shared_ptr<const User>> users,
                           Session& session) = 0;
};

/// Hook: an account was made or changed, durably, or has logged in, which may be the first that is
/// known of it here, and whoever did it is not answered yet. For those
/// who must know before anybody can ask. On a lane: a handler must not wait. Nothing can be refused
/// any more.
struct AccountWritten {
    static constexpr const char* name = "account.written";
    std::int64_t user = 0;
};

/// Somebody registered; durable.
struct UserRegistered {
    static constexpr const char* name = "user.registered";
    std::int64_t user = 0;
    std::string username;
};

/// A user's display name, avatar, address or role is another one, or the account was disabled or
/// enabled; durable. `auth.users` gives the new state already.
struct UserChanged {
    static constexpr const char* name = "user.changed";
    std::int64_t user = 0;
};

} // namespace salon::auth
