#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>

namespace salon::net {

/// How many bytes of requests' bodies, or of answers, may be held at one time, of all clients
/// together. Any thread.
class ByteBudget {
public:
    /// Of each so much is not counted: what a form or a message needs is taken even while others
    /// have used up the rest.
    static constexpr std::size_t freeOfEach = 16384;

    explicit ByteBudget(std::size_t most) : _most(most) {}
    ByteBudget(const ByteBudget&) = delete;
    ByteBudget& operator=(const ByteBudget&) = delete;

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
    /// More than three quarters are held.
    bool tight() const { return held() > _most - _most / 4; }

    /// A part of it, given back with its end.
    class Share {
    public:
        Share(std::shared_ptr<ByteBudget> budget, std::size_t bytes)
            : _budget(std::move(budget)), _bytes(bytes) {}
        ~Share() { _budget->give(_bytes); }
        Share(const Share&) = delete;
        Share& operator=(const Share&) = delete;

    private:
        const std::shared_ptr<ByteBudget> _budget;
        const std::size_t _bytes;
    };
    /// Null when there is no room for so many more; what is larger than all of it is taken alone.
    static std::shared_ptr<Share> share(const std::shared_ptr<ByteBudget>& budget,
                                        std::size_t bytes) {
        bytes = std::min(bytes, budget->_most);
        return budget->take(bytes) ? std::make_shared<Share>(budget, bytes) : nullptr;
    }

private:
    const std::size_t _most;
    std::atomic<std::size_t> _held = 0;
};

} // namespace salon::net
