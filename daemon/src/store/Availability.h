#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>

namespace salon::store {

/// Whether the database can be used, as far as its users know: each of them that finds it gone says
/// so, and says so again when it is back. Any thread.
class Availability {
public:
    void lost() {
        {
            const std::lock_guard lock(_mutex);
            ++_without;
        }
        _changed.notify_all();
    }
    void found() { --_without; }
    bool well() const { return _without == 0; }

    /// Something failed as it would if the database were gone: whoever waits for a loss looks.
    void doubt() {
        {
            const std::lock_guard lock(_mutex);
            _doubted = true;
        }
        _changed.notify_all();
    }

    /// Waits until somebody has lost or doubted it, or so long; at once when woken by end().
    template <class Duration> void waitForLoss(Duration most) {
        std::unique_lock lock(_mutex);
        _changed.wait_for(lock, most, [this] { return _ended || _doubted || _without != 0; });
        _doubted = false;
    }
    /// Waits so long; at once when woken by end().
    template <class Duration> void pause(Duration time) {
        std::unique_lock lock(_mutex);
        _changed.wait_for(lock, time, [this] { return _ended; });
    }
    void end() {
        {
            const std::lock_guard lock(_mutex);
            _ended = true;
        }
        _changed.notify_all();
    }
    bool ended() {
        const std::lock_guard lock(_mutex);
        return _ended;
    }

private:
    std::atomic<int> _without{0};
    std::mutex _mutex;
    std::condition_variable _changed;
    bool _doubted = false;
    bool _ended = false;
};

} // namespace salon::store
