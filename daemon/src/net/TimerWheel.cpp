#include "net/TimerWheel.h"

#include <algorithm>

namespace salon::net {

TimerWheel::TimerWheel() {
    for (auto& head : _heads) head.previous = head.next = &head;
}

void TimerWheel::arm(TimerNode& node, std::uint64_t tick) {
    node.deadline = std::max(tick, _now + 1);
    // Later than where it is linked: it moves on when that slot comes round.
    if (node.slot != 0 && node.slot <= node.deadline) return;
    if (node.slot != 0) unlink(node);
    link(node);
}

void TimerWheel::disarm(TimerNode& node) {
    if (node.slot != 0) unlink(node);
    node.deadline = 0;
}

void TimerWheel::link(TimerNode& node) {
    // Never the slot of this moment, so that a pass over a slot ends.
    node.slot = std::min(node.deadline, _now + slots - 1);
    auto& head = _heads[node.slot % slots];
    node.next = &head;
    node.previous = head.previous;
    head.previous->next = &node;
    head.previous = &node;
    ++_count;
}

void TimerWheel::unlink(TimerNode& node) {
    node.previous->next = node.next;
    node.next->previous = node.previous;
    node.previous = node.next = nullptr;
    node.slot = 0;
    --_count;
}

} // namespace salon::net
