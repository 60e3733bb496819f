#pragma once

#include "Fleet.h"
#include "Options.h"
#include "ServerProcess.h"
#include "Usage.h"

#include <cstdint>
#include <string>

namespace salon::bench {

struct LoadResult {
    std::int64_t sent = 0;
    std::int64_t acknowledged = 0;
    std::int64_t delivered = 0;
    std::int64_t refused = 0;
    std::string refusal; ///< the first one
    /// Whether what each client sent was acknowledged to it and delivered to its partner, once.
    bool whole = false;

    Usage window; ///< of the measured time, without warm-up and end
    std::int64_t acknowledgedInWindow = 0;
    std::int64_t deliveredInWindow = 0;
};

/// Throughput, closed loop: the fleet's clients are pairs (1 and 2, 3 and 4, …) that send each
/// other direct messages, each with `inFlight` not yet acknowledged at any time.
LoadResult measureLoad(Fleet& fleet, const ServerProcess& server, const Options& options,
                       unsigned inFlight);

} // namespace salon::bench
