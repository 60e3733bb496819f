#pragma once

#include "salon/Visibility.h"

#include <chrono>
#include <functional>

namespace salon {

/// A bounded queue with threads of its own. Any thread.
class SALON_API TaskQueue {
public:
    /// How its threads stand beside the daemon's others. `yielding`: they step back whenever a
    /// reactor or a lane wants the processor, and have it to themselves otherwise; for what takes
    /// milliseconds of it at a time.
    enum class Manner { ordinary, yielding };

    virtual ~TaskQueue() = default;
    /// False when the queue is full or stopping; the task is then dropped.
    virtual bool post(std::function<void()> task) = 0;
};

/// Timers run on the main thread: hand longer work to a queue. They end with their plugin.
class SALON_API Timers {
public:
    virtual ~Timers() = default;
    virtual void every(std::chrono::milliseconds interval, std::function<void()> fn) = 0;
    virtual void once(std::chrono::milliseconds delay, std::function<void()> fn) = 0;
};

} // namespace salon
