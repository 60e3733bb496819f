#pragma once

#include <csignal>
#include <iterator>

namespace salon {

/// The process' signals: made first in main, before any thread exists and before Poco's
/// Application, which installs handlers of its own. SIGTERM, SIGINT and SIGHUP are blocked in this
/// thread and all that it starts, and are read from descriptor(); SIGPIPE is ignored.
class Signals {
public:
    Signals();
    ~Signals();
    Signals(const Signals&) = delete;
    Signals& operator=(const Signals&) = delete;

    /// Puts back what handled SIGSEGV and its like: Poco turns them into exceptions, which hides
    /// core dumps and the reports of sanitizers.
    void restoreFaultHandlers() const;

    /// A non-blocking signalfd(2).
    int descriptor() const { return _descriptor; }

private:
    static constexpr int faults[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGSYS, SIGABRT};
    struct sigaction _handlers[std::size(faults)] = {};
    int _descriptor;
};

} // namespace salon
