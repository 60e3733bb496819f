#pragma once

#include "net/Fd.h"
#include "store/Database.h"
#include "store/sqlite/Checkpointer.h"

#include <memory>
#include <string>

namespace salon::store {

/// SQLite in WAL mode (https://sqlite.org/wal.html): one writer, readers that do not wait for it.
/// Every commit is synchronised to the disk; checkpoints are made by a thread of their own.
class SqliteDatabase : public Database {
public:
    /// Creates the file, readable by its owner alone, when there is none and it need not exist.
    /// @throws std::runtime_error with a sentence that names store.url and says what to do
    SqliteDatabase(const std::string& path, Log& log, bool existing = false);

    /// What the constructor would refuse, as far as it can be seen without opening the database or
    /// making the file. @throws as the constructor
    static void look(const std::string& path);

    Dialect dialect() const override { return Dialect::sqlite; }
    std::size_t lanes() const override { return 1; }
    std::unique_ptr<Session> open(Use use) override;
    Failure classify(const std::exception& failure) const override;
    void begin(Session& session) override;
    void commit(Session& session) override;
    void rollback(Session& session) override;
    bool inTransaction(Session& session) const override;
    void createOwnTables(Session& session) override;
    /// @throws as start(): a process that has started goes by the tables as they are
    void lockSchema(Session&) override { lock(); }
    void unlockSchema(Session&) override { _lock.reset(); }
    bool isComplete(const std::string& sql) const override;
    /// @throws std::runtime_error when another process has started on the same file
    void start() override;
    void stop() override;

private:
    std::unique_ptr<Session> connect() const;
    void lock();

    std::string _path;
    Checkpointer _checkpointer;
    net::Fd _lock;
};

} // namespace salon::store
