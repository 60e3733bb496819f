#pragma once

#include "salon/Metrics.h"

#include <string>

namespace salon::store {

/// What is told of one lane.
struct LaneMetrics {
    Gauge waiting;
    Counter refused;
    Counter committed;
    Counter unavailable;
    Counter failed;
    Histogram batch;  ///< writes in one
    Histogram whole;  ///< from taking a batch to the last of its answers
    Histogram commit; ///< COMMIT alone

    static LaneMetrics of(Metrics& metrics, const std::string& lane);
};

} // namespace salon::store
