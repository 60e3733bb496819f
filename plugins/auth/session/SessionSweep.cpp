#include "session/SessionSweep.h"

#include "account/InvitationStore.h"

namespace salon::auth {

void SessionSweep::run() {
    const auto at = now();
    using Over = std::vector<EndedSession>;
    _store.write(
        0,
        [at, batch = _batch](Session& session) -> Result<Over> {
            InvitationStore(session).sweep(at);
            return SessionStore(session).sweep(at, batch);
        },
        [this, at](Result<Over> over) {
            // When the database is away the next run does it.
            if (over) finish(std::move(*over), at);
        });
}

void SessionSweep::finish(std::vector<EndedSession> over, Milliseconds at) {
    const bool more = over.size() == _batch;
    // Most are those of people who left long ago: they have no sockets, and closing costs a walk
    // through all that there are.
    std::erase_if(over, [&](const EndedSession& session) {
        return session.accessUntil <= at && !_hub.reaches(Topic::user(session.user));
    });
    _sessions.ended(over);
    _sessions.forget(at);
    if (more) run();
}

} // namespace salon::auth
