#pragma once

#include "SessionStore.h"

#include "salon/Guarded.h"
#include "salon/Hub.h"
#include "salon/Principal.h"
#include "salon/Time.h"

#include <cstdint>
#include <span>
#include <unordered_map>

namespace salon::auth {

/// Whom to refuse although the access token is a good one: sessions that have ended, remembered
/// until no access token of theirs is valid any more. Small, because access tokens are short-lived.
/// Any thread.
class Sessions {
public:
    explicit Sessions(Hub& hub) : _hub(hub) {}

    /// Those that ended before this process began.
    void load(Session& session, Milliseconds at);
    bool admits(const Principal& principal);
    /// From now on these are refused, and their sockets are closed with 4401. To be called after
    /// their end is durable.
    void ended(std::span<const EndedSession> sessions);
    /// Forgets those whose access tokens have all expired at `at`.
    void forget(Milliseconds at);

private:
    using Ended = std::unordered_map<std::int64_t, Milliseconds>; ///< session to accessUntil

    Hub& _hub;
    Guarded<Ended> _ended;
};

} // namespace salon::auth
