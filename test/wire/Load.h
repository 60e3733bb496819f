#pragma once

#include "Daemon.h"
#include "Deadline.h"
#include "Person.h"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace salon::wire {

/// Four people who write to each other without pause, edit some of it, and remember every promise;
/// what stories of faults have in common:
///
///     Load load(salon);
///     load.start();
///     load.waitForAcks(300);
///     salon.kill();                                   // or the store goes away, and comes back,
///     and load.lose();                                    // load.finish(); salon.restart();
///     load.verify();
///
/// Each has up to sixteen writes in flight. What is refused as `unavailable` is sent again after a
/// moment with the same id, as a good client does it.
class Load {
public:
    /// @param padding bytes that every new message has besides
    explicit Load(Daemon& daemon, std::size_t padding = 0);
    /// Ends the writing.
    ~Load();
    Load(const Load&) = delete;
    Load& operator=(const Load&) = delete;

    /// Everybody connects and writes, in a thread of its own, until lose() or finish().
    void start();
    /// Waits until so many writes more than now are acknowledged.
    void waitForAcks(int count, std::chrono::milliseconds within = test::patience);
    /// Waits until so many more than now are refused as `unavailable`.
    void waitForRefusals(int count, std::chrono::milliseconds within = test::patience);
    /// Goes on for so long, whatever is answered.
    void goOn(std::chrono::milliseconds time);
    /// The daemon has ended: waits for the end of everybody's connection.
    /// @returns how each ended, as Incoming::closeCode() says it
    std::vector<int> lose();
    /// Waits until all that was sent is acknowledged, and ends the connections.
    void finish(std::chrono::milliseconds within = test::patience);

    /// Nothing was lost, doubled or moved: all that was acknowledged or shown to somebody is there
    /// as it was said, both sides of a conversation read the same, and what was never answered can
    /// be sent again and is there once. `salond --verify-store` agrees.
    void verify();

    /// How an answer to a request for what is there begins, at any time: 200, or 503.
    int readingStatus() const;
    std::size_t acknowledged() const; ///< messages; not while the load runs
    int refusals();                   ///< answers `unavailable`

private:
    class Writer;
    using Messages = std::map<std::int64_t, Json>; ///< by id

    /// How far they are, together.
    struct Progress {
        std::mutex mutex;
        std::condition_variable changed;
        int acks = 0;
        int refusals = 0;
        int ended = 0; ///< writers that write no more
        bool failed = false;
        std::atomic<bool> finishing = false; ///< nothing new is sent
        std::atomic<bool> abandoned = false; ///< the test has failed elsewhere
    };

    void waitFor(const std::string& what, int Progress::*number, int count,
                 std::chrono::milliseconds within);
    void join();
    Messages everything() const;

    Daemon& _daemon;
    Progress _progress;
    std::vector<std::unique_ptr<Writer>> _writers;
    std::vector<std::future<void>> _threads;
};

} // namespace salon::wire
