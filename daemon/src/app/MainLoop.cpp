#include "app/MainLoop.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <optional>
#include <system_error>

namespace salon {

namespace {

// Rounded up, so that the loop does not spin through the last fraction of a millisecond.
int timeoutFor(std::optional<TimerHeap::Clock::time_point> due) {
    using namespace std::chrono;
    if (!due) return -1;
    const auto rest = ceil<milliseconds>(*due - TimerHeap::Clock::now()).count();
    return static_cast<int>(std::clamp<std::int64_t>(rest, 0, 3'600'000));
}

} // namespace

MainLoop::MainLoop(const Signals& signals, Log& log)
    : _signals(signals), _log(log), _wakeup(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
    if (_wakeup < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
}

MainLoop::~MainLoop() {
    close(_wakeup);
}

void MainLoop::wake() {
    const std::uint64_t one = 1;
    // It fails only when the counter is full, and then the loop is woken already.
    [[maybe_unused]] const auto written = write(_wakeup, &one, sizeof one);
}

void MainLoop::run(TimerHeap& timers, const std::function<void()>& reload) {
    pollfd watched[] = {{_signals.descriptor(), POLLIN, 0}, {_wakeup, POLLIN, 0}};
    for (;;) {
        const auto due = timers.run();
        if (poll(watched, std::size(watched), timeoutFor(due)) < 0 && errno != EINTR) {
            throw std::system_error(errno, std::generic_category(), "poll");
        }
        std::uint64_t count = 0;
        [[maybe_unused]] const auto taken = read(_wakeup, &count, sizeof count);
        if (takeSignals(reload)) return;
    }
}

bool MainLoop::takeSignals(const std::function<void()>& reload) {
    signalfd_siginfo signal{};
    while (read(_signals.descriptor(), &signal, sizeof signal) == sizeof signal) {
        if (signal.ssi_signo != SIGHUP) return true;
        _log.information("SIGHUP: files are read again, settings take effect at a restart");
        reload();
    }
    return false;
}

} // namespace salon
