#pragma once

#include "app/Signals.h"
#include "host/TimerHeap.h"

#include "salon/Log.h"

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
    /// Returns at SIGTERM or SIGINT, also at one that came before.
    void run(TimerHeap& timers);

private:
    bool takeSignals();

    const Signals& _signals;
    Log& _log;
    const int _wakeup;
};

} // namespace salon
