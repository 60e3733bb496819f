#include "scenarios/Load.h"

#include "scenarios/Scenarios.h"
#include "store/Seed.h"

#include <algorithm>

namespace salon::bench {

double LoadResult::microsecondsEach() const {
    return window.server * 1e6 /
           static_cast<double>(std::max<std::int64_t>(1, acknowledgedInWindow));
}

std::string LoadResult::counts() const {
    return "sent " + std::to_string(sent) + ", acknowledged " + std::to_string(acknowledged) +
           ", delivered " + std::to_string(delivered) + ", refused " + std::to_string(refused) +
           " " + refusal;
}

namespace {

class Load final : public Traffic {
public:
    Load(Fleet& fleet, unsigned inFlight, Partner partner, std::size_t partners) : _fleet(fleet) {
        for (std::size_t i = 0; i < fleet.size(); ++i) {
            auto& sender = _senders.emplace_back();
            sender.due = inFlight;
            for (std::size_t sent = 0; sent < partners; ++sent) {
                sender.messages.emplace_back(fleet.userOf(partner(i, sent)));
            }
        }
    }

    void begin() {
        _ids.tick();
        for (std::size_t i = 0; i < _senders.size(); ++i) {
            afterRead(i);
            _fleet.flush(i);
        }
    }

    void onFrame(std::size_t client, FrameKind kind, std::string_view payload) override {
        auto& sender = _senders[client];
        switch (kind) {
        case FrameKind::ack:
            ++result.acknowledged;
            ++sender.acknowledged;
            ++sender.due;
            break;
        case FrameKind::delivery:
            ++result.delivered;
            ++sender.delivered;
            break;
        case FrameKind::error:
            if (result.refused++ == 0) result.refusal = payload;
            ++sender.due;
            break;
        default:
            break;
        }
    }

    void afterRead(std::size_t client) override {
        auto& sender = _senders[client];
        if (_ended) return;
        result.sent += sender.due;
        for (; sender.due > 0; --sender.due) {
            _fleet.queue(client, sender.messages[sender.next].next(_ids));
            sender.next = sender.next + 1 == sender.messages.size() ? 0 : sender.next + 1;
        }
    }

    /// Goes on so long, with what is due sent at once.
    void run(std::chrono::milliseconds time) {
        const test::Deadline deadline(time);
        while (!deadline.passed()) turn();
    }

    /// Sends nothing more and waits for what is still on its way.
    void drain() {
        _ended = true;
        const test::Deadline deadline(std::chrono::seconds(30));
        while (!settled() && !deadline.passed()) turn();
        result.whole = settled() && result.refused == 0;
        for (std::size_t i = 0; i < _senders.size() && _senders[i].messages.size() == 1; ++i) {
            if (_senders[i].acknowledged != _senders[i ^ 1].delivered) result.whole = false;
        }
    }

    LoadResult result;

private:
    struct Sender {
        std::vector<DirectMessage> messages; ///< one for each partner
        std::size_t next = 0;
        unsigned due = 0; ///< how many may be sent now
        std::int64_t acknowledged = 0;
        std::int64_t delivered = 0;
    };

    bool settled() const {
        return result.acknowledged + result.refused >= result.sent &&
               result.delivered >= result.acknowledged;
    }

    void turn() {
        _ids.tick();
        _fleet.turn(*this, std::chrono::milliseconds(50));
    }

    Fleet& _fleet;
    MessageIds _ids;
    std::vector<Sender> _senders;
    bool _ended = false;
};

} // namespace

std::size_t inPairs(std::size_t client, std::size_t) {
    return client ^ 1;
}

LoadResult measureLoad(Fleet& fleet, const ServerProcess& server, const Options& options,
                       unsigned inFlight, Partner partner, std::size_t partners) {
    Load load(fleet, inFlight, partner, partners);
    load.begin();
    load.run(options.warmUp);
    const auto before = Usage::now(server);
    const auto atStart = load.result;
    load.run(options.duration);
    load.result.window = Usage::now(server) - before;
    load.result.acknowledgedInWindow = load.result.acknowledged - atStart.acknowledged;
    load.result.deliveredInWindow = load.result.delivered - atStart.delivered;
    load.drain();
    return load.result;
}

namespace {

void measure(Stage& stage, const std::string& name, std::size_t pairs, unsigned inFlight,
             std::optional<double> budget) {
    auto& site = stage.site();
    auto& report = stage.report;
    const auto rowsBefore = countMessages(*site.database);
    const auto bytesBefore = site.database->bytes();
    site.server.start();
    LoadResult result;
    {
        Fleet fleet(site.server.port(), *site.mint);
        fleet.connect(pairs * 2, std::chrono::seconds(60));
        result = measureLoad(fleet, site.server, stage.options, inFlight);
    }
    site.server.stop();
    const auto rows = countMessages(*site.database) - rowsBefore;
    const auto bytes = site.database->bytes() - bytesBefore;

    const auto seconds = result.window.clock.count();
    const auto rate = static_cast<double>(result.acknowledgedInWindow) / seconds;
    if (budget) {
        report.atLeast(name + ", acks", rate, "1/s", *budget);
    } else {
        report.plain(name + ", acks", rate, "1/s");
    }
    report.plain(name + ", deliveries", static_cast<double>(result.deliveredInWindow) / seconds,
                 "1/s");
    report.plain(name + ", daemon's processor", result.microsecondsEach(), "us/message");
    if (const auto database = result.window.database) {
        report.plain(name + ", database's processor",
                     *database * 1e6 / static_cast<double>(result.acknowledgedInWindow),
                     "us/message");
    }
    report.plain(name + ", on disk",
                 static_cast<double>(bytes) / static_cast<double>(std::max<std::int64_t>(1, rows)),
                 "bytes/message");
    report.used(name, result.window);
    report.check(name, result.whole && rows == result.acknowledged,
                 result.counts() + ", stored " + std::to_string(rows));
}

} // namespace

void load(Stage& stage) {
    // The budget is SQLite's.
    const auto budget = stage.options.store == "sqlite" ? std::optional(60'000.0) : std::nullopt;
    measure(stage, "direct messages, 100 pairs", 100, 16, budget);
}

void manyPairs(Stage& stage) {
    constexpr std::size_t wanted = 10'000;
    const auto pairs = roomFor(stage, wanted * 2) / 2;
    measure(stage, "direct messages, many pairs", pairs, 1, std::nullopt);
    stage.report.note("many pairs: " + std::to_string(pairs) + " of " + std::to_string(wanted) +
                      ", as many as both processes have descriptors for; one message in flight "
                      "each");
}

} // namespace salon::bench
