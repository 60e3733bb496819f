#pragma once

#include "Model.h"
#include "salon/Guarded.h"
#include "salon/Lru.h"

#include <cstddef>
#include <optional>

namespace salon::conversations {

/// Which direct conversations there are and whose, as far as memory has it, so that a frame is
/// handled without the store. Nothing in it ever changes: a pair has one conversation for ever. Any
/// thread.
class DirectCache {
public:
    std::optional<Direct> byId(Id conversation) { return _tables.lock()->byId.get(conversation); }
    std::optional<Direct> byPair(Id one, Id other) {
        const auto pair = Direct::of(one, other);
        return _tables.lock()->byPair.get({pair.low, pair.high});
    }
    void put(const Direct& direct) {
        auto tables = _tables.lock();
        tables->byId.put(direct.id, direct);
        tables->byPair.put({direct.low, direct.high}, direct);
    }

private:
    static constexpr std::size_t capacity = 131072;
    struct Pair {
        Id low;
        Id high;
        bool operator==(const Pair&) const = default;
    };
    struct PairHash {
        std::size_t operator()(const Pair& pair) const {
            return static_cast<std::size_t>(Direct{0, pair.low, pair.high}.laneKey());
        }
    };
    struct Tables {
        Lru<Id, Direct> byId{capacity};
        Lru<Pair, Direct, PairHash> byPair{capacity};
    };
    Guarded<Tables> _tables;
};

} // namespace salon::conversations
