#include "store/mysql/MysqlDatabase.h"

#include "store/mysql/MysqlStatement.h"

#include <errmsg.h>
#include <mysqld_error.h>

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <random>
#include <stdexcept>

namespace salon::store {

namespace {

/// Rows of lanes that have not moved for so long are of daemons that are no more. One that wakes up
/// after it makes its row anew.
constexpr const char* deadLanes =
    "SELECT name FROM lane WHERE moved_at < CURRENT_TIMESTAMP - INTERVAL 30 DAY";

std::string randomNode() {
    std::random_device random;
    constexpr const char* digits = "0123456789abcdef";
    std::string name;
    for (int i = 0; i < 16; ++i) name.push_back(digits[random() % 16]);
    return name;
}

MysqlConnection& connectionOf(Session& session) {
    return static_cast<MysqlConnection&>(*session.poco().impl());
}

/// What an operator can do about a server that cannot be used.
std::string advice(const MysqlUrl& url, const MysqlException& failure) {
    switch (failure.code()) {
    case ER_ACCESS_DENIED_ERROR:
        // Servers say the same to who does not come by TLS, or shows no certificate, and should.
        return std::string("check the user and the password of store.url") +
               (url.tls == MysqlUrl::Tls::off ? ", and add ?ssl=verify if the server asks for TLS"
                : url.certificate.empty()
                    ? ", and add ssl-cert and ssl-key if the account asks for a certificate"
                    : "");
    case ER_DBACCESS_DENIED_ERROR:
        return "grant the user all privileges on the database " + url.database;
    case ER_BAD_DB_ERROR:
        return "create the database " + url.database +
               " (CREATE DATABASE … CHARACTER SET utf8mb4) or name another one";
    case CR_SSL_CONNECTION_ERROR:
        return "check the ssl options of store.url against the server's certificate";
    default:
        return "start the server, or correct the host and the port";
    }
}

bool isOneOf(int code, std::initializer_list<int> codes) {
    return std::find(codes.begin(), codes.end(), code) != codes.end();
}

/// The library says only that some file is not there.
void checkFile(const std::string& path, const char* option) {
    if (path.empty() || ::access(path.c_str(), R_OK) == 0) return;
    throw std::runtime_error("store.url names the file " + path + " as " + option +
                             ", but it cannot be read (" + std::strerror(errno) +
                             "); correct the path, or let the user that runs salond read it");
}

} // namespace

MysqlDatabase::MysqlDatabase(const Options& options, Log& log)
    : _url(MysqlUrl::parse(options.url)), _lanes(options.lanes),
      _node(options.node.empty() ? randomNode() : options.node),
      _patience(std::chrono::ceil<std::chrono::seconds>(options.timeout)), _log(log) {
    look(_url);
    try {
        MysqlConnection connection(_url, _patience);
        const auto engine = connection.value("SELECT @@version");
        _log.debug("the database server answers",
                   {{"server", _url.place()}, {"version", engine.value_or("unknown")}});
    } catch (const MysqlException& failure) {
        throw std::runtime_error("store.url names the database server " + _url.place() +
                                 ", but it cannot be used (" + failure.message() + "); " +
                                 advice(_url, failure));
    }
}

void MysqlDatabase::look(const MysqlUrl& url) {
    checkFile(url.authority, "ssl-ca");
    checkFile(url.certificate, "ssl-cert");
    checkFile(url.key, "ssl-key");
}

std::string MysqlDatabase::laneName(std::size_t lane) const {
    return _node + "/" + std::to_string(lane);
}

std::unique_ptr<Session> MysqlDatabase::open(Use use) {
    const bool patient = use == Use::check || use == Use::schema;
    Poco::AutoPtr<MysqlConnection> connection(
        new MysqlConnection(_url, patient ? std::chrono::seconds(0) : _patience));
    if (use == Use::reader || use == Use::check) {
        connection->execute("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
    } else {
        connection->execute("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
        // Shorter than a lane waits for an answer.
        const auto lock = std::max<std::int64_t>(1, _patience.count() / 2);
        connection->execute("SET SESSION innodb_lock_wait_timeout = " + std::to_string(lock));
        killBuried(*connection);
    }
    return std::make_unique<Session>(
        Poco::Data::Session(Poco::AutoPtr<Poco::Data::SessionImpl>(connection)), Dialect::mysql,
        prepareMysql);
}

Database::Failure MysqlDatabase::classify(const std::exception& failure) const {
    const auto* const known = dynamic_cast<const MysqlException*>(&failure);
    if (!known) return Failure::write;
    const int code = known->code();
    if (code == ER_DUP_ENTRY) return Failure::duplicate;
    if (isOneOf(code, {ER_LOCK_DEADLOCK, ER_CHECKREAD})) return Failure::conflict;
    if (code == ER_LOCK_WAIT_TIMEOUT) return Failure::locked;
    if (isOneOf(code, {ER_DISK_FULL, ER_RECORD_FILE_FULL, ER_OPTION_PREVENTS_STATEMENT,
                       ER_READ_ONLY_MODE, ER_OUT_OF_RESOURCES, ER_OUTOFMEMORY, ER_GET_ERRNO,
                       ER_ERROR_ON_WRITE, ER_UNKNOWN_COM_ERROR})) {
        return Failure::store;
    }
    const bool client = (code >= CR_MIN_ERROR && code <= CR_MAX_ERROR) ||
                        (code >= CER_MIN_ERROR && code <= CER_MAX_ERROR);
    if (client || isOneOf(code, {ER_CON_COUNT_ERROR, ER_SERVER_SHUTDOWN, ER_CONNECTION_KILLED,
                                 ER_QUERY_INTERRUPTED, ER_ACCESS_DENIED_ERROR, ER_BAD_DB_ERROR,
                                 ER_DBACCESS_DENIED_ERROR, ER_HOST_IS_BLOCKED,
                                 ER_HOST_NOT_PRIVILEGED, ER_NEW_ABORTING_CONNECTION,
                                 ER_NET_READ_ERROR, ER_NET_READ_INTERRUPTED, ER_NET_ERROR_ON_WRITE,
                                 ER_NET_WRITE_INTERRUPTED, ER_TOO_MANY_USER_CONNECTIONS,
                                 ER_NORMAL_SHUTDOWN, ER_UNKNOWN_STMT_HANDLER})) {
        return Failure::session;
    }
    return Failure::write;
}

void MysqlDatabase::begin(Session& session) {
    connectionOf(session).begin();
}
void MysqlDatabase::commit(Session& session) {
    connectionOf(session).commit();
}
void MysqlDatabase::rollback(Session& session) {
    connectionOf(session).rollback();
}
bool MysqlDatabase::inTransaction(Session& session) const {
    return connectionOf(session).isTransaction();
}
bool MysqlDatabase::alive(Session& session) {
    return connectionOf(session).alive();
}

void MysqlDatabase::bury(Session& session) {
    _buried.lock()->push_back(connectionOf(session).identity());
}

/// The server may not have noticed that a link is lost, and keep its locks for hours. What it had
/// begun to commit, it finishes before.
void MysqlDatabase::killBuried(MysqlConnection& connection) {
    if (_buried.lock()->empty()) return;
    const auto text = connection.value("SHOW GLOBAL STATUS LIKE 'Uptime'").value_or("0");
    std::int64_t uptime = 0;
    std::from_chars(text.data(), text.data() + text.size(), uptime);
    std::vector<Identity> left;
    const auto buried = std::exchange(*_buried.lock(), {});
    for (const auto& lost : buried) {
        const auto age = std::chrono::duration_cast<std::chrono::seconds>(
            std::chrono::steady_clock::now() - lost.opened);
        // Numbers of connections begin anew with the server: this one would be somebody else's.
        if (lost.server != connection.identity().server || uptime < age.count()) continue;
        try {
            connection.execute("KILL CONNECTION " + std::to_string(lost.thread));
        } catch (const MysqlException& failure) {
            if (failure.code() == ER_NO_SUCH_THREAD) continue;
            _log.warning("a lost link could not be ended on the server",
                         {{"reason", failure.message()}});
            // Its number is somebody else's by now, or the next one that comes tries again.
            if (failure.code() != ER_KILL_DENIED_ERROR) left.push_back(lost);
        }
    }
    auto waiting = _buried.lock();
    waiting->insert(waiting->end(), left.begin(), left.end());
}

std::optional<std::int64_t> MysqlDatabase::settledBatch(Session& session, const std::string& lane) {
    const auto row =
        session.first<std::int64_t>("SELECT batch FROM lane WHERE name = ? FOR UPDATE", lane);
    if (!row) return std::nullopt;
    // InnoDB lets go of locks before a commit is synchronized. A commit behind it, of any change,
    // comes back when both are.
    session.execute("UPDATE lane SET moved_at = DATE_ADD(moved_at, INTERVAL 1 SECOND) "
                    "WHERE name = ?",
                    lane);
    return std::get<0>(*row);
}

void MysqlDatabase::createOwnTables(Session& session) {
    session.executeOnce(
        "CREATE TABLE IF NOT EXISTS schema_version ("
        "plugin VARCHAR(64) NOT NULL, version INTEGER NOT NULL, PRIMARY KEY (plugin, version)"
        ") ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin");
    session.executeOnce(
        "CREATE TABLE IF NOT EXISTS schema_progress ("
        "plugin VARCHAR(64) NOT NULL, version INTEGER NOT NULL, done INTEGER NOT NULL, "
        "PRIMARY KEY (plugin, version)"
        ") ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin");
    session.executeOnce(
        "CREATE TABLE IF NOT EXISTS lane ("
        "name VARCHAR(96) NOT NULL PRIMARY KEY, batch BIGINT NOT NULL, "
        "moved_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP"
        ") ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin");
    for (const auto& [name] : session.select<std::string>(deadLanes)) {
        session.execute("DELETE FROM lane WHERE name = ? AND "
                        "moved_at < CURRENT_TIMESTAMP - INTERVAL 30 DAY",
                        name);
    }
    session.dropStatements();
}

void MysqlDatabase::lockSchema(Session& session) {
    // Longer than another daemon's steps take, as a rule; then this one is started again.
    const auto taken = session.first<std::int64_t>(
        "SELECT COALESCE(GET_LOCK(CONCAT('salon.schema.', MD5(DATABASE())), 600), 0)");
    if (!taken || std::get<0>(*taken) != 1) {
        throw std::runtime_error("another salond has been changing the tables of this database for "
                                 "ten minutes; wait for it and start again");
    }
}

void MysqlDatabase::unlockSchema(Session& session) {
    session.first<std::int64_t>(
        "SELECT COALESCE(RELEASE_LOCK(CONCAT('salon.schema.', MD5(DATABASE()))), 0)");
}

bool MysqlDatabase::madeBefore(const std::exception& failure) const {
    const auto* const known = dynamic_cast<const MysqlException*>(&failure);
    return known && isOneOf(known->code(), {ER_TABLE_EXISTS_ERROR, ER_DUP_FIELDNAME, ER_DUP_KEYNAME,
                                            ER_CANT_DROP_FIELD_OR_KEY, ER_BAD_TABLE_ERROR});
}

bool MysqlDatabase::isComplete(const std::string&) const {
    return true; // no triggers, whose bodies have semicolons of their own
}

} // namespace salon::store
