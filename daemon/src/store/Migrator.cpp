#include "store/Migrator.h"

#include <stdexcept>

namespace salon::store {

namespace {

std::string nameOf(const std::string& plugin, const Migration& migration) {
    return "schema step " + std::string(migration.name) + " of plugin " + plugin;
}

/// Copies the quoted text that begins at `at`, and returns where it ends. A doubled quote is two
/// quoted texts side by side.
std::size_t copyQuoted(const std::string& sql, std::size_t at, std::string& out) {
    const auto end = sql.find(sql[at], at + 1);
    const auto length = (end == std::string::npos ? sql.size() : end + 1) - at;
    out.append(sql, at, length);
    return at + length;
}

} // namespace

Migrator::Migrator(Database& database, Log& log) : _database(database), _log(log) {}

std::vector<std::string> Migrator::split(const std::string& sql, const Database& database) {
    std::vector<std::string> statements;
    std::string current;
    for (std::size_t at = 0; at < sql.size();) {
        const char c = sql[at];
        if (c == '\'' || c == '"' || c == '`') {
            at = copyQuoted(sql, at, current);
            continue;
        }
        if (sql.compare(at, 2, "--") == 0) {
            at = std::min(sql.find('\n', at), sql.size());
            continue;
        }
        ++at;
        const bool space = c == ' ' || c == '\n' || c == '\t' || c == '\r';
        if (current.empty() && (space || c == ';')) continue;
        current.push_back(c);
        if (c == ';' && database.isComplete(current)) {
            statements.push_back(std::move(current));
            current.clear();
        }
    }
    if (!current.empty()) statements.push_back(std::move(current));
    return statements;
}

void Migrator::migrate(Session& session, const std::string& plugin, const Migration* migrations) {
    int newest = 0;
    for (const auto* step = migrations; step && step->version != 0; ++step) {
        if (step->version != ++newest) {
            throw std::runtime_error("the schema of plugin " + plugin + " has step " +
                                     std::to_string(step->version) + " where step " +
                                     std::to_string(newest) +
                                     " is expected; its files count 1, 2, 3 without gaps");
        }
    }
    const auto present = recorded(session, plugin);
    if (present > newest) {
        throw std::runtime_error("the database has version " + std::to_string(present) +
                                 " of the tables of plugin " + plugin +
                                 ", but this salond knows only version " + std::to_string(newest) +
                                 "; start the newer salond, or restore a backup from before it");
    }
    if (present == newest) return;
    struct Lock {
        Database& database;
        Session& session;
        Lock(Database& database, Session& session) : database(database), session(session) {
            database.lockSchema(session);
        }
        ~Lock() {
            try {
                database.unlockSchema(session);
            } catch (const std::exception&) {
                // The link is lost, and the lock with it.
            }
        }
    } lock(_database, session);
    for (const auto* step = migrations; step && step->version != 0; ++step) {
        if (step->version > present) apply(session, plugin, *step);
    }
}

std::int64_t Migrator::recorded(Session& session, const std::string& plugin) {
    const auto row = session.first<std::int64_t>(
        "SELECT COALESCE(MAX(version), 0) FROM schema_version WHERE plugin = ?", plugin);
    return row ? std::get<0>(*row) : 0;
}

std::optional<std::string> Migrator::outdated(Session& session, const std::string& plugin,
                                              const Migration* migrations) {
    int newest = 0;
    for (const auto* step = migrations; step && step->version != 0; ++step) newest = step->version;
    const auto present = recorded(session, plugin);
    if (present == newest) return std::nullopt;
    return "the database has version " + std::to_string(present) + " of the tables of plugin " +
           plugin + ", and this salond knows version " + std::to_string(newest) +
           (present < newest ? "; start it once, which brings them up to date"
                             : "; use the salond that is newer");
}

std::vector<std::string> Migrator::statements(const Migration& migration) const {
    const bool mysql = _database.dialect() == Dialect::mysql && migration.mysql;
    return split(mysql ? migration.mysql : migration.sqlite, _database);
}

void Migrator::record(Session& session, const std::string& plugin, const Migration& migration) {
    session.execute("INSERT INTO schema_version (plugin, version) VALUES (?, ?)", plugin,
                    migration.version);
}

void Migrator::applyWhole(Session& session, const std::string& plugin, const Migration& migration) {
    _database.begin(session);
    // Another daemon that starts at the same moment may have been quicker.
    if (recorded(session, plugin) >= migration.version) {
        _database.rollback(session);
        return;
    }
    for (const auto& text : statements(migration)) session.executeOnce(text);
    record(session, plugin, migration);
    _database.commit(session);
}

void Migrator::applyByStatement(Session& session, const std::string& plugin,
                                const Migration& migration) {
    if (recorded(session, plugin) >= migration.version) return;
    const auto row = session.first<std::int64_t>(
        "SELECT done FROM schema_progress WHERE plugin = ? AND version = ?", plugin,
        migration.version);
    auto done = row ? static_cast<std::size_t>(std::get<0>(*row)) : 0;
    if (!row) {
        session.execute("INSERT INTO schema_progress (plugin, version, done) VALUES (?, ?, 0)",
                        plugin, migration.version);
    }
    const auto texts = statements(migration);
    // The first one may have been made and not counted.
    for (bool again = row.has_value(); done < texts.size(); ++done, again = false) {
        _database.begin(session);
        try {
            session.executeOnce(texts[done]);
        } catch (const std::exception& failure) {
            if (!again || !_database.madeBefore(failure)) throw;
        }
        session.execute("UPDATE schema_progress SET done = ? WHERE plugin = ? AND version = ?",
                        done + 1, plugin, migration.version);
        _database.commit(session);
    }
    _database.begin(session);
    record(session, plugin, migration);
    session.execute("DELETE FROM schema_progress WHERE plugin = ? AND version = ?", plugin,
                    migration.version);
    _database.commit(session);
}

void Migrator::apply(Session& session, const std::string& plugin, const Migration& migration) {
    const bool whole = _database.transactionalSchema();
    try {
        if (whole) {
            applyWhole(session, plugin, migration);
        } else {
            applyByStatement(session, plugin, migration);
        }
    } catch (const std::exception& failure) {
        const std::string reason = describe(failure);
        session.dropStatements();
        if (_database.inTransaction(session)) _database.rollback(session);
        throw std::runtime_error(nameOf(plugin, migration) + " could not be applied (" + reason +
                                 (whole ? "); nothing of it remains"
                                        : "); mend that and start again, it goes on from there"));
    }
    _log.information("schema step applied", {{"plugin", plugin}, {"step", migration.name}});
}

} // namespace salon::store
