#pragma once

#include "Network.h"

#include "salon/Guarded.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>

namespace salon::auth {

/// Counts registrations per network in hours that begin with a network's first one. Its memory is
/// bounded: beyond `mostAddresses` the one whose hour began first is forgotten. Any thread.
class RegistrationLimit {
public:
    using Clock = std::chrono::steady_clock;
    static constexpr std::size_t mostAddresses = 20000;

    /// `perHour` 0: no limit.
    explicit RegistrationLimit(std::int64_t perHour, std::size_t capacity = mostAddresses)
        : _perHour(perHour), _capacity(capacity) {}

    /// Counts one attempt; when there were too many it is not counted, and how long to wait is
    /// returned.
    std::optional<std::chrono::seconds> admit(const std::string& address, Clock::time_point now);
    /// Takes back one that was admitted and then came to nothing.
    void withdraw(const std::string& address);
    std::size_t addresses() { return _hours.lock()->counters.size(); }

private:
    struct Hour {
        Clock::time_point began;
        std::int64_t count = 0;
    };
    struct Hours {
        std::map<Network, Hour> counters;
        std::deque<Network> byAge; ///< every counter's key, oldest hour first
    };
    static void forgetOldest(Hours& hours);

    const std::int64_t _perHour;
    const std::size_t _capacity;
    Guarded<Hours> _hours;
};

} // namespace salon::auth
