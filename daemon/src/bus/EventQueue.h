#pragma once

#include "salon/Guarded.h"
#include "salon/Metrics.h"

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <thread>

namespace salon {

/// What has happened, on its way to the handlers: bounded, in order, on one thread named `events`.
class EventQueue {
public:
    /// `depth` has the events that wait.
    explicit EventQueue(std::size_t capacity, Gauge depth = {});
    ~EventQueue();
    EventQueue(const EventQueue&) = delete;
    EventQueue& operator=(const EventQueue&) = delete;

    /// Waits while the queue is full, unless the caller is a handler on the queue's own thread,
    /// which would wait for itself. Dropped after stop(). `deliver` throws nothing.
    void push(std::function<void()> deliver);
    /// Delivers what is queued, then ends the thread. Idempotent; never from a handler.
    void stop();

private:
    struct State {
        std::deque<std::function<void()>> waiting;
        bool idle = false; // the thread sleeps: only then is a wake-up worth its system call
        bool stopping = false;
    };

    void work();

    const std::size_t _capacity;
    const Gauge _depth;
    Guarded<State> _state;
    std::condition_variable _pushed;
    std::condition_variable _taken;
    std::atomic<std::thread::id> _worker; // for push(), which may race with the thread's start
    Guarded<std::thread> _thread;
};

} // namespace salon
