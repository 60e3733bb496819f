#pragma once

#include "salon/Guarded.h"
#include "salon/Hub.h"

#include <array>
#include <cstdint>
#include <unordered_map>

namespace salon::net {

/// Which reactors have subscribers of a topic: one bit each, so that a publisher posts only where
/// somebody listens. Any thread.
class TopicTable {
public:
    using Mask = std::uint32_t;

    void add(Topic topic, unsigned reactor);
    void remove(Topic topic, unsigned reactor);
    Mask find(Topic topic) const;

private:
    static constexpr std::size_t shards = 16;
    using Shard = Guarded<std::unordered_map<std::uint64_t, Mask>>;
    Shard& shard(Topic topic) const {
        return _shards[(topic.handle * 0x9e3779b97f4a7c15ULL) >> 60];
    }
    mutable std::array<Shard, shards> _shards;
};

} // namespace salon::net
