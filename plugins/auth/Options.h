#pragma once

#include "password/LoginLimit.h"
#include "session/SessionStore.h"

#include "salon/Settings.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace salon::auth {

enum class EmailRule { off, optional, required };

/// The `auth.` keys, and `http.origins`, read once at the start.
struct Options {
    std::string keyFile;
    Lifetimes lifetimes;
    std::chrono::milliseconds refreshGrace{30000};
    std::vector<std::string> origins; ///< that may use a cookie beside the daemon's own
    bool registrationOpen = true;
    EmailRule email = EmailRule::optional;
    std::size_t passwordLeast = 8;          ///< code points
    std::int64_t registrationsPerHour = 20; ///< of one address; 0: no limit
    LoginLimit::Rule loginLimit;
    unsigned hashers = 1;        ///< threads
    std::size_t hashQueue = 256; ///< logins and registrations that may wait

    static void declare(Settings& settings);
    static Options read(const Configuration& configuration);
};

} // namespace salon::auth
