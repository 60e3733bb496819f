#pragma once

#include "salon/Log.h"

#include <functional>
#include <string>
#include <vector>

namespace salon {

/// What plugins do when the operator asks to read things again. Main thread.
class Reloads {
public:
    explicit Reloads(Log& log) : _log(log) {}
    void add(const std::string& plugin, std::function<void()> fn);
    /// From now on nothing of that plugin is called.
    void withdraw(const std::string& plugin);
    /// Calls all, in the order in which they were added; what one throws is logged with its
    /// plugin's name and stops nobody.
    void run() const;

private:
    struct Reload {
        std::string plugin;
        std::function<void()> fn;
    };

    Log& _log;
    std::vector<Reload> _reloads;
};

} // namespace salon
