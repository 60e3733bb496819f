#include "client/HttpFleet.h"
#include "scenarios/Load.h"
#include "scenarios/Scenarios.h"
#include "store/Seed.h"

#include <iostream>

namespace salon::bench {

namespace {

constexpr std::int64_t people = 200;
constexpr std::int64_t each = 100; ///< conversations of each; one message each from the start
constexpr std::int64_t conversations = people * each / 2;
constexpr std::chrono::milliseconds loadTime{3'000};

/// The `each` next to somebody in the ring of the seeds, half of them on either side.
std::size_t around(std::size_t client, std::size_t sent) {
    constexpr auto half = static_cast<std::size_t>(each / 2);
    constexpr auto ring = static_cast<std::size_t>(people);
    return (client + (sent < half ? sent + 1 : ring - (sent - half + 1))) % ring;
}

struct Point {
    double microseconds = 0; ///< of the daemon's processor, a message
    HttpResult pages;
};

Point measure(Stage& stage, Site& site) {
    Point point;
    auto options = stage.options;
    options.duration = loadTime;
    site.server.start();
    {
        // In the order of no conversation: its pages are found as they lie.
        HttpFleet readers(site.server.port(), 4, [&, count = std::int64_t{0}](std::size_t) mutable {
            const auto conversation = 1 + ++count * 7919 % conversations;
            const auto member = 1 + (conversation - 1) / (each / 2);
            return httpRequest("GET",
                               "/api/v1/conversations/" + std::to_string(conversation) +
                                   "/messages?limit=50",
                               site.mint->mint(member, member));
        });
        point.pages = readers.run(loadTime);
        Fleet fleet(site.server.port(), *site.mint);
        fleet.connect(static_cast<std::size_t>(people), std::chrono::seconds(30));
        const auto result =
            measureLoad(fleet, site.server, options, 16, around, static_cast<std::size_t>(each));
        point.microseconds = result.microsecondsEach();
        stage.report.check("growth", result.whole, result.counts());
        stage.report.check("growth", point.pages.refused == 0, point.pages.refusal);
        stage.report.used("growth", result.window);
    }
    site.server.stop();
    return point;
}

} // namespace

void growth(Stage& stage) {
    struct Size {
        std::int64_t rows;
        const char* text;
    };
    constexpr Size sizes[] = {
        {10'000, "10 thousand"}, {1'000'000, "1 million"}, {10'000'000, "10 million"}};
    Site site(stage.options, stage.core);
    site.prepare();
    seedPeople(*site.database, people, people, each);
    std::optional<Point> first;
    Point last;
    const char* largest = "";
    for (const auto& size : sizes) {
        if (stage.options.quick && size.rows > 1'000'000) break;
        const auto begin = std::chrono::steady_clock::now();
        const auto missing = size.rows - countMessages(*site.database);
        if (missing >= conversations) {
            seedMessages(*site.database, conversations, missing / conversations);
        }
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
        std::cerr << "  seeded " << missing << " messages in " << took.count() << " s\n";
        last = measure(stage, site);
        if (!first) first = last;
        largest = size.text;
        stage.report.plain(std::string("a message over ") + size.text + ", daemon's processor",
                           last.microseconds, "us/message");
    }
    const std::string rows(largest);
    stage.report.atMost("a message over " + rows + " to one over 10 thousand",
                        last.microseconds / first->microseconds, "times", 1.3);
    stage.report.plain("newest 50 of a conversation, over " + rows + ", p50",
                       last.pages.percentile(0.5), "ms");
    stage.report.atMost("newest 50 of a conversation, over " + rows + ", p99",
                        last.pages.percentile(0.99), "ms", 5);
    stage.report.plain("newest 50 of a conversation, over " + rows, last.pages.perSecond(), "1/s");
}

} // namespace salon::bench
