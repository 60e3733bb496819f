#pragma once

#include "Entrance.h"
#include "password/LoginMetrics.h"
#include "password/Password.h"

#include "salon/Http.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace salon::auth {

/// POST /api/v1/auth/login. A worker reads, a hasher compares, the lane writes the session and
/// answers. An unknown user, a wrong password and an account without one get the same answer, and
/// are limited alike; after the same work, too, but for an account whose hash was imported and not
/// made anew yet.
class Login {
public:
    explicit Login(const Entrance& entrance, PasswordHash::Cost cost = {},
                   LoginMetrics metrics = {});
    void handle(const HttpRequest& request, const Responder& responder);

private:
    /// Whom somebody means.
    struct Name {
        enum class Kind { username, email, nobody };
        Kind kind;
        std::string folded; ///< as it was typed for nobody
        static Name of(std::string_view login);
        std::optional<Account> find(Session& session) const;
    };
    struct Attempt {
        std::optional<Account> account;
        std::string password; ///< prepared
        Origin origin;
        Delivery delivery;
        Responder responder;
        LoginLimit::Who who;
    };
    /// What a write made of an attempt: the account as it is now, and a session, if it is not
    /// disabled and its password was not changed while the old one was compared.
    struct Opening {
        Account account;
        std::optional<Ticket> ticket;
        std::vector<EndedSession> ended; ///< for which there is no room beside the new one
    };
    void begin(Attempt attempt);
    void failed(const Attempt& attempt);
    /// For another reason than a wrong password, which is counted as its `outcome`.
    void refuse(const Attempt& attempt, const Error& error, const Counter& outcome);
    void compare(const Attempt& attempt);
    /// `rehashed` replaces the account's PHC string unless it is empty.
    void open(const Attempt& attempt, const std::string& rehashed);
    static Result<Opening> write(Session& session, const Attempt& attempt, Ticket ticket,
                                 const std::string& rehashed, const Lifetimes& lifetimes);
    void answer(Attempt attempt, const Result<Opening>& opening);

    const Entrance& _entrance;
    PasswordHash::Cost _cost;
    PasswordHash _dummy;
    const LoginMetrics _metrics;
};

} // namespace salon::auth
