#include "Usage.h"
#include "client/Fleet.h"
#include "scenarios/Scenarios.h"

namespace salon::bench {

namespace {

/// What a crowd of idle clients does: it answers pings, which the fleet sees to.
class Idleness final : public Traffic {
public:
    void onFrame(std::size_t, FrameKind, std::string_view) override {}

    void last(Fleet& fleet, std::chrono::milliseconds time) {
        const test::Deadline deadline(time);
        while (!deadline.passed()) {
            fleet.turn(*this, std::chrono::milliseconds(deadline.milliseconds()));
        }
    }

    /// Until two samples in a row are equal. @returns the last one, anonymous bytes
    std::int64_t settle(Fleet& fleet, Stage& stage, const ServerProcess& server) {
        const test::Deadline deadline(std::chrono::seconds(15));
        for (std::int64_t before = -1; !deadline.passed();) {
            const auto bytes = server.memory().anonymous;
            if (bytes == before) return bytes;
            before = bytes;
            last(fleet, std::chrono::milliseconds(500));
        }
        stage.report.check("connections", false, "the daemon's memory did not come to rest");
        return server.memory().anonymous;
    }
};

void connect(Stage& stage, Fleet& fleet, const ServerProcess& server, std::size_t count) {
    const auto before = Usage::now(server);
    fleet.connect(count, std::chrono::seconds(60));
    const auto window = Usage::now(server) - before;
    const auto connections = static_cast<double>(count);
    const auto seconds = window.clock.count();
    stage.report.atLeast("new connections, token checked", connections / seconds, "1/s", 10'000);
    stage.report.plain("new connection, daemon's processor", window.server * 1e6 / connections,
                       "us");
    stage.report.note("new connections: the daemon used " + percent(window.server / seconds) +
                      " of a core, the generator " + percent(window.own / seconds));
}

} // namespace

void connections(Stage& stage) {
    constexpr std::size_t some = 10'000;
    const auto many = roomFor(stage, 20'000);
    auto& site = stage.site();
    auto& server = site.server;
    server.start();
    {
        Fleet fleet(server.port(), *site.mint);
        Idleness idleness;
        auto& report = stage.report;
        const auto none = idleness.settle(fleet, stage, server);
        connect(stage, fleet, server, some);
        const auto first = idleness.settle(fleet, stage, server);
        report.atMost("memory of an idle connection, of 10,000",
                      static_cast<double>(first - none) / some / 1024, "KiB", 1.5);

        // Longer than a heartbeat, so that each is pinged and answers.
        const auto before = Usage::now(server);
        idleness.last(fleet, std::chrono::seconds(30));
        const auto window = Usage::now(server) - before;
        report.plain("10,000 idle connections, daemon's processor",
                     window.server / window.clock.count() * 100, "% of a core");

        fleet.connect(many, std::chrono::seconds(60));
        const auto second = idleness.settle(fleet, stage, server);
        report.atMost("memory of an idle connection, from 10,000 to " + std::to_string(many),
                      static_cast<double>(second - first) / static_cast<double>(many - some) / 1024,
                      "KiB", 1.5);
    }
    server.stop();
}

} // namespace salon::bench
