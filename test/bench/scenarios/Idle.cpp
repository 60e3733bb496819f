#include "scenarios/Scenarios.h"

#include <algorithm>
#include <vector>

namespace salon::bench {

void idleDaemon(Stage& stage) {
    auto& server = stage.site().server;
    std::vector<double> starts;
    std::int64_t bytes = 0;
    for (int i = 0; i < 5; ++i) {
        starts.push_back(server.start().count() * 1000);
        bytes = std::max(bytes, server.memory().proportional);
        server.stop();
    }
    std::sort(starts.begin(), starts.end());
    auto& report = stage.report;
    report.atMost("ready after its start, median", starts[starts.size() / 2], "ms", 300);
    report.plain("ready after its start, slowest", starts.back(), "ms");
    report.atMost("memory of an idle daemon", static_cast<double>(bytes) / (1 << 20), "MiB", 32);
}

} // namespace salon::bench
