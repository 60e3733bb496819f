#pragma once

#include <algorithm>
#include <chrono>

namespace salon::test {

/// A point in time by which something must have happened.
class Deadline {
public:
    using Clock = std::chrono::steady_clock;

    explicit Deadline(std::chrono::milliseconds within) : _at(Clock::now() + within) {}

    Clock::time_point at() const { return _at; }
    bool passed() const { return Clock::now() >= _at; }
    /// What is left, rounded up, as poll(2) and epoll_wait(2) take it; 0 once it has passed.
    int milliseconds() const {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(_at - Clock::now());
        return static_cast<int>(std::max<std::chrono::milliseconds::rep>(0, left.count()));
    }

private:
    Clock::time_point _at;
};

/// How long a test waits for what should come at once: generous, as machines are shared.
constexpr std::chrono::milliseconds patience{10'000};

} // namespace salon::test
