#include "session/SessionSweep.h"

#include "account/InvitationStore.h"

namespace salon::auth {

void SessionSweep::run() {
    const auto at = now();
    _entrance.store.write(
        0, [this, at](Session& session) -> Result<Found> { return look(session, at); },
        [this, at](Result<Found> found) {
            // When the database is away the next run does it.
            if (found) finish(std::move(*found), at);
        });
}

SessionSweep::Found SessionSweep::look(Session& session, Milliseconds at) const {
    InvitationStore(session).sweep(at);
    AccountStore accounts(session);
    auto disabled = accounts.disabled();
    std::erase_if(disabled, [&](std::int64_t user) { return _entrance.sessions.refuses(user); });
    return {SessionStore(session).sweep(at, _batch), accounts.findMany(disabled)};
}

void SessionSweep::finish(Found found, Milliseconds at) {
    for (const auto& user : found.disabled) _entrance.found(user);
    auto& over = found.over;
    const bool more = over.size() == _batch;
    // Most are those of people who left long ago: they have no sockets, and closing costs a walk
    // through all that there are.
    std::erase_if(over, [&](const EndedSession& session) {
        return session.accessUntil <= at && !_hub.reaches(Topic::user(session.user));
    });
    _entrance.sessions.ended(over);
    _entrance.sessions.forget(at);
    if (more) run();
}

} // namespace salon::auth
