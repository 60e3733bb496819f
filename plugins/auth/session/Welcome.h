#pragma once

#include "account/UserDirectory.h"

#include "salon/Frames.h"

#include <chrono>
#include <string>

namespace salon::auth {

/// Opens every WebSocket connection: subscribes it to its user and sends `welcome`, both in one
/// turn of its reactor, so that from that frame on nothing is missed.
class Welcome {
public:
    Welcome(UserDirectory& users, std::chrono::milliseconds heartbeat);
    void open(Connection& connection);

private:
    /// `user` null: there is none.
    void greet(Connection& connection, const User* user);

    UserDirectory& _users;
    std::string _heartbeat; ///< seconds, as JSON
};

} // namespace salon::auth
