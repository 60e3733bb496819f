#include "client/Fleet.h"
#include "client/HttpFleet.h"
#include "scenarios/Latency.h"
#include "scenarios/Scenarios.h"

#include <future>
#include <stdexcept>

namespace salon::bench {

namespace {

constexpr std::size_t accounts = 8;
constexpr std::size_t talkers = 10;
constexpr unsigned talkersRate = 500; ///< messages a second
constexpr std::size_t crowd = 64;     ///< who log in again and again

std::string credentials(std::size_t account) {
    return R"({"username":"login)" + std::to_string(account) + R"(","login":"login)" +
           std::to_string(account) + R"(","password":"correct horse"})";
}

std::string request(const char* way, std::size_t account) {
    return httpRequest("POST", std::string("/api/v1/auth/") + way, {}, credentials(account));
}

} // namespace

void logins(Stage& stage) {
    auto& site = stage.site();
    auto& report = stage.report;
    site.server.start({{"auth.register_limit", "0"},
                       {"auth.login_attempts", "0"},
                       {"auth.login_attempts_per_address", "0"}});
    {
        std::size_t made = 0;
        HttpFleet registrations(site.server.port(), 1,
                                [&](std::size_t) { return request("register", made++); });
        while (made < accounts) registrations.run(std::chrono::milliseconds(1));

        Fleet fleet(site.server.port(), *site.mint);
        fleet.connect(talkers, std::chrono::seconds(30));
        const auto alone = measureLatency(fleet, site.server, stage.options, talkersRate);

        // The storm lasts a little longer than the talkers are listened to.
        auto storm = std::async(std::launch::async, [&] {
            HttpFleet many(site.server.port(), crowd,
                           [count = std::size_t{0}](std::size_t) mutable {
                               return request("login", ++count % accounts);
                           });
            return many.run(stage.options.warmUp + stage.options.duration +
                            std::chrono::seconds(1));
        });
        const auto stormy = measureLatency(fleet, site.server, stage.options, talkersRate);
        const auto result = storm.get();
        report.plain("logins by password, one hasher", result.perSecond(), "1/s");
        report.plain("talkers alone, p99", alone.percentile99, "ms");
        report.plain("talkers in a storm of logins, p99", stormy.percentile99, "ms");
        report.atMost("talkers in a storm of logins, p99 to alone",
                      stormy.percentile99 / alone.percentile99, "times", 1.2);
        report.check("logins", result.refused == 0,
                     std::to_string(result.refused) +
                         " were refused, the first: " + result.refusal);
        report.check("logins", alone.sent == alone.delivered && stormy.sent == stormy.delivered,
                     "messages were lost");
    }
    site.server.stop();
}

} // namespace salon::bench
