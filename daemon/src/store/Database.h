#pragma once

#include "salon/Log.h"
#include "salon/Store.h"

#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <string>

// What differs between databases, and the only place for it. The lanes, the pool and the migrations
// speak to this class; a further database is one more class beside SqliteDatabase and one more
// scheme in openDatabase().

namespace salon::store {

class Database {
public:
    enum class Use {
        writer, ///< a lane, or a migration
        reader, ///< a worker; may not write
    };

    /// What an exception says about the database.
    enum class Failure {
        write,   ///< nothing: what was being written is at fault
        store,   ///< it cannot be written now; the session is sound
        session, ///< it cannot be written now, and the session must be opened anew
    };

    virtual ~Database() = default;

    virtual Dialect dialect() const = 0;
    /// How many lanes write at the same time with a gain.
    virtual std::size_t lanes() const = 0;

    /// A new session, ready for use. Any thread. @throws Poco::Data::DataException
    virtual std::unique_ptr<Session> open(Use use) = 0;
    virtual Failure classify(const std::exception& failure) const = 0;

    /// Transactions in which nobody else writes the same rows. One thread for each session.
    virtual void begin(Session& session) = 0;
    virtual void commit(Session& session) = 0;
    virtual void rollback(Session& session) = 0;
    virtual bool inTransaction(Session& session) const = 0;

    /// Creates the store's own tables, `schema_version` and `lane`, where they are missing.
    virtual void createOwnTables(Session& session) = 0;
    /// Whether `sql`, which ends with a semicolon, is a whole statement (the body of a trigger has
    /// semicolons of its own).
    virtual bool isComplete(const std::string& sql) const = 0;

    /// Starts and ends the database's own background work. Main thread.
    virtual void start() {}
    virtual void stop() {}
};

/// Opens what `store.url` names. @throws std::runtime_error with a sentence for the operator
std::unique_ptr<Database> openDatabase(const std::string& url, Log& log);

/// What an exception says, for the log.
std::string describe(const std::exception& failure);
/// The same for the one that is being handled, whatever its type.
std::string describeCurrent();

} // namespace salon::store
