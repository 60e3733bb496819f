#include "Usage.h"
#include "client/Fleet.h"
#include "scenarios/Scenarios.h"

namespace salon::bench {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t watchers = 200;
constexpr std::size_t pace = 1'000; ///< who come, and then go, in a second

/// Counts what the watchers are told.
class Watchers final : public Traffic {
public:
    void onFrame(std::size_t, FrameKind, std::string_view payload) override {
        constexpr std::string_view entry = "\"status\":";
        for (auto at = payload.find(entry); at != std::string_view::npos;
             at = payload.find(entry, at + entry.size())) {
            ++entries;
        }
    }

    std::size_t entries = 0;
};

class Silence final : public Traffic {
public:
    void onFrame(std::size_t, FrameKind, std::string_view) override {}
};

struct Crowd {
    std::size_t size;
    Fleet& seen;
    Fleet& watching;
    Watchers watchers;
    Silence silence;

    /// Does `step` for each of the crowd by the clock.
    template <class Step> void goOn(Step step) {
        const auto begin = Clock::now();
        for (std::size_t done = 0; done < size;) {
            const std::chrono::duration<double> passed = Clock::now() - begin;
            const auto due = std::min(size, static_cast<std::size_t>(passed.count() * pace) + 1);
            for (; done < due; ++done) step(done);
            turn();
        }
    }

    /// Waits until the watchers were told of so many. @returns seconds, or nothing
    std::optional<double> wait(std::size_t entries) {
        const auto begin = Clock::now();
        const test::Deadline deadline(std::chrono::seconds(30));
        while (watchers.entries < entries) {
            if (deadline.passed()) return std::nullopt;
            turn();
        }
        return std::chrono::duration<double>(Clock::now() - begin).count();
    }

    void rest(std::chrono::milliseconds time) {
        const test::Deadline deadline(time);
        while (!deadline.passed()) turn();
    }

    void turn() {
        seen.turn(silence, std::chrono::milliseconds(1));
        watching.turn(watchers, std::chrono::milliseconds(1));
    }
};

/// The crowd's frame for a watcher: all of it.
std::string watchFrame(std::size_t crowd) {
    std::string frame = R"({"type":"watch","users":[)";
    for (std::size_t i = 0; i < crowd; ++i) {
        if (i > 0) frame += ',';
        frame += std::to_string(watchers + 1 + i);
    }
    return clientFrame(1, frame + "]}");
}

} // namespace

void presence(Stage& stage) {
    const std::size_t crowd = stage.options.quick ? 2'000 : 10'000;
    const auto name = std::to_string(crowd);
    const auto time = " in " + std::to_string(crowd / pace) + " s, 200 watch, daemon's processor";
    auto& site = stage.site();
    auto& report = stage.report;
    site.server.start({{"presence.max_watch", std::to_string(crowd)}, {"presence.grace", "1s"}});
    {
        Fleet watching(site.server.port(), *site.mint);
        Fleet seen(site.server.port(), *site.mint, {.firstUser = watchers + 1});
        Crowd people{crowd, seen, watching, {}, {}};
        watching.connect(watchers, std::chrono::seconds(30));
        const auto frame = watchFrame(crowd);
        for (std::size_t i = 0; i < watchers; ++i) {
            watching.queue(i, frame);
            watching.flush(i);
        }
        const auto all = watchers * crowd;
        const bool told = people.wait(all).has_value(); // the answers
        // Before it chose its own, a watcher was told of those it shares a conversation with.
        people.rest(std::chrono::seconds(1));
        people.watchers.entries = 0;

        const auto before = Usage::now(site.server);
        people.goOn([&](std::size_t) { seen.open(); });
        const auto came = people.wait(all);
        const auto middle = Usage::now(site.server);
        people.goOn([&](std::size_t i) { seen.drop(i); });
        const auto went = people.wait(2 * all);
        const auto after = Usage::now(site.server);

        const auto coming = middle - before;
        const auto going = after - middle;
        report.plain(name + " come" + time, coming.server / coming.clock.count() * 100,
                     "% of a core");
        report.plain(name + " go" + time, going.server / going.clock.count() * 100, "% of a core");
        report.plain("presence, one told of one change, daemon's processor",
                     (after - before).server * 1e6 / static_cast<double>(2 * all), "us");
        report.plain("presence, from the last one's coming to the last one told",
                     came.value_or(0) * 1000, "ms");
        report.check("presence", told && came && went && people.watchers.entries == 2 * all,
                     "the watchers were told of " + std::to_string(people.watchers.entries) +
                         " changes, not " + std::to_string(2 * all));
        report.used("presence", after - before);
    }
    site.server.stop();
}

} // namespace salon::bench
