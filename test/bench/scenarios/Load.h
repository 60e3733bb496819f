#pragma once

#include "Options.h"
#include "ServerProcess.h"
#include "Usage.h"
#include "client/Fleet.h"

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

    /// Of the daemon's processor, a message.
    double microsecondsEach() const;
    /// For whoever must know why it is not whole.
    std::string counts() const;
};

/// Whom a client sends its next message to, by the number of messages that it has sent: the index
/// of another client of the fleet.
using Partner = std::size_t (*)(std::size_t client, std::size_t sent);

/// Pairs: 1 and 2, 3 and 4, and so on.
std::size_t inPairs(std::size_t client, std::size_t sent);

/// Throughput, closed loop: the fleet's clients send each other direct messages, each with
/// `inFlight` not yet acknowledged at any time.
/// @param partners how many each has at most: `partner` comes back to the first after so many
LoadResult measureLoad(Fleet& fleet, const ServerProcess& server, const Options& options,
                       unsigned inFlight, Partner partner = inPairs, std::size_t partners = 1);

} // namespace salon::bench
