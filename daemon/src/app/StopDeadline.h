#pragma once

#include "salon/Guarded.h"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <thread>

namespace salon {

/// While it lives a stop is under way; one that takes longer than allowed is ended by `expire`, so
/// that a plugin that hangs cannot keep the daemon from stopping.
class StopDeadline {
public:
    StopDeadline(std::chrono::milliseconds allowed, std::function<void()> expire);
    ~StopDeadline();
    StopDeadline(const StopDeadline&) = delete;
    StopDeadline& operator=(const StopDeadline&) = delete;

private:
    Guarded<bool> _stopped{false};
    std::condition_variable _changed;
    std::thread _thread;
};

} // namespace salon
