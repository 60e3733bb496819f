#pragma once

#include "salon/Metrics.h"
#include "salon/Plugin.h"
#include "salon/Settings.h"
#include "salon/Store.h"
#include "store/Availability.h"
#include "store/Migrator.h"
#include "store/SessionPool.h"
#include "store/lane/Lane.h"

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace salon::store {

/// The store over one database: a pool of sessions for reading and its lanes for writing.
class DatabaseStore final : public Store {
public:
    /// The keys `store.…`.
    static void declare(Settings& settings);

    /// What would be in the way of opening what `store.url` names; see store::obstacleTo().
    static std::optional<std::string> obstacle(const Configuration& configuration);
    /// What `store.url` names; see store::placeOf().
    static std::string place(const Configuration& configuration);

    /// Opens what `store.url` names. @throws std::runtime_error with a sentence for the operator
    /// Without `metrics` nothing is measured.
    DatabaseStore(const Configuration& configuration, Log& log, Metrics* metrics = nullptr);
    /// Opens it to look, not to write. @throws std::runtime_error also when there is none
    static std::unique_ptr<DatabaseStore> existing(const Configuration& configuration, Log& log);
    /// Over a given database; `laneQueue` writes may wait for each lane, and at most `readers`
    /// threads read at one time.
    DatabaseStore(std::unique_ptr<Database> database, std::size_t laneQueue, Log& log,
                  Metrics* metrics = nullptr, std::size_t readers = 8);
    ~DatabaseStore() override;

    /// Before start(). @throws std::runtime_error; see Migrator
    void migrate(const std::string& plugin, const Migration* migrations);
    /// Without lanes: runs `fn` in a transaction of its own, undone when it refuses or throws.
    Result<void> writeOnce(const std::function<Result<void>(Session&)>& fn);
    /// Without lanes: runs `fn` on one moment of the database, for as long as it takes.
    void checkOnce(const std::function<void(Session&)>& fn);
    /// A sentence when the tables of a plugin are not those that this binary knows.
    std::optional<std::string> outdated(Session& session, const std::string& plugin,
                                        const Migration* migrations);
    /// Starts the lanes, after all groups were added; writes are `unavailable` until then.
    void start();
    /// Refuses new writes, waits until all that were taken are finished, ends the lanes. Reading
    /// goes on. May be called again.
    void stop();

    /// Which of so many lanes has the writes of this key. Keys that end in the same bits, as those
    /// that are made of neighbours' ids do, are spread over all.
    static std::size_t laneOf(std::int64_t key, std::size_t lanes);

    Dialect dialect() const override { return _database->dialect(); }
    bool available() const override { return _availability.well(); }
    void readWith(const std::function<void(Session&)>& fn) override { _readers.use(fn); }
    Group addGroup(std::function<std::unique_ptr<WriteGroup>()> make) override;
    Result<void> submit(Group group, std::int64_t key, std::unique_ptr<Write> write) override;

protected:
    void submitPlain(std::int64_t key, std::unique_ptr<PlainWrite> write) override;

private:
    enum class State { preparing, running, stopped };

    struct Looking {};
    DatabaseStore(std::unique_ptr<Database> database, std::size_t laneQueue, Log& log,
                  Metrics* metrics, std::size_t readers, Looking);
    void watch();
    bool canBeRead(bool before);

    /// What the write was refused with, and then it is still there.
    Result<void> queue(Group group, std::int64_t key, std::unique_ptr<Write>& write);

    Log& _log;
    Metrics* const _metrics;
    const std::size_t _laneQueue;
    std::unique_ptr<Database> _database;
    SessionPool _readers;
    std::vector<std::function<std::unique_ptr<WriteGroup>()>> _makers; ///< by Group
    Group _plain;
    Availability _availability;
    std::vector<std::unique_ptr<Lane>> _lanes; ///< fixed while running
    std::thread _watch;
    std::atomic<State> _state{State::preparing};
};

} // namespace salon::store
