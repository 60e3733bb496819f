#include "session/Sessions.h"

#include "account/AccountStore.h"

namespace salon::auth {

namespace {

/// A clock may be set back a little.
constexpr Milliseconds leeway = 60'000;

} // namespace

void Sessions::load(Session& session, Milliseconds at) {
    auto refused = _refused.lock();
    for (const auto& known : SessionStore(session).endedWithAccess(at)) {
        refused->sessions.emplace(known.id, known.accessUntil);
    }
    for (const auto user : AccountStore(session).disabled()) refused->users.insert(user);
}

bool Sessions::admits(const Principal& principal) {
    auto refused = _refused.lock();
    return !refused->sessions.contains(principal.session) &&
           !refused->users.contains(principal.user);
}

bool Sessions::found(std::int64_t user, bool disabled) {
    auto refused = _refused.lock();
    if (!disabled) return refused->users.erase(user) > 0;
    if (!refused->users.insert(user).second) return false;
    _hub.closeSession(user, 0, Ending::sessionEnded);
    return true;
}

void Sessions::ended(std::span<const EndedSession> sessions) {
    {
        auto refused = _refused.lock();
        for (const auto& session : sessions) {
            refused->sessions.emplace(session.id, session.accessUntil);
        }
    }
    // A socket that is being opened meanwhile was admitted and counted in one turn of its reactor:
    // either it is closed by this, or its token is looked at afterwards.
    for (const auto& session : sessions) {
        _hub.closeSession(session.user, session.id, Ending::sessionEnded);
    }
}

void Sessions::forget(Milliseconds at) {
    std::erase_if(_refused.lock()->sessions,
                  [at](const auto& entry) { return entry.second + leeway <= at; });
}

} // namespace salon::auth
