#include "host/TimerHeap.h"

#include "host/Reason.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace salon {

TimerHeap::TimerHeap(Log& log, std::function<void()> wake, std::function<Clock::time_point()> now)
    : _log(log), _wake(std::move(wake)), _now(std::move(now)) {}

TimerHeap::Owner TimerHeap::newOwner(std::string plugin) {
    auto state = _state.lock();
    state->owners.push_back(std::move(plugin));
    return state->owners.size();
}

void TimerHeap::add(Owner owner, std::chrono::milliseconds delay, bool repeated,
                    std::function<void()> fn) {
    if (delay < std::chrono::milliseconds(repeated ? 1 : 0)) {
        throw std::logic_error("a timer of less than a millisecond");
    }
    // The clock counts nanoseconds in 64 bits: an absurd delay must not overflow into the past.
    const auto waits = std::min<std::chrono::milliseconds>(delay, std::chrono::hours(24 * 36500));
    {
        auto state = _state.lock();
        if (state->owners.at(owner - 1).empty()) return;
        const auto order = state->order++;
        push(*state, {_now() + waits, order, owner,
                      repeated ? waits : std::chrono::milliseconds::zero(), std::move(fn)});
    }
    _wake();
}

void TimerHeap::withdraw(Owner owner) {
    std::vector<Timer> ended; // what the functions hold is destroyed outside the lock
    auto state = _state.lock();
    state->owners.at(owner - 1).clear();
    auto& heap = state->heap;
    const auto kept = std::partition(heap.begin(), heap.end(),
                                     [&](const Timer& timer) { return timer.owner != owner; });
    std::move(kept, heap.end(), std::back_inserter(ended));
    heap.erase(kept, heap.end());
    std::make_heap(heap.begin(), heap.end(), std::greater<>());
}

std::optional<TimerHeap::Clock::time_point> TimerHeap::run() {
    // The time is read once: a timer that is due again at once waits for the next turn of the loop.
    const auto now = _now();
    while (auto timer = takeDue(now)) {
        const auto plugin = pluginOf(timer->owner);
        if (plugin.empty()) continue;
        call(*timer, plugin);
        if (timer->interval == std::chrono::milliseconds::zero()) continue;
        const auto missed = (now - timer->due) / timer->interval;
        timer->due += timer->interval * (missed + 1);
        auto state = _state.lock();
        if (!state->owners[timer->owner - 1].empty()) push(*state, std::move(*timer));
    }
    auto state = _state.lock();
    if (state->heap.empty()) return std::nullopt;
    return state->heap.front().due;
}

void TimerHeap::push(State& state, Timer timer) {
    state.heap.push_back(std::move(timer));
    std::push_heap(state.heap.begin(), state.heap.end(), std::greater<>());
}

std::optional<TimerHeap::Timer> TimerHeap::takeDue(Clock::time_point now) {
    auto state = _state.lock();
    auto& heap = state->heap;
    if (heap.empty() || heap.front().due > now) return std::nullopt;
    std::pop_heap(heap.begin(), heap.end(), std::greater<>());
    auto timer = std::move(heap.back());
    heap.pop_back();
    return timer;
}

void TimerHeap::call(const Timer& timer, const std::string& plugin) {
    try {
        timer.fn();
    } catch (...) {
        _log.error("a timer failed", {{"plugin", plugin}, {"reason", currentReason()}});
    }
}

std::string TimerHeap::pluginOf(Owner owner) {
    return _state.lock()->owners.at(owner - 1);
}

PluginTimers::PluginTimers(TimerHeap& heap, std::string plugin)
    : _heap(heap), _owner(heap.newOwner(std::move(plugin))) {}

PluginTimers::~PluginTimers() {
    withdraw();
}

void PluginTimers::every(std::chrono::milliseconds interval, std::function<void()> fn) {
    _heap.add(_owner, interval, true, std::move(fn));
}

void PluginTimers::once(std::chrono::milliseconds delay, std::function<void()> fn) {
    _heap.add(_owner, delay, false, std::move(fn));
}

void PluginTimers::withdraw() {
    _heap.withdraw(_owner);
}

} // namespace salon
