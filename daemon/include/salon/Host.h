#pragma once

#include "salon/Bus.h"
#include "salon/Frames.h"
#include "salon/Http.h"
#include "salon/Hub.h"
#include "salon/Log.h"
#include "salon/Metrics.h"
#include "salon/Settings.h"
#include "salon/Store.h"
#include "salon/Tasks.h"
#include "salon/Visibility.h"

#include <functional>
#include <memory>
#include <string>

namespace salon {

/// All that a plugin is given. Whatever it registers here is withdrawn when it stops; the Host and
/// everything it hands out live until after stop() has returned.
class SALON_API Host {
public:
    virtual ~Host() = default;
    virtual const std::string& plugin() const = 0;
    virtual const Configuration& configuration() const = 0;
    virtual Log& log() = 0;
    virtual Bus& bus() = 0;
    virtual Store& store() = 0;
    virtual Routes& http() = 0;
    virtual Frames& frames() = 0;
    virtual Hub& hub() = 0;
    virtual Timers& timers() = 0;
    virtual Metrics& metrics() = 0;
    /// Calls `fn` on the main thread each time the operator asks to read again what can change
    /// without a restart (SIGHUP): files, not keys. What it throws is logged, and the plugin goes
    /// on with what it has. While the plugin starts.
    virtual void onReload(std::function<void()> fn) = 0;
    /// A background queue of the plugin's own; `name` appears as its threads' name (at most 15
    /// bytes).
    virtual std::shared_ptr<TaskQueue> queue(const std::string& name, unsigned threads,
                                             std::size_t capacity,
                                             TaskQueue::Manner manner = {}) = 0;
};

} // namespace salon
