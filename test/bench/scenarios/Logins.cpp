#include "client/Fleet.h"
#include "client/HttpFleet.h"
#include "scenarios/Latency.h"
#include "scenarios/Scenarios.h"

#include <algorithm>
#include <future>
#include <vector>

namespace salon::bench {

namespace {

constexpr std::size_t accounts = 8;
constexpr std::size_t talkers = 10;
constexpr unsigned talkersRate = 500; ///< messages a second
constexpr std::size_t crowd = 16;     ///< who log in again and again: hashing never rests
/// How often the talkers are heard alone and in a storm by turns: what the disk does meanwhile
/// would otherwise be taken for what the storm does.
constexpr int rounds = 5;

std::string credentials(std::size_t account) {
    return R"({"username":"login)" + std::to_string(account) + R"(","login":"login)" +
           std::to_string(account) + R"(","password":"correct horse"})";
}

std::string request(const char* way, std::size_t account) {
    return httpRequest("POST", std::string("/api/v1/auth/") + way, {}, credentials(account));
}

/// What talkers felt in each round.
struct Felt {
    std::vector<double> percentiles; ///< the 99th, milliseconds
    bool whole = true;

    void add(const LatencyResult& result) {
        percentiles.push_back(result.percentile99);
        whole = whole && result.sent == result.delivered;
    }
    double median() {
        std::sort(percentiles.begin(), percentiles.end());
        return percentiles[percentiles.size() / 2];
    }
};

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
        HttpFleet many(site.server.port(), crowd, [count = std::size_t{0}](std::size_t) mutable {
            return request("login", ++count % accounts);
        });
        auto options = stage.options;
        options.duration /= rounds;
        options.warmUp /= 4;
        Felt alone;
        Felt stormy;
        std::vector<double> rates;
        const auto before = Usage::now(site.server);
        for (int round = 0; round < rounds; ++round) {
            alone.add(measureLatency(fleet, site.server, options, talkersRate));
            // As long as the talkers are listened to.
            auto storm = std::async(std::launch::async,
                                    [&] { return many.run(options.warmUp + options.duration); });
            stormy.add(measureLatency(fleet, site.server, options, talkersRate));
            const auto result = storm.get();
            rates.push_back(result.perSecond());
            report.check("logins", result.refused == 0,
                         std::to_string(result.refused) +
                             " were refused, the first: " + result.refusal);
        }
        report.used("logins", Usage::now(site.server) - before);
        report.plain("logins by password, one hasher", rates.back(), "1/s");
        report.plain("talkers alone, p99", alone.median(), "ms");
        report.plain("talkers in a storm of logins, p99", stormy.median(), "ms");
        report.atMost("talkers in a storm of logins, p99 to alone",
                      stormy.median() / alone.median(), "times", 1.2);
        report.check("logins", alone.whole && stormy.whole, "messages were lost");
    }
    site.server.stop();
}

} // namespace salon::bench
