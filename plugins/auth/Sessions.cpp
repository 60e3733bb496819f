#include "Sessions.h"

namespace salon::auth {

namespace {

/// A clock may be set back a little.
constexpr Milliseconds leeway = 60'000;

} // namespace

void Sessions::load(Session& session, Milliseconds at) {
    for (const auto& known : SessionStore(session).endedWithAccess(at)) {
        _ended.lock()->emplace(known.id, known.accessUntil);
    }
}

bool Sessions::admits(const Principal& principal) {
    return !_ended.lock()->contains(principal.session);
}

void Sessions::ended(std::span<const EndedSession> sessions) {
    {
        auto ended = _ended.lock();
        for (const auto& session : sessions) ended->emplace(session.id, session.accessUntil);
    }
    // A socket that is being opened meanwhile was admitted and counted in one turn of its reactor:
    // either it is closed by this, or its token is looked at afterwards.
    for (const auto& session : sessions) {
        _hub.closeSession(session.user, session.id, Ending::sessionEnded);
    }
}

void Sessions::forget(Milliseconds at) {
    std::erase_if(*_ended.lock(), [at](const auto& entry) { return entry.second + leeway <= at; });
}

} // namespace salon::auth
