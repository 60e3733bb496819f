#include "bus/EventQueue.h"

#include <pthread.h>

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

namespace salon {

EventQueue::EventQueue(std::size_t capacity, Gauge depth) : _capacity(capacity), _depth(depth) {
    *_thread.lock() = std::thread([this] { work(); });
}

EventQueue::~EventQueue() {
    stop();
}

void EventQueue::push(std::function<void()> deliver) {
    bool wake = false;
    {
        auto state = _state.lock();
        if (std::this_thread::get_id() != _worker.load(std::memory_order_relaxed)) {
            _taken.wait(state.lock(),
                        [&] { return state->stopping || state->waiting.size() < _capacity; });
            if (state->stopping) return;
        }
        state->waiting.push_back(std::move(deliver));
        wake = std::exchange(state->idle, false);
    }
    _depth.add(1);
    if (wake) _pushed.notify_one();
}

void EventQueue::stop() {
    {
        auto state = _state.lock();
        state->stopping = true;
    }
    _pushed.notify_all();
    _taken.notify_all();
    auto thread = _thread.lock();
    if (thread->joinable()) thread->join();
}

void EventQueue::work() {
    // Few enough that the bound stays a bound, enough to make the lock cheap.
    constexpr std::ptrdiff_t most = 256;
    _worker.store(std::this_thread::get_id(), std::memory_order_relaxed);
    pthread_setname_np(pthread_self(), "events");
    std::vector<std::function<void()>> taken;
    for (;;) {
        taken.clear();
        {
            auto state = _state.lock();
            auto& waiting = state->waiting;
            state->idle = waiting.empty();
            _pushed.wait(state.lock(), [&] { return state->stopping || !waiting.empty(); });
            state->idle = false;
            if (waiting.empty()) return;
            const auto end = waiting.begin() + std::min<std::ptrdiff_t>(most, std::ssize(waiting));
            std::move(waiting.begin(), end, std::back_inserter(taken));
            waiting.erase(waiting.begin(), end);
        }
        _taken.notify_all();
        _depth.add(-std::ssize(taken));
        for (const auto& deliver : taken) deliver();
    }
}

} // namespace salon
