#pragma once

#include "salon/Log.h"
#include "salon/Store.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>

// What differs between databases, and the only place for it. The lanes, the pool and the migrations
// speak to this class; a further database is one more class beside SqliteDatabase and one more
// scheme in openDatabase().

namespace salon::store {

class Database {
public:
    enum class Use {
        writer, ///< a lane
        reader, ///< a worker; may not write
        check,  ///< a check of the whole store: as a reader, without a limit of time
        schema, ///< a migration: as a writer, without a limit of time
    };

    /// What an exception says about the database.
    enum class Failure {
        write,     ///< nothing: what was being written is at fault
        duplicate, ///< another writer was quicker with a row of the same key, or the write is at
                   ///< fault
        conflict,  ///< another writer was in the way: the transaction may succeed when made again
        locked,    ///< somebody held a row for as long as is waited: the same, after as long a wait
        store,     ///< it cannot be written now; the session is sound
        session,   ///< it cannot be written now, and the session must be opened anew
    };

    virtual ~Database() = default;

    virtual Dialect dialect() const = 0;
    /// How many lanes write at the same time.
    virtual std::size_t lanes() const = 0;
    /// What the row of a lane is called in the table lane.
    virtual std::string laneName(std::size_t lane) const { return "lane-" + std::to_string(lane); }

    /// A new session, ready for use. Any thread. @throws Poco::Data::DataException
    virtual std::unique_ptr<Session> open(Use use) = 0;
    virtual Failure classify(const std::exception& failure) const = 0;

    /// Transactions in which nobody else writes the same rows. One thread for each session.
    virtual void begin(Session& session) = 0;
    virtual void commit(Session& session) = 0;
    virtual void rollback(Session& session) = 0;
    virtual bool inTransaction(Session& session) const = 0;

    /// Whether a session that nobody has used for a while is still good for something.
    virtual bool alive(Session&) { return true; }
    /// The session is given up as broken: what it left open on the database's side must not be in
    /// the way of the next one.
    virtual void bury(Session&) {}
    /// The number in a lane's row, once no transaction that may still change it is under way;
    /// nullopt: there is no such row.
    virtual std::optional<std::int64_t> settledBatch(Session& session, const std::string& lane);
    /// Whether it can be lost without anybody writing: then it is asked from time to time.
    virtual bool remote() const { return false; }

    /// Creates the store's own tables, `schema_version` and `lane`, where they are missing.
    virtual void createOwnTables(Session& session) = 0;
    /// Whether a step of a schema is one transaction. If not, how far it came is kept in
    /// `schema_progress(plugin, version, done)`, and it goes on from there.
    virtual bool transactionalSchema() const { return true; }
    /// Keeps other daemons from changing the schema meanwhile.
    virtual void lockSchema(Session&) {}
    virtual void unlockSchema(Session&) {}
    /// Whether a statement of a schema failed because what it makes is there already.
    virtual bool madeBefore(const std::exception&) const { return false; }
    /// Whether `sql`, which ends with a semicolon, is a whole statement (the body of a trigger has
    /// semicolons of its own).
    virtual bool isComplete(const std::string& sql) const = 0;

    /// Starts and ends the database's own background work. Main thread.
    virtual void start() {}
    virtual void stop() {}
};

/// How a database is used, as the operator has configured it.
struct Options {
    std::string url;
    std::size_t lanes = 4;                ///< of a server; SQLite has one
    std::string node;                     ///< empty: a name for this run
    std::chrono::milliseconds timeout{0}; ///< for an answer of a server
    bool existing = false;                ///< nothing is made where there is nothing
};

/// Opens what `store.url` names. @throws std::runtime_error with a sentence for the operator
std::unique_ptr<Database> openDatabase(const Options& options, Log& log);

/// What would be in the way of opening it, as far as that is found without a connection and without
/// making or changing a file: a sentence for the operator.
std::optional<std::string> obstacleTo(const Options& options);

/// The store of this address, for people: a file by its absolute path, a server's without the
/// password.
std::string placeOf(const std::string& url);

/// What an exception says, for the log.
std::string describe(const std::exception& failure);
/// The same for the one that is being handled, whatever its type.
std::string describeCurrent();

} // namespace salon::store
