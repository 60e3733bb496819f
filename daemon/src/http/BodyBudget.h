#pragma once

#include <atomic>
#include <cstddef>

namespace salon::net {

/// How many bytes of request bodies may be held at one time, of all clients together. Any thread.
class BodyBudget {
public:
    /// Of each body so much is not counted: what a form or a message needs is taken even while
    /// others have used up the rest.
    static constexpr std::size_t freeOfEach = 16384;

    explicit BodyBudget(std::size_t most) : _most(most) {}
    BodyBudget(const BodyBudget&) = delete;
    BodyBudget& operator=(const BodyBudget&) = delete;

    /// False, and nothing is counted, when there is no room for so many more.
    bool take(std::size_t bytes) {
        auto held = this->held();
        do {
            if (bytes > _most - held) return false;
        } while (!_held.compare_exchange_weak(held, held + bytes, std::memory_order_relaxed));
        return true;
    }
    /// As many as were taken, once they are not held any more.
    void give(std::size_t bytes) { _held.fetch_sub(bytes, std::memory_order_relaxed); }
    std::size_t held() const { return _held.load(std::memory_order_relaxed); }

private:
    const std::size_t _most;
    std::atomic<std::size_t> _held = 0;
};

} // namespace salon::net
