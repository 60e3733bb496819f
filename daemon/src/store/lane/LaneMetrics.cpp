#include "store/lane/LaneMetrics.h"

namespace salon::store {

LaneMetrics LaneMetrics::of(Metrics& metrics, const std::string& lane) {
    const Metric::Labels labels{{"lane", lane}};
    const auto writes = [&](const char* outcome) {
        return metrics.counter({"salon_lane_writes_total",
                                "Writes that a lane has ended, by what became of them.",
                                {{"lane", lane}, {"outcome", outcome}}});
    };
    return {
        metrics.gauge({"salon_lane_waiting", "Writes that wait for a lane.", labels}),
        metrics.counter(
            {"salon_lane_refused_total", "Writes that a lane had no room for.", labels}),
        writes("committed"),
        writes("unavailable"),
        writes("failed"),
        metrics.histogram({"salon_lane_batch_writes", "Writes in one batch of a lane.", labels},
                          {{1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 4096}}),
        metrics.histogram({"salon_lane_batch_seconds",
                           "How long a batch took, from its hooks to its answers.", labels},
                          Buckets::latency()),
        metrics.histogram({"salon_lane_commit_seconds", "How long COMMIT took.", labels},
                          Buckets::latency()),
    };
}

} // namespace salon::store
