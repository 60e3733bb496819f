#include "client/HttpFleet.h"
#include "scenarios/Scenarios.h"
#include "store/Seed.h"

#include <iostream>

namespace salon::bench {

void search(Stage& stage) {
    const std::int64_t users = stage.options.quick ? 100'000 : 1'000'000;
    const auto text = std::string(stage.options.quick ? "100,000" : "a million") + " users";
    Site site(stage.options, stage.core);
    site.prepare();
    const auto begin = std::chrono::steady_clock::now();
    seedPeople(*site.database, 2, 0);
    seedDirectory(*site.database, users);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    std::cerr << "  seeded " << text << " in " << took.count() << " s\n";
    site.server.start();
    // It compares its directory with the accounts.
    site.server.waitForRest();
    {
        const auto token = site.mint->mint(1, 1);
        // The start of a name, from one letter to all, and then the start of a second one.
        HttpFleet fleet(site.server.port(), 4, [&, count = std::int64_t{0}](std::size_t) mutable {
            const auto number = ++count * 7919;
            auto name = given(number % names) + "+" + family(number / 7 % names);
            if (count % 2 == 0) name = family(number % names);
            name.resize(
                std::min<std::size_t>(name.size(), 1 + static_cast<std::size_t>(count / 2 % 10)));
            return httpRequest("GET", "/api/v1/users?q=" + name, token);
        });
        fleet.run(stage.options.warmUp);
        const auto result = fleet.run(stage.options.duration);
        auto& report = stage.report;
        report.plain("search by prefix among " + text + ", p50", result.percentile(0.5), "ms");
        report.atMost("search by prefix among " + text + ", p99", result.percentile(0.99), "ms", 5);
        report.plain("search by prefix among " + text, result.perSecond(), "1/s");
        report.check("search", result.refused == 0,
                     std::to_string(result.refused) +
                         " were refused, the first: " + result.refusal);
    }
    site.server.stop();
}

} // namespace salon::bench
