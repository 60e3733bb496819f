#pragma once

#include "salon/Plugin.h"
#include "store/Database.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace salon::store {

/// Brings a plugin's tables up to what its binary knows: numbered steps, each applied once, in
/// order, and recorded in `schema_version(plugin, version)`. On SQLite a step is one transaction.
/// On MariaDB, where every CREATE commits by itself, each statement is, together with the count of
/// those that are done; a step that was cut short goes on from there.
class Migrator {
public:
    Migrator(Database& database, Log& log);

    /// `migrations` ends with version 0 and counts 1, 2, 3 without gaps.
    /// @throws std::runtime_error with a sentence when a step fails, or when the database was
    /// written by a newer binary
    void migrate(Session& session, const std::string& plugin, const Migration* migrations);

    /// Whether all steps that this binary knows were applied, and no further ones; otherwise a
    /// sentence that says what to do. Changes nothing.
    std::optional<std::string> outdated(Session& session, const std::string& plugin,
                                        const Migration* migrations);

    /// The statements of an SQL text: separated by semicolons, without comments (`--`).
    static std::vector<std::string> split(const std::string& sql, const Database& database);

private:
    std::int64_t recorded(Session& session, const std::string& plugin);
    void applyWhole(Session& session, const std::string& plugin, const Migration& migration);
    void applyByStatement(Session& session, const std::string& plugin, const Migration& migration);
    void record(Session& session, const std::string& plugin, const Migration& migration);
    std::vector<std::string> statements(const Migration& migration) const;
    void apply(Session& session, const std::string& plugin, const Migration& migration);

    Database& _database;
    Log& _log;
};

} // namespace salon::store
