#pragma once

#include "app/Signals.h"
#include "host/TimerHeap.h"

#include "salon/Log.h"

#include <functional>

namespace salon {

/// What the main thread does between start and stop: it waits for signals and runs the timers.
class MainLoop {
public:
    /// @throws std::system_error
    MainLoop(const Signals& signals, Log& log);
    ~MainLoop();
    MainLoop(const MainLoop&) = delete;
    MainLoop& operator=(const MainLoop&) = delete;

    /// Lets run() look at the timers anew. Any thread.
    void wake();
    /// Calls `reload` at SIGHUP; returns at SIGTERM or SIGINT, also at one that came before.
    void run(TimerHeap& timers, const std::function<void()>& reload);

private:
    bool takeSignals(const std::function<void()>& reload);

    const Signals& _signals;
    Log& _log;
    const int _wakeup;
};

} // namespace salon
