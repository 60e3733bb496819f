#pragma once

#include "ServerProcess.h"

#include <chrono>
#include <optional>
#include <string>

namespace salon::bench {

/// How much time had gone by, on the clock and on each side's processors; two of them make a
/// window.
struct Usage {
    std::chrono::duration<double> clock;
    double own = 0;                 ///< processor seconds of the generator
    double server = 0;              ///< processor seconds of the daemon
    std::optional<double> database; ///< of a database server that the bench has started

    static Usage now(const ServerProcess& server);
    Usage operator-(const Usage& before) const;
    /// Who used how much of a core: "the daemon used 37 % of a core, the generator 12 %".
    std::string told() const;
};

} // namespace salon::bench
