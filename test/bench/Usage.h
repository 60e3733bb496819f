#pragma once

#include "ServerProcess.h"

#include <chrono>

namespace salon::bench {

/// How much time had gone by, on the clock and on both sides' processors; two of them make a
/// window.
struct Usage {
    std::chrono::duration<double> clock;
    double own = 0;    ///< processor seconds of the generator
    double server = 0; ///< processor seconds of the daemon

    static Usage now(const ServerProcess& server);
    Usage operator-(const Usage& before) const {
        return {clock - before.clock, own - before.own, server - before.server};
    }
};

} // namespace salon::bench
