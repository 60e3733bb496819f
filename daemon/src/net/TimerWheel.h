#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace salon::net {

/// A node of a TimerWheel; the object that waits is one of these.
struct TimerNode {
    TimerNode* previous = nullptr;
    TimerNode* next = nullptr;
    std::uint64_t deadline = 0; ///< tick at which it is due; 0: not waiting
    std::uint64_t slot = 0;     ///< tick of the slot in which it is linked
};

/// Deadlines of tens of thousands of connections for the price of a store: moving a deadline
/// further away, which every received byte does, only writes it; the node is moved when its old
/// slot comes round. One thread.
class TimerWheel {
public:
    static constexpr std::uint64_t tickMilliseconds = 100;

    TimerWheel();

    /// Sets or moves a deadline to `tick`.
    void arm(TimerNode& node, std::uint64_t tick);
    void disarm(TimerNode& node);
    bool empty() const { return _count == 0; }

    /// Calls `due(node)` for nodes whose deadline is not after `tick`, at most `most` of them; each
    /// is disarmed first. @returns whether none is left: otherwise the next call goes on there
    template <class F> bool advance(std::uint64_t tick, std::size_t most, F&& due) {
        while (_now < tick) {
            ++_now;
            // A whole lap without a look is one look at every slot.
            if (tick - _now > slots) _now = tick - slots;
            auto& head = _heads[_now % slots];
            // Taken one by one: what is called may disarm others of the same slot.
            while (head.next != &head) {
                auto& node = *head.next;
                if (node.deadline <= tick && most-- == 0) {
                    --_now; // the rest of this slot is looked at again
                    return false;
                }
                unlink(node);
                if (node.deadline > tick) {
                    link(node);
                } else {
                    node.deadline = 0;
                    due(node);
                }
            }
        }
        return true;
    }

private:
    static constexpr std::size_t slots = 512;
    void link(TimerNode& node);
    void unlink(TimerNode& node);

    std::array<TimerNode, slots> _heads;
    std::uint64_t _now = 0;
    std::size_t _count = 0;
};

} // namespace salon::net
