#pragma once

#include "Options.h"
#include "ServerProcess.h"
#include "Usage.h"
#include "client/Fleet.h"

namespace salon::bench {

struct LatencyResult {
    std::int64_t sent = 0;
    std::int64_t delivered = 0;
    double median = 0; ///< milliseconds
    double percentile99 = 0;
    double most = 0;
    Usage window;
};

/// Latency, open loop: `rate` messages a second go out by the clock, whatever comes back, and each
/// is measured from the moment at which it was due to the moment at which its receiver has read it.
/// The fleet's clients are pairs as in measureLoad(). Warm-up is not counted.
/// @param talkers how many of the clients, an even number; 0: all
LatencyResult measureLatency(Fleet& fleet, const ServerProcess& server, const Options& options,
                             unsigned rate, std::size_t talkers = 0);

} // namespace salon::bench
