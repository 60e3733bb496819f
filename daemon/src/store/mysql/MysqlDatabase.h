#pragma once

#include "salon/Guarded.h"
#include "store/Database.h"
#include "store/mysql/MysqlConnection.h"

#include <memory>
#include <string>
#include <vector>

namespace salon::store {

/// MariaDB or MySQL, with InnoDB. Several lanes write at the same time, of this daemon and of
/// others; readers see one moment for the time of a transaction (REPEATABLE READ). Writers do not
/// (READ COMMITTED): what they read under a lock must be what was committed last, also by another
/// one after their transaction had begun, and gaps between rows need no lock.
class MysqlDatabase final : public Database {
public:
    /// Connects once. @throws std::runtime_error with a sentence for the operator
    MysqlDatabase(const Options& options, Log& log);
    /// Without connecting. @throws as the constructor for files that cannot be read
    static void look(const MysqlUrl& url);

    Dialect dialect() const override { return Dialect::mysql; }
    std::size_t lanes() const override { return _lanes; }
    std::string laneName(std::size_t lane) const override;
    std::unique_ptr<Session> open(Use use) override;
    Failure classify(const std::exception& failure) const override;
    void begin(Session& session) override;
    void commit(Session& session) override;
    void rollback(Session& session) override;
    bool inTransaction(Session& session) const override;
    bool alive(Session& session) override;
    void bury(Session& session) override;
    std::optional<std::int64_t> settledBatch(Session& session, const std::string& lane) override;
    bool remote() const override { return true; }
    void createOwnTables(Session& session) override;
    bool transactionalSchema() const override { return false; }
    void lockSchema(Session& session) override;
    void unlockSchema(Session& session) override;
    bool madeBefore(const std::exception& failure) const override;
    bool isComplete(const std::string& sql) const override;

private:
    using Identity = MysqlConnection::Identity;
    void killBuried(MysqlConnection& connection);

    const MysqlUrl _url;
    const std::size_t _lanes;
    const std::string _node;
    const std::chrono::seconds _patience;
    Log& _log;
    Guarded<std::vector<Identity>> _buried; ///< links of writers that were lost
};

} // namespace salon::store
