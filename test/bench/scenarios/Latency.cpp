#include "scenarios/Latency.h"

#include "scenarios/Scenarios.h"

#include <algorithm>
#include <deque>
#include <stdexcept>

namespace salon::bench {

namespace {

using Clock = std::chrono::steady_clock;

class Metronome final : public Traffic {
public:
    Metronome(Fleet& fleet, unsigned rate, std::size_t talkers)
        : _fleet(fleet), _step(std::chrono::seconds(1)) {
        _step /= rate;
        for (std::size_t i = 0; i < talkers; ++i) {
            _partners.push_back({DirectMessage(fleet.userOf(i ^ 1)), {}});
        }
    }

    void onFrame(std::size_t client, FrameKind kind, std::string_view payload) override {
        if (kind == FrameKind::error) {
            throw std::runtime_error("a message was refused: " + std::string(payload));
        }
        if (kind != FrameKind::delivery) return;
        // One conversation keeps its order, so it is the oldest of its sender.
        auto& waiting = _partners[client ^ 1].waiting;
        if (waiting.empty()) throw std::runtime_error("a message was delivered twice");
        const std::chrono::duration<double, std::milli> took = Clock::now() - waiting.front();
        waiting.pop_front();
        --_underWay;
        ++delivered;
        latencies.push_back(took.count());
    }

    void run(std::chrono::milliseconds time) {
        _due = Clock::now();
        const auto end = _due + time;
        while (_due < end) {
            for (; _due <= Clock::now() && _due < end; _due += _step) send();
            _fleet.turn(*this, std::max<std::chrono::nanoseconds>(_due - Clock::now(), {}));
        }
    }

    void drain() {
        const test::Deadline deadline(std::chrono::seconds(30));
        while (_underWay > 0 && !deadline.passed()) {
            _fleet.turn(*this, std::chrono::milliseconds(50));
        }
    }

    std::vector<double> latencies; ///< milliseconds
    std::int64_t sent = 0;
    std::int64_t delivered = 0;

private:
    struct Partner {
        DirectMessage message;
        std::deque<Clock::time_point> waiting; ///< when what is under way was due
    };

    void send() {
        _ids.tick();
        auto& partner = _partners[_next];
        partner.waiting.push_back(_due);
        _fleet.queue(_next, partner.message.next(_ids));
        _fleet.flush(_next);
        _next = (_next + 1) % _partners.size();
        ++_underWay;
        ++sent;
    }

    Fleet& _fleet;
    Clock::duration _step;
    Clock::time_point _due{};
    MessageIds _ids;
    std::vector<Partner> _partners;
    std::size_t _next = 0;
    std::int64_t _underWay = 0;
};

} // namespace

LatencyResult measureLatency(Fleet& fleet, const ServerProcess& server, const Options& options,
                             unsigned rate, std::size_t talkers) {
    Metronome metronome(fleet, rate, talkers == 0 ? fleet.size() : talkers);
    metronome.run(options.warmUp);
    metronome.drain();
    metronome.latencies.clear();
    const auto before = Usage::now(server);
    metronome.run(options.duration);
    metronome.drain();
    LatencyResult result;
    result.window = Usage::now(server) - before;
    result.sent = metronome.sent;
    result.delivered = metronome.delivered;
    auto& all = metronome.latencies;
    if (all.empty()) throw std::runtime_error("no message was delivered");
    std::sort(all.begin(), all.end());
    result.median = all[all.size() / 2];
    result.percentile99 = all[all.size() * 99 / 100];
    result.most = all.back();
    return result;
}

void latency(Stage& stage) {
    struct Rate {
        unsigned perSecond;
        const char* text;
        std::optional<double> median, percentile99; ///< budgets, milliseconds
    };
    constexpr Rate rates[] = {{1'000, "1,000", 1, 5},
                              {10'000, "10,000", std::nullopt, std::nullopt},
                              {30'000, "30,000", std::nullopt, std::nullopt}};
    auto& site = stage.site();
    auto& report = stage.report;
    site.server.start();
    {
        Fleet fleet(site.server.port(), *site.mint);
        fleet.connect(200, std::chrono::seconds(30));
        for (const auto& rate : rates) {
            const auto result = measureLatency(fleet, site.server, stage.options, rate.perSecond);
            const auto name = std::string("delivery at ") + rate.text + " a second, ";
            report.figure(name + "p50", result.median, "ms", rate.median);
            report.figure(name + "p99", result.percentile99, "ms", rate.percentile99);
            report.plain(name + "most", result.most, "ms");
            report.check("latency", result.sent == result.delivered,
                         std::to_string(result.delivered) + " of " + std::to_string(result.sent) +
                             " messages were delivered");
            report.used(std::string("delivery at ") + rate.text, result.window);
        }
    }
    site.server.stop();
}

} // namespace salon::bench
