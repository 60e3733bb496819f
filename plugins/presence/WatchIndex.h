#pragma once

#include "salon/Hub.h"
#include "salon/SeededHash.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

namespace salon::presence {

/// Which connections have asked to be told of whom, both ways. Each end of a link knows where the
/// other end is, so that a link goes in constant time however many watch somebody; both ends take
/// 24 bytes. One thread at a time.
class WatchIndex {
public:
    /// One end of a link: who is at the other, and where there this end is known. In 32-bit halves,
    /// because 12 bytes are a quarter less than 16.
    class End {
    public:
        End(std::uint64_t other, std::uint32_t place)
            : _low(static_cast<std::uint32_t>(other)),
              _high(static_cast<std::uint32_t>(other >> 32)), _place(place) {}
        std::uint64_t other() const { return std::uint64_t{_high} << 32 | _low; }
        ConnectionId connection() const { return ConnectionId{other()}; }
        std::int64_t user() const { return static_cast<std::int64_t>(other()); }
        std::uint32_t place() const { return _place; }
        void move(std::uint32_t place) { _place = place; }

    private:
        std::uint32_t _low;
        std::uint32_t _high;
        std::uint32_t _place;
    };

    /// Replaces whom a connection watches: each once.
    void set(ConnectionId connection, const std::vector<std::int64_t>& users);
    /// It has not asked.
    void erase(ConnectionId connection);
    /// Whether it has asked, be it for nobody.
    bool has(ConnectionId connection) const { return _watched.contains(connection); }
    /// The connections that watch somebody.
    std::span<const End> watchersOf(std::int64_t user) const;
    /// How many users are watched.
    std::size_t size() const { return _watchers.size(); }

private:
    using Ends = std::vector<End>;
    std::unordered_map<ConnectionId, Ends> _watched;
    std::unordered_map<std::int64_t, Ends, SeededHash> _watchers;
};

} // namespace salon::presence
