#pragma once

#include "salon/Frames.h"
#include "salon/Metrics.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace salon::net {

/// The frame types of `/ws`, their handlers, and what is counted of them; filled before the sockets
/// open, then only read.
class FrameTable {
public:
    struct Entry {
        std::string plugin;
        FrameHandler handler;
        Counter received;
    };

    /// Without `metrics` nothing is counted.
    explicit FrameTable(Metrics* metrics = nullptr);

    /// @throws std::logic_error naming both plugins when the type is taken
    void add(const std::string& plugin, std::string type, FrameHandler handler);
    /// Null for an unknown type.
    const Entry* find(std::string_view type) const;
    /// Every type that has a handler, `ping` included, which needs none.
    std::vector<std::string> types() const;
    /// Frames of that type are counted by it when they are sent.
    void addSent(const std::string& type);
    /// Counts a frame that is put into an outbox.
    void countSent(const SharedFrame& frame) const {
        _sent[frame.kind() == 0 ? recognize(frame) : frame.kind()].add();
    }

    Counter pings;   ///< received, of the type that the daemon itself answers
    Counter unknown; ///< of no known type
    Counter invalid; ///< without a type, or no JSON object
    Counter limited; ///< over the rate
    // Messages at other paths, which have no types.
    Counter otherReceived;
    Counter otherSent;

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const {
            return std::hash<std::string_view>()(text);
        }
    };
    template <class Value>
    using Table = std::unordered_map<std::string, Value, Hash, std::equal_to<>>;

    Counter receivedCounter(const std::string& type) const;
    Counter sentCounter(const std::string& type) const;
    std::uint16_t recognize(const SharedFrame& frame) const;

    Metrics* const _metrics;
    Table<Entry> _handlers;
    Table<std::uint16_t> _kinds;
    std::vector<Counter> _sent; ///< by kind; 0 is not used
};

} // namespace salon::net
