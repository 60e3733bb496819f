#pragma once

#include "salon/Plugin.h"
#include "store/Database.h"

#include <string>
#include <vector>

namespace salon::store {

/// Brings a plugin's tables up to what its binary knows: numbered steps, each applied once, in
/// order, in a transaction of its own, and recorded in `schema_version(plugin, version)`.
class Migrator {
public:
    Migrator(Database& database, Log& log);

    /// `migrations` ends with version 0 and counts 1, 2, 3 without gaps.
    /// @throws std::runtime_error with a sentence when a step fails (nothing of it remains), or
    /// when the database was written by a newer binary
    void migrate(Session& session, const std::string& plugin, const Migration* migrations);

    /// The statements of an SQL text: separated by semicolons, without comments (`--`).
    static std::vector<std::string> split(const std::string& sql, const Database& database);

private:
    std::int64_t recorded(Session& session, const std::string& plugin);
    void apply(Session& session, const std::string& plugin, const Migration& migration);

    Database& _database;
    Log& _log;
};

} // namespace salon::store
