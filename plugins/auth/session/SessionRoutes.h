#pragma once

#include "Entrance.h"

#include "salon/Http.h"
#include "salon/Principal.h"

namespace salon::auth {

/// Leaving, and looking after one's sessions: POST /api/v1/auth/logout, GET /api/v1/auth/sessions,
/// DELETE /api/v1/auth/sessions/{id}.
class SessionRoutes {
public:
    SessionRoutes(const Entrance& entrance, Authenticator& authenticator)
        : _entrance(entrance), _authenticator(authenticator) {}
    void addTo(Routes& routes);

    /// By the access token, or else by the cookie.
    void logout(const HttpRequest& request, const Responder& responder);
    void list(const HttpRequest& request, const Responder& responder);
    void end(const HttpRequest& request, const Responder& responder);

private:
    Result<Principal> leaving(const HttpRequest& request);
    /// Answers `done`, or `missing` when the user has no such session.
    void revoke(const Principal& principal, const Responder& responder, const Error& missing,
                const HttpResponse& done);

    const Entrance& _entrance;
    Authenticator& _authenticator;
};

} // namespace salon::auth
