#include "Memory.h"

#include "Usage.h"

#include <algorithm>
#include <vector>

namespace salon::bench {

namespace {

/// Waits until two samples in a row are equal: whoever connected has come to rest.
class Rest final : public Traffic {
public:
    bool settle(Fleet& fleet, const ServerProcess& server) {
        const test::Deadline deadline(std::chrono::seconds(15));
        while (!deadline.passed()) {
            const auto sample = server.memory();
            if (sample.anonymous == last.anonymous) return true;
            last = sample;
            const test::Deadline moment(std::chrono::milliseconds(500));
            while (!moment.passed()) {
                fleet.turn(*this, std::chrono::milliseconds(moment.milliseconds()));
            }
        }
        return false;
    }
    void onFrame(std::size_t, FrameKind, std::string_view) override {}

    ServerProcess::Memory last;
};

} // namespace

MemoryResult measureMemory(Fleet& fleet, const ServerProcess& server, std::size_t count) {
    Rest before;
    before.settle(fleet, server);
    const auto start = Usage::now(server);
    fleet.connect(count, std::chrono::seconds(60));
    const auto window = Usage::now(server) - start;
    Rest after;
    MemoryResult result;
    result.settled = after.settle(fleet, server);
    const auto connections = static_cast<double>(count);
    result.bytesPerConnection =
        static_cast<double>(after.last.anonymous - before.last.anonymous) / connections;
    result.connectionsPerSecond = connections / window.clock.count();
    result.microsecondsEach = window.server * 1e6 / connections;
    result.ownShare = window.own / window.clock.count();
    return result;
}

IdleResult measureIdle(ServerProcess& server) {
    IdleResult result;
    std::vector<double> starts;
    for (int i = 0; i < 5; ++i) {
        starts.push_back(server.start().count() * 1000);
        result.bytes = std::max(result.bytes, server.memory().proportional);
        server.stop();
    }
    std::sort(starts.begin(), starts.end());
    result.readyMilliseconds = starts[starts.size() / 2];
    result.slowestMilliseconds = starts.back();
    return result;
}

} // namespace salon::bench
