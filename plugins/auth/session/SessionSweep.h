#pragma once

#include "Entrance.h"

#include "salon/Hub.h"

#include <cstddef>

namespace salon::auth {

/// Ends the sessions that nobody used for so long that they have expired, and forgets those, and
/// the invitations, that nothing refers to any more, some hundred in a transaction, so that nobody
/// waits long behind it. With it, whoever has been disabled in the database meanwhile is found.
class SessionSweep {
public:
    SessionSweep(const Entrance& entrance, Hub& hub, std::size_t batch = 500)
        : _entrance(entrance), _hub(hub), _batch(batch) {}
    /// Any thread; returns at once.
    void run();

private:
    struct Found {
        std::vector<EndedSession> over;
        std::vector<User> disabled; ///< since the last time
    };
    Found look(Session& session, Milliseconds at) const;
    void finish(Found found, Milliseconds at);

    const Entrance& _entrance;
    Hub& _hub;
    const std::size_t _batch;
};

} // namespace salon::auth
