#pragma once

#include "salon/Guarded.h"
#include "salon/Log.h"
#include "salon/Tasks.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace salon {

/// Every timer of the process, run by the main loop. It knows no clock: times are handed in.
class TimerHeap {
public:
    using Clock = std::chrono::steady_clock;
    using Owner = std::uint64_t;

    /// `wake` is called, on any thread, when a new timer may be due before the loop thinks so.
    TimerHeap(Log& log, std::function<void()> wake,
              std::function<Clock::time_point()> now = Clock::now);

    Owner newOwner(std::string plugin);
    /// A repeated timer keeps its rhythm; runs that a late loop has missed are left out.
    /// Any thread. @throws std::logic_error for an interval of less than a millisecond
    void add(Owner owner, std::chrono::milliseconds delay, bool repeated, std::function<void()> fn);
    /// From now on none of the owner's timers runs. Main thread.
    void withdraw(Owner owner);

    /// Runs what is due, in order of time; returns when the next one is. What a timer throws is
    /// logged with its plugin's name. Main thread.
    std::optional<Clock::time_point> run();

private:
    struct Timer {
        Clock::time_point due;
        std::uint64_t order; // timers due at once run in the order in which they were made
        Owner owner;
        std::chrono::milliseconds interval; // 0: once
        std::function<void()> fn;
        bool operator>(const Timer& other) const {
            return due != other.due ? due > other.due : order > other.order;
        }
    };
    struct State {
        std::vector<Timer> heap;
        std::vector<std::string> owners; // by Owner - 1; empty: withdrawn
        std::uint64_t order = 0;
    };

    static void push(State& state, Timer timer);
    std::optional<Timer> takeDue(Clock::time_point now);
    void call(const Timer& timer, const std::string& plugin);
    std::string pluginOf(Owner owner);

    Log& _log;
    std::function<void()> _wake;
    std::function<Clock::time_point()> _now;
    Guarded<State> _state;
};

/// A plugin's view of the timers.
class PluginTimers final : public Timers {
public:
    PluginTimers(TimerHeap& heap, std::string plugin);
    ~PluginTimers() override;
    PluginTimers(const PluginTimers&) = delete;
    PluginTimers& operator=(const PluginTimers&) = delete;

    void every(std::chrono::milliseconds interval, std::function<void()> fn) override;
    void once(std::chrono::milliseconds delay, std::function<void()> fn) override;
    void withdraw();

private:
    TimerHeap& _heap;
    const TimerHeap::Owner _owner;
};

} // namespace salon
