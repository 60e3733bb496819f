#include "store/sqlite/Checkpointer.h"

#include "store/Database.h"

#include <Poco/Data/DataException.h>

#include <algorithm>
#include <pthread.h>

namespace salon::store {

namespace {

struct Outcome {
    bool busy;
    std::int64_t pages;  ///< in the log
    std::int64_t copied; ///< of them, into the database
};

Outcome perform(Session& session, const char* sql) {
    const auto row = session.first<std::int64_t, Poco::Int64, Poco::Int64>(sql);
    if (!row) throw Poco::Data::DataException("a checkpoint gave no answer");
    return {std::get<0>(*row) != 0, std::get<1>(*row), std::get<2>(*row)};
}

} // namespace

Checkpointer::Checkpointer(Open open, Limits limits, Log& log)
    : _open(std::move(open)), _limits(limits), _log(log), _restartAt(limits.restart) {}

Checkpointer::~Checkpointer() {
    stop();
}

void Checkpointer::start() {
    if (_thread.joinable()) return;
    _stopping = false;
    _thread = std::thread([this] { run(); });
}

void Checkpointer::stop() {
    {
        std::lock_guard lock(_mutex);
        _stopping = true;
    }
    _wake.notify_one();
    if (_thread.joinable()) _thread.join();
    _session.reset();
}

void Checkpointer::grown(std::int64_t pages) {
    _dirty.store(true, std::memory_order_relaxed);
    // Fewer than before: the log was begun anew.
    if (pages < _pages.exchange(pages, std::memory_order_relaxed)) {
        _baseline.store(0, std::memory_order_relaxed);
    }
    if (pages - _baseline.load(std::memory_order_relaxed) < _limits.passive) return;
    std::lock_guard lock(_mutex);
    if (_due) return;
    _due = true;
    _wake.notify_one();
}

void Checkpointer::checkpoint() {
    _dirty.store(false, std::memory_order_relaxed);
    if (!_session) {
        _session = _open();
        // A truncating checkpoint keeps writers out while it waits for a slow reader.
        _session->execute("PRAGMA busy_timeout=100");
    }
    const auto passive = perform(*_session, "PRAGMA wal_checkpoint(PASSIVE)");
    _baseline.store(passive.pages, std::memory_order_relaxed);
    _largest = std::max(_largest, passive.pages);
    if (passive.pages < _limits.restart) _restartAt = _limits.restart;
    if (passive.pages >= _restartAt && !passive.busy && passive.copied == passive.pages) {
        beginAnew(passive.pages);
    }
    _log.debug("checkpoint made", {{"pages", std::to_string(passive.pages)},
                                   {"copied", std::to_string(passive.copied)}});
}

void Checkpointer::beginAnew(std::int64_t pages) {
    const bool cut = _largest > _limits.truncate;
    struct Hold {
        Checkpointer& checkpointer;
        explicit Hold(Checkpointer& checkpointer) : checkpointer(checkpointer) {
            checkpointer.hold(true);
        }
        ~Hold() { checkpointer.hold(false); }
    } hold(*this);
    const auto outcome = perform(*_session, cut ? "PRAGMA wal_checkpoint(TRUNCATE)"
                                                : "PRAGMA wal_checkpoint(RESTART)");
    if (outcome.busy) {
        // A reader is in the way, and writers were held for nothing: not again soon.
        _restartAt = pages + _limits.truncate;
        return;
    }
    _restartAt = _limits.restart;
    _baseline.store(0, std::memory_order_relaxed);
    if (cut) _largest = 0;
}

void Checkpointer::hold(bool writers) {
    {
        std::lock_guard lock(_gate);
        _held.store(writers, std::memory_order_release);
    }
    _opened.notify_all();
}

void Checkpointer::pass() {
    if (!_held.load(std::memory_order_acquire)) return;
    std::unique_lock lock(_gate);
    _opened.wait(lock, [this] { return !_held.load(std::memory_order_relaxed); });
}

void Checkpointer::run() {
    pthread_setname_np(pthread_self(), "checkpoint");
    bool failing = false;
    std::unique_lock lock(_mutex);
    while (!_stopping) {
        const bool due =
            _wake.wait_for(lock, _limits.interval, [this] { return _due || _stopping; });
        if (_stopping) break;
        if (!due && !_dirty.load(std::memory_order_relaxed)) continue;
        lock.unlock();
        try {
            checkpoint();
            if (failing) _log.information("checkpoints work again");
            failing = false;
        } catch (const std::exception& failure) {
            _session.reset();
            // Tried again when the log has grown as much once more, or after the interval.
            _baseline.store(_pages.load(std::memory_order_relaxed), std::memory_order_relaxed);
            _dirty.store(true, std::memory_order_relaxed);
            if (!failing) {
                _log.warning("a checkpoint failed; the write-ahead log grows until one succeeds",
                             {{"reason", describe(failure)}});
            }
            failing = true;
        }
        lock.lock();
        _due = false;
    }
}

} // namespace salon::store
