#pragma once

#include "Entrance.h"

#include "salon/Http.h"
#include "salon/Log.h"

#include <optional>
#include <vector>

namespace salon::auth {

/// POST /api/v1/auth/refresh. The refresh token is answered the way it came, replaced by its
/// successor. The one before it gets the same answer for a while, so that two tabs, or a client
/// whose answer was lost, end with one valid token; later its use means that there is a copy, and
/// ends the session.
class Refresh {
public:
    Refresh(const Entrance& entrance, Log& log) : _entrance(entrance), _log(log) {}
    void handle(const HttpRequest& request, const Responder& responder);

private:
    struct Attempt {
        RefreshToken token;
        std::vector<RefreshToken> successors; ///< by each key, newest first
        Origin origin;
        Delivery delivery;
    };
    /// What became of an attempt: `stolen` alone, a `user` who is disabled, or a user and a ticket.
    struct Outcome {
        std::optional<User> user;
        std::optional<Ticket> ticket;
        std::optional<EndedSession> stolen;
    };
    void renew(std::int64_t user, Attempt attempt, const Responder& responder);
    Result<Outcome> apply(Session& session, const Attempt& attempt) const;
    void answer(const Responder& responder, const Attempt& attempt, const Result<Outcome>& outcome);

    const Entrance& _entrance;
    Log& _log;
};

} // namespace salon::auth
