#pragma once

#include "net/Admission.h"
#include "salon/Guarded.h"
#include "salon/Lru.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace salon::net {

/// How many HTTP requests a network may make. A network that was quiet may make `burst` seconds'
/// worth at once. What comes from the machine itself (loopback) is not counted: it is the
/// operator's, or everybody's, through a proxy that is not believed. Any thread.
class RequestLimit {
public:
    using Clock = std::chrono::steady_clock;
    static constexpr int burst = 5;
    /// Networks that are remembered; beyond them the one longest quiet starts anew.
    static constexpr std::size_t mostNetworks = 20000;

    /// `rate`: requests a second of each network; 0 is no limit.
    explicit RequestLimit(std::uint32_t rate, std::size_t capacity = mostNetworks)
        : _rate(rate), _full(capacity) {}

    /// Counts one request; or, when it is one too many, does not and says how long to wait.
    std::optional<std::chrono::seconds> admit(const PeerAddress& client, Clock::time_point now);

private:
    const std::uint32_t _rate;
    /// When each network may make a whole burst again: one number is all that a bucket needs
    /// (the generic cell rate algorithm, ITU-T I.371).
    Guarded<Lru<PeerAddress, Clock::time_point, PeerAddress::Hash>> _full;
};

} // namespace salon::net
