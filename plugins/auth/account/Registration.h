#pragma once

#include "Entrance.h"
#include "account/Application.h"
#include "account/RegistrationLimit.h"
#include "password/Password.h"

#include "salon/Bus.h"
#include "salon/Http.h"

#include <memory>

namespace salon::auth {

/// POST /api/v1/auth/register. A worker checks and reads, a hasher hashes, the lane writes and
/// answers. Where registration is closed, an invitation is used up with it.
class Registration {
public:
    Registration(const Entrance& entrance, Event<UserRegistered> registered,
                 PasswordHash::Cost cost = {});
    void handle(const HttpRequest& request, const Responder& responder);

    /// How often an address may be told in an hour that a name or an e-mail address is taken.
    static std::int64_t refusalsOf(const Options& options);

private:
    struct Attempt {
        Application application;
        std::string invitation; ///< its hash; empty when none is needed
        Origin origin;
        Delivery delivery;
        Responder responder;
    };
    struct Newcomer {
        User user;
        Ticket ticket;
    };
    void hash(const std::shared_ptr<Attempt>& attempt);
    /// The hash of the invitation that the body brings; empty when none is needed.
    Result<std::string> invitationOf(const Result<JsonValue>& body) const;
    /// Whether it can become an account as things are now.
    Result<void> check(const Attempt& attempt) const;
    /// As check(), for somebody who has not asked too often.
    Result<void> checkFor(const std::string& address, const Attempt& attempt);
    Result<Newcomer> insert(Session& session, const NewAccount& account, const Attempt& attempt,
                            Ticket ticket) const;
    void answer(const Responder& responder, const Result<Newcomer>& newcomer);

    const Entrance& _entrance;
    Event<UserRegistered> _registered;
    PasswordHash::Cost _cost;
    RegistrationLimit _limit;
};

} // namespace salon::auth
