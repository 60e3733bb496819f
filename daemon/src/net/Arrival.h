#pragma once

#include <chrono>
#include <cstdint>

namespace salon::net {

/// When the frame came whose consequences this thread is working on: set by the reactor that has
/// read it, taken along by its write, set again by the lane that tells what it did. So a frame on
/// its way out knows how long the way was.
class Arrival {
public:
    /// Nanoseconds of std::chrono::steady_clock; 0: of no frame.
    using Time = std::uint64_t;

    explicit Arrival(Time time) : _before(_current) { _current = time; }
    ~Arrival() { _current = _before; }
    Arrival(const Arrival&) = delete;
    Arrival& operator=(const Arrival&) = delete;

    static Time current() { return _current; }
    static Time now() {
        const auto time = std::chrono::steady_clock::now().time_since_epoch();
        return static_cast<Time>(
            std::chrono::duration_cast<std::chrono::nanoseconds>(time).count());
    }

private:
    static inline thread_local Time _current = 0;
    const Time _before;
};

} // namespace salon::net
