#pragma once

#include "salon/Metrics.h"
#include "store/Availability.h"
#include "store/Database.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

// Makes one lane's transactions, and knows what became of each.
//
// Every transaction moves the lane's own row, lane(name, batch), from the number that this object
// wrote last to the next one, first of all. That serves twice:
//  - when COMMIT fails it can have happened all the same (the answer was lost). The row says so; it
//    is read again before anything else is written.
//  - when the row is not at the number expected, another process writes under this lane's name.
//    What the groups remember of the tables is then worth nothing, so nothing is written any more.
//
// When COMMIT failed and the row cannot be read either, on a new session too, nobody knows. The
// writes are then refused as `unavailable` though they may turn out to be stored, also after the
// daemon was killed: a commit whose fsync failed can be in the log that SQLite recovers. So
// `unavailable` never means "not stored", it means "not acknowledged; the same write again, with
// the same id, is answered with the first result". The groups are told rolledBack() and must forget
// what they remembered, so that they read whatever is there; the next transaction takes the row as
// it is.

namespace salon::store {

class Writer {
public:
    struct Part {
        WriteGroup* group;
        std::span<Write* const> writes;
    };

    enum class Verdict {
        committed,
        writeFailed, ///< one of the writes threw; the others may succeed without it
        storeFailed, ///< the database failed while they were written; nothing of them is stored
        storeDown,   ///< no transaction can be made now, or it is not known whether it happened
    };

    /// Opens the session. @throws Poco::Data::DataException
    Writer(Database& database, std::string lane, Availability& availability, Log& log,
           Histogram commit = {});
    ~Writer();

    /// Opens it anew when the last one was given up. @throws Poco::Data::DataException
    Session& session();

    /// Applies the parts in one transaction and tells their groups committed() or rolledBack().
    Verdict write(std::span<const Part> parts);

    /// Called while an exception is handled: ends what it left open, logs that the database is away
    /// (once until it is back), gives up the session when it must. True when the database is at
    /// fault.
    bool failed();
    /// What the last exception said.
    const std::string& reason() const { return _reason; }

    /// After a pause in the work: a link that was lost meanwhile is no write's trouble.
    void refresh();

private:
    enum class Fate { happened, undone, unknown };
    /// What one try to make a transaction came to.
    enum class Try {
        committed,
        writeFailed,
        duplicate,
        conflict,
        locked,
        storeFailed,
        lost,
        storeDown
    };

    Try attempt(std::span<const Part> parts);
    Try commit();
    Try begin();
    static Try tryOf(Database::Failure failure);
    Database::Failure end();
    void giveUp();
    void moveRow();
    Fate learnFate();
    void undo();
    void away();
    void tell(std::span<const Part> parts, void (WriteGroup::*what)());
    void back();

    Database& _database;
    const std::string _lane;
    Log& _log;
    const Histogram _commit; ///< how long COMMIT takes
    std::unique_ptr<Session> _session;
    std::optional<std::int64_t>
        _batch; ///< the row's number; unknown after a COMMIT of unknown fate
    std::string _reason;
    Availability& _availability;
    bool _away = false; ///< the log says that the database cannot be written
    std::chrono::steady_clock::time_point _used; ///< the session, last
};

} // namespace salon::store
