#pragma once

#include "Entrance.h"
#include "password/Password.h"

#include "salon/Http.h"

#include <memory>
#include <string>

namespace salon::auth {

/// PUT /api/v1/auth/password. A hasher compares and hashes, the lane writes and ends every other
/// session of the user. Guessing the current one is limited as at a login.
class PasswordChange {
public:
    explicit PasswordChange(const Entrance& entrance, PasswordHash::Cost cost = {})
        : _entrance(entrance), _cost(cost) {}
    void handle(const HttpRequest& request, const Responder& responder);

private:
    struct Attempt {
        Principal principal;
        std::string stored;  ///< a PHC string
        std::string current; ///< prepared, as `fresh`
        std::string fresh;
        Responder responder;
        LoginLimit::Who who;
    };
    void compare(const Attempt& attempt);
    void failed(const Attempt& attempt);
    /// For another reason than a wrong password.
    void refuse(const Attempt& attempt, const Error& error);
    void store(const Attempt& attempt, std::string phc);

    const Entrance& _entrance;
    PasswordHash::Cost _cost;
};

} // namespace salon::auth
