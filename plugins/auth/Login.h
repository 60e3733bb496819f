#pragma once

#include "Entrance.h"
#include "Password.h"

#include "salon/Http.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace salon::auth {

/// POST /api/v1/auth/login. A worker reads, a hasher compares, the lane writes the session and
/// answers. An unknown user, a wrong password and an account without one get the same answer after
/// the same work.
class Login {
public:
    explicit Login(const Entrance& entrance, PasswordHash::Cost cost = {});
    void handle(const HttpRequest& request, const Responder& responder);

private:
    struct Attempt {
        std::optional<Account> account;
        std::string password; ///< prepared
        Origin origin;
        Delivery delivery;
        Responder responder;
    };
    /// What a write made of an attempt: the account as it is now, and a session, if it is not
    /// disabled and its password was not changed while the old one was compared.
    struct Opening {
        Account account;
        std::optional<Ticket> ticket;
    };
    static std::optional<Account> find(Session& session, std::string_view login);
    void begin(Attempt attempt);
    void compare(const Attempt& attempt);
    /// `rehashed` replaces the account's PHC string unless it is empty.
    void open(const Attempt& attempt, const std::string& rehashed);
    static Result<Opening> write(Session& session, const Attempt& attempt, Ticket ticket,
                                 const std::string& rehashed, const Lifetimes& lifetimes);
    void answer(Attempt attempt, const Result<Opening>& opening);

    const Entrance& _entrance;
    PasswordHash::Cost _cost;
    PasswordHash _dummy;
};

} // namespace salon::auth
