#pragma once

#include "salon/Log.h"
#include "salon/Store.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

namespace salon::store {

/// Moves what was committed from SQLite's write-ahead log into the database file, on a thread and a
/// session of its own, so that no commit does it (https://sqlite.org/wal.html#ckpt). A passive
/// checkpoint waits for nobody and stops nobody; the log is then used again from its start as soon
/// as no writer is ahead and no reader behind. Under a load without pauses that moment never comes,
/// and writing into a log that grows costs the kernel far more than writing over an old one. So
/// when a passive checkpoint has left next to nothing to copy, writers are held before their next
/// transaction, for as long as it takes to copy the rest and begin the log anew. (To wait for
/// SQLite's own lock is in vain: it is polled, and a busy lane holds it nearly always.)
class Checkpointer {
public:
    /// In pages of the log.
    struct Limits {
        std::int64_t passive = 4096;   ///< grown so much since the last time (16 MiB)
        std::int64_t restart = 4096;   ///< begun anew beyond this (16 MiB)
        std::int64_t truncate = 16384; ///< cut when it has ever been larger than this (64 MiB)
        std::chrono::milliseconds interval = std::chrono::seconds(30);
    };
    using Open = std::function<std::unique_ptr<Session>()>;

    Checkpointer(Open open, Limits limits, Log& log);
    ~Checkpointer();

    /// Main thread; stop() waits for a checkpoint under way, and may be called again.
    void start();
    void stop();

    /// Told by a writer after its commit: the log has so many pages now. Cheap, never waits.
    void grown(std::int64_t pages);

    /// Called by a writer before it begins: waits while the log is begun anew, a few milliseconds
    /// as a rule and a tenth of a second when a slow reader is in the way.
    void pass();

    /// One checkpoint, on the calling thread, while the thread does not run.
    /// @throws Poco::Data::DataException
    void checkpoint();

private:
    void run();
    void beginAnew(std::int64_t pages);
    void hold(bool writers);

    const Open _open;
    const Limits _limits;
    Log& _log;
    std::unique_ptr<Session> _session;
    std::int64_t _restartAt;
    std::int64_t _largest = 0; ///< pages in the log since it was cut

    std::atomic<std::int64_t> _pages{0};    ///< in the log, as of the last commit
    std::atomic<std::int64_t> _baseline{0}; ///< in the log, as of the last checkpoint
    std::atomic<bool> _dirty{false};        ///< committed to since the last checkpoint

    std::mutex _gate; ///< guards changes of _held
    std::condition_variable _opened;
    std::atomic<bool> _held{false};

    std::mutex _mutex; ///< guards _due and _stopping
    std::condition_variable _wake;
    bool _due = false;
    bool _stopping = false;
    std::thread _thread;
};

} // namespace salon::store
