#include "net/RequestLimit.h"

#include <algorithm>

namespace salon::net {

std::optional<std::chrono::seconds> RequestLimit::admit(const PeerAddress& client,
                                                        Clock::time_point now) {
    if (_rate == 0 || client.isLoopback()) return std::nullopt;
    const Clock::duration each = std::chrono::nanoseconds(1'000'000'000 / _rate);
    const auto network = client.network();
    auto full = _full.lock();
    const auto next = std::max(full->get(network).value_or(now), now) + each;
    if (const auto wait = next - now - each * (std::int64_t{_rate} * burst); wait > wait.zero()) {
        return std::chrono::ceil<std::chrono::seconds>(wait);
    }
    full->put(network, next);
    return std::nullopt;
}

} // namespace salon::net
