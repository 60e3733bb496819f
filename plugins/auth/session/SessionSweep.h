#pragma once

#include "session/Sessions.h"

#include "salon/Hub.h"
#include "salon/Store.h"

#include <cstddef>

namespace salon::auth {

/// Ends the sessions that nobody used for so long that they have expired, and forgets those, and
/// the invitations, that nothing refers to any more, some hundred in a transaction, so that nobody
/// waits long behind it.
class SessionSweep {
public:
    SessionSweep(Store& store, Hub& hub, Sessions& sessions, std::size_t batch = 500)
        : _store(store), _hub(hub), _sessions(sessions), _batch(batch) {}
    /// Any thread; returns at once.
    void run();

private:
    void finish(std::vector<EndedSession> over, Milliseconds at);

    Store& _store;
    Hub& _hub;
    Sessions& _sessions;
    const std::size_t _batch;
};

} // namespace salon::auth
