#include "Load.h"

#include <algorithm>

namespace salon::bench {

namespace {

class Load final : public Traffic {
public:
    Load(Fleet& fleet, unsigned inFlight) : _fleet(fleet) {
        for (std::size_t i = 0; i < fleet.size(); ++i) {
            _partners.push_back({DirectMessage(Fleet::userOf(i ^ 1)), inFlight});
        }
    }

    void begin() {
        _ids.tick();
        for (std::size_t i = 0; i < _partners.size(); ++i) {
            afterRead(i);
            _fleet.flush(i);
        }
    }

    void onFrame(std::size_t client, FrameKind kind, std::string_view payload) override {
        auto& partner = _partners[client];
        switch (kind) {
        case FrameKind::ack:
            ++result.acknowledged;
            ++partner.acknowledged;
            ++partner.due;
            break;
        case FrameKind::delivery:
            ++result.delivered;
            ++partner.delivered;
            break;
        case FrameKind::error:
            if (result.refused++ == 0) result.refusal = payload;
            ++partner.due;
            break;
        default:
            break;
        }
    }

    void afterRead(std::size_t client) override {
        auto& partner = _partners[client];
        if (_ended) return;
        result.sent += partner.due;
        for (; partner.due > 0; --partner.due) _fleet.queue(client, partner.message.next(_ids));
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
        for (std::size_t i = 0; i < _partners.size(); ++i) {
            if (_partners[i].acknowledged != _partners[i ^ 1].delivered) result.whole = false;
        }
    }

    LoadResult result;

private:
    struct Partner {
        DirectMessage message;
        unsigned due; ///< how many may be sent now
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
    std::vector<Partner> _partners;
    bool _ended = false;
};

} // namespace

LoadResult measureLoad(Fleet& fleet, const ServerProcess& server, const Options& options,
                       unsigned inFlight) {
    Load load(fleet, inFlight);
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

} // namespace salon::bench
