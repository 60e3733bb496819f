#include "store/Migrator.h"

#include <Poco/Data/Statement.h>

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
    for (const auto* step = migrations; step && step->version != 0; ++step) {
        if (step->version > present) apply(session, plugin, *step);
    }
}

std::int64_t Migrator::recorded(Session& session, const std::string& plugin) {
    const auto row = session.first<std::int64_t>(
        "SELECT COALESCE(MAX(version), 0) FROM schema_version WHERE plugin = ?", plugin);
    return row ? std::get<0>(*row) : 0;
}

void Migrator::apply(Session& session, const std::string& plugin, const Migration& migration) {
    const bool mysql = _database.dialect() == Dialect::mysql && migration.mysql;
    const std::string sql = mysql ? migration.mysql : migration.sqlite;
    try {
        _database.begin(session);
        // Another daemon that starts at the same moment may have been quicker.
        if (recorded(session, plugin) >= migration.version) {
            _database.rollback(session);
            return;
        }
        for (const auto& text : split(sql, _database)) {
            Poco::Data::Statement statement(session.poco());
            statement << text;
            statement.execute();
        }
        session.execute("INSERT INTO schema_version (plugin, version) VALUES (?, ?)", plugin,
                        migration.version);
        _database.commit(session);
    } catch (const std::exception& failure) {
        const std::string reason = describe(failure);
        session.dropStatements();
        if (_database.inTransaction(session)) _database.rollback(session);
        throw std::runtime_error(nameOf(plugin, migration) + " could not be applied (" + reason +
                                 "); nothing of it remains");
    }
    _log.information("schema step applied", {{"plugin", plugin}, {"step", migration.name}});
}

} // namespace salon::store
