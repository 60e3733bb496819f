#pragma once

#include "session/RefreshToken.h"

#include "salon/Store.h"
#include "salon/Time.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace salon::auth {

/// From where somebody comes.
struct Origin {
    std::string address;
    std::string userAgent;
};

/// How long what a session is given lasts.
struct Lifetimes {
    std::chrono::seconds access{900};
    std::chrono::seconds refresh{30 * 86400};
};

/// A session as its refresh token sees it.
struct Renewable {
    std::int64_t id = 0;
    std::int64_t user = 0;
    Milliseconds expiresAt = 0;
    std::string hash;   ///< of the valid token
    std::string before; ///< of the one that it replaced, or empty
    Milliseconds refreshedAt = 0;
};

/// A session that is over, and until when an access token of it may still be around.
struct EndedSession {
    std::int64_t id = 0;
    std::int64_t user = 0;
    Milliseconds accessUntil = 0;
    bool operator==(const EndedSession&) const = default;
};

/// A session as its owner sees it.
struct ListedSession {
    std::int64_t id = 0;
    Milliseconds createdAt = 0;
    Milliseconds lastUsedAt = 0;
    Origin origin; ///< of its last use
};

/// All the SQL of sessions, over one session with the database. The functions throw
/// Poco::Data::DataException when the database fails.
class SessionStore {
public:
    /// Of one account at the same time: a login ends those that were used longest ago.
    static constexpr std::size_t mostAlive = 200;

    explicit SessionStore(Session& session) : _session(session) {}

    /// The new session's id; nullopt when there is no such user or it is disabled.
    std::optional<std::int64_t> open(std::int64_t user, const Origin& origin,
                                     const RefreshToken& token, Milliseconds at,
                                     const Lifetimes& lifetimes);
    std::optional<Renewable> findFamily(const std::string& familyHash);
    /// The session goes on: used at `at` by `origin`, which gets an access token. False when it is
    /// over.
    bool touch(std::int64_t id, const Origin& origin, Milliseconds at, const Lifetimes& lifetimes);
    /// `fresh` is valid from now on instead of `old`. False when the session is over.
    bool rotate(std::int64_t id, const RefreshToken& fresh, const RefreshToken& old,
                Milliseconds at, const Lifetimes& lifetimes);
    bool alive(std::int64_t user, std::int64_t id, Milliseconds at);
    /// Revokes it; nullopt when the user has no such session alive.
    std::optional<EndedSession> end(std::int64_t user, std::int64_t id, Milliseconds at);
    /// Revokes all of the user but `except`.
    std::vector<EndedSession> endOthers(std::int64_t user, std::int64_t except, Milliseconds at);
    /// Revokes those alive but the `most` that were used last.
    std::vector<EndedSession> endOldest(std::int64_t user, std::size_t most, Milliseconds at);
    /// Those alive, the one used last first.
    std::vector<ListedSession> list(std::int64_t user, Milliseconds at, std::size_t most);
    /// The addresses from which those alive were used last.
    std::vector<std::string> addresses(std::int64_t user, Milliseconds at);
    /// Up to `most` that are over: gone from the table if no access token of theirs is valid, and
    /// otherwise revoked, unless they are so already.
    std::vector<EndedSession> sweep(Milliseconds at, std::size_t most);
    /// Those that are over, with an access token that is not.
    std::vector<EndedSession> endedWithAccess(Milliseconds at);

private:
    Session& _session;
};

} // namespace salon::auth
