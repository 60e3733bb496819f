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
    const auto more = static_cast<double>(count - fleet.size());
    const auto before = Usage::now(server);
    fleet.connect(count, std::chrono::seconds(60));
    const auto window = Usage::now(server) - before;
    const auto name = "new connections, token checked, to " + std::to_string(count);
    stage.report.atLeast(name, more / window.clock.count(), "1/s", 10'000);
    stage.report.plain(name + ", daemon's processor", window.server * 1e6 / more, "us");
    stage.report.used(name, window);
}

/// What the heartbeats of all cost.
void rest(Stage& stage, Idleness& idleness, Fleet& fleet, const ServerProcess& server,
          std::chrono::seconds heartbeat) {
    // Each is pinged and answers.
    const auto before = Usage::now(server);
    idleness.last(fleet, heartbeat);
    const auto window = Usage::now(server) - before;
    stage.report.plain(std::to_string(fleet.size()) + " idle connections, a heartbeat in " +
                           std::to_string(heartbeat.count()) + " s, daemon's processor",
                       window.server / window.clock.count() * 100, "% of a core");
}

} // namespace

void connections(Stage& stage) {
    constexpr std::size_t some = 10'000;
    const auto many = roomFor(stage, 20'000);
    auto& site = stage.site();
    auto& server = site.server;
    const std::chrono::seconds heartbeat(stage.options.quick ? 5 : 25);
    server.start({{"ws.heartbeat", std::to_string(heartbeat.count()) + "s"}});
    {
        // From one address a kernel looks long for the last free ports.
        Fleet fleet(server.port(), *site.mint,
                    {.sources = {"127.0.1.1", "127.0.1.2", "127.0.1.3", "127.0.1.4"}});
        Idleness idleness;
        auto& report = stage.report;
        const auto none = idleness.settle(fleet, stage, server);
        connect(stage, fleet, server, some);
        const auto first = idleness.settle(fleet, stage, server);
        report.atMost("memory of an idle connection, of 10,000",
                      static_cast<double>(first - none) / some / 1024, "KiB", 1.5);

        rest(stage, idleness, fleet, server, heartbeat);

        connect(stage, fleet, server, many);
        const auto second = idleness.settle(fleet, stage, server);
        report.atMost("memory of an idle connection, from 10,000 to " + std::to_string(many),
                      static_cast<double>(second - first) / static_cast<double>(many - some) / 1024,
                      "KiB", 1.5);
    }
    server.stop();
}

} // namespace salon::bench
