#include "Usage.h"
#include "client/HttpFleet.h"
#include "scenarios/Scenarios.h"

namespace salon::bench {

namespace {

constexpr std::size_t clients = 32;

void measure(Stage& stage, const std::string& name, HttpFleet::Next next) {
    auto& server = stage.site().server;
    HttpFleet fleet(server.port(), clients, std::move(next));
    fleet.run(stage.options.warmUp);
    const auto before = Usage::now(server);
    const auto result = fleet.run(stage.options.duration);
    const auto window = Usage::now(server) - before;
    auto& report = stage.report;
    report.plain(name, result.perSecond(), "1/s");
    report.plain(name + ", daemon's processor",
                 window.server * 1e6 / static_cast<double>(result.answered), "us/request");
    if (window.database) {
        report.plain(name + ", database's processor",
                     *window.database * 1e6 / static_cast<double>(result.answered), "us/request");
    }
    report.plain(name + ", p99", result.percentile(0.99), "ms");
    report.check(name, result.refused == 0,
                 std::to_string(result.refused) + " were refused, the first: " + result.refusal);
    report.used(name, window);
}

} // namespace

void requests(Stage& stage) {
    auto& site = stage.site();
    site.server.start();
    const auto tokenOf = [&](std::size_t user) {
        const auto id = static_cast<std::int64_t>(user);
        return site.mint->mint(id, id);
    };
    std::vector<std::string> tokens;
    for (std::size_t i = 0; i < clients; ++i) tokens.push_back(tokenOf(1 + i));
    // The seeds give user 1 the conversations 1 to 5, user 2 the next five, and so on.
    measure(stage, "GET .../messages", [&, count = std::size_t{0}](std::size_t client) mutable {
        const auto conversation = 5 * client + 1 + ++count % 5;
        return httpRequest("GET",
                           "/api/v1/conversations/" + std::to_string(conversation) + "/messages",
                           tokens[client]);
    });
    measure(stage, "GET .../users?q=", [&, count = std::size_t{0}](std::size_t client) mutable {
        const auto prefix = "user-" + std::to_string(1 + ++count * 7919 % seededUsers);
        return httpRequest("GET", "/api/v1/users?q=" + prefix, tokens[client]);
    });
    site.server.stop();
}

} // namespace salon::bench
