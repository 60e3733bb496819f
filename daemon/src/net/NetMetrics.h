#pragma once

#include "net/RouteMetrics.h"
#include "salon/Ending.h"
#include "salon/Metrics.h"

#include <array>
#include <cstddef>

namespace salon::net {

/// What is told of the sockets.
struct NetMetrics {
    /// Counts nothing.
    NetMetrics() = default;
    explicit NetMetrics(Metrics& metrics);

    std::array<Gauge, 3> connections; ///< by SocketConnection::State but the last
    Counter accepted;
    Counter serverFull;
    Counter addressFull;
    Counter outOfDescriptors;
    Counter receivedBytes;
    Counter sentBytes;
    Counter opened; ///< WebSockets
    std::array<Counter, endings> ended;
    Histogram delivery;
    // Routes that reactors answer by themselves, and what no route takes.
    RouteMetrics live;
    RouteMetrics ready;
    RouteMetrics unrouted;
};

} // namespace salon::net
