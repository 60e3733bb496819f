#pragma once

#include "session/SessionStore.h"

#include "salon/Guarded.h"
#include "salon/Hub.h"
#include "salon/Principal.h"
#include "salon/Time.h"

#include <cstdint>
#include <span>
#include <unordered_map>
#include <unordered_set>

namespace salon::auth {

/// Whom to refuse although the access token is a good one: sessions that have ended, remembered
/// until no access token of theirs is valid any more, and users who are disabled. Small, because
/// access tokens are short-lived and few people are disabled. Any thread.
class Sessions {
public:
    explicit Sessions(Hub& hub) : _hub(hub) {}

    /// What ended, and who was disabled, before this process began.
    void load(Session& session, Milliseconds at);
    bool admits(const Principal& principal);
    /// Whether this user is refused, as far as this process knows.
    bool refuses(std::int64_t user) { return _refused.lock()->users.contains(user); }
    /// From now on these are refused, and their sockets are closed with 4401. To be called after
    /// their end is durable.
    void ended(std::span<const EndedSession> sessions);
    /// What somebody has found an account to be; one that is disabled loses its sockets. Returns
    /// whether that is news.
    bool found(std::int64_t user, bool disabled);
    /// Forgets those whose access tokens have all expired at `at`.
    void forget(Milliseconds at);

private:
    struct Refused {
        std::unordered_map<std::int64_t, Milliseconds> sessions; ///< to their accessUntil
        std::unordered_set<std::int64_t> users;
    };

    Hub& _hub;
    Guarded<Refused> _refused;
};

} // namespace salon::auth
