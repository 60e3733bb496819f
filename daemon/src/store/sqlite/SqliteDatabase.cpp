#include "store/sqlite/SqliteDatabase.h"

#include "store/sqlite/SqliteStatement.h"

#include <Poco/Data/SQLite/Connector.h>
#include <Poco/Data/SQLite/SQLiteException.h>
#include <Poco/Data/SQLite/Utility.h>

#include <sqlite3.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <stdexcept>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>

namespace salon::store {

namespace {

namespace sqlite = Poco::Data::SQLite;

[[noreturn]] void refuse(const std::string& path, const std::string& sentence) {
    throw std::runtime_error("store.url names the file " + path + ", but " + sentence);
}

/// Before the library is first used, for after that it takes no settings: sessions are never shared
/// between threads at one time and need no lock each, and its memory statistics would make every
/// allocation of every thread take one global lock.
void prepareLibrary() {
    static std::once_flag once;
    std::call_once(once, [] {
        sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
        sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
        sqlite::Connector::registerConnector();
    });
}

/// The library would create the file for everybody to read. Closed again before the library opens
/// it: closing any descriptor of a file gives up the process's locks on it.
void createFile(const std::string& path) {
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (descriptor < 0) {
        refuse(path, std::string("it cannot be opened for writing (") + std::strerror(errno) +
                         "); let the user that runs salond write it and its directory");
    }
    ::close(descriptor);
}

void lookAtFolder(const std::string& path) {
    const auto folder = std::filesystem::path(path).parent_path();
    std::error_code error;
    if (!std::filesystem::is_directory(folder, error)) {
        refuse(path, "there is no directory " + folder.string() +
                         "; create it, owned by the user that runs salond, or name another path");
    }
    if (::access(folder.c_str(), W_OK | X_OK) != 0) {
        refuse(path, std::string("its directory cannot be written (") + std::strerror(errno) +
                         "), and SQLite keeps two more files there; let the user that runs salond "
                         "write it");
    }
}

void lookAtFile(const std::string& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) return;
    if (!S_ISREG(status.st_mode)) refuse(path, "that is no regular file; name another path");
    if (::access(path.c_str(), R_OK | W_OK) != 0) {
        refuse(path, std::string("it cannot be opened for writing (") + std::strerror(errno) +
                         "); let the user that runs salond write it and its directory");
    }
    if (status.st_size == 0) return;
    // https://sqlite.org/fileformat.html, 1.3.1
    constexpr std::string_view magic("SQLite format 3\0", 16);
    std::array<char, magic.size()> head{};
    std::ifstream(path, std::ios::binary).read(head.data(), head.size());
    if (std::string_view(head.data(), head.size()) != magic) {
        refuse(path, "that is no SQLite database, or a damaged one; name another path or restore a "
                     "backup");
    }
}

/// Its tables would be mixed with ours.
void refuseForeign(Session& session, const std::string& path) {
    const auto foreign = session.first<std::string>(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND NOT EXISTS"
        " (SELECT 1 FROM sqlite_master WHERE name = 'schema_version') ORDER BY name");
    session.dropStatements();
    if (!foreign) return;
    refuse(path, "that is another program's database (it has a table " +
                     std::get<0>(*foreign).substr(0, 64) + "); name another path");
}

std::string checked(const std::string& path) {
    // Names that the library takes for something else than a file.
    if (path.empty() || path.starts_with(':') || path.starts_with("file:")) {
        throw std::runtime_error("store.url must name a file after `sqlite:`, such as "
                                 "`sqlite:/var/lib/salon/salon.db`; `" +
                                 path + "` is none");
    }
    return std::filesystem::absolute(path).lexically_normal().string();
}

sqlite3* handle(Session& session) {
    return sqlite::Utility::dbHandle(session.poco());
}

template <class... Exceptions> bool isAny(const std::exception& failure) {
    return ((dynamic_cast<const Exceptions*>(&failure) != nullptr) || ...);
}

int afterCommit(void* checkpointer, sqlite3*, const char*, int pages) {
    static_cast<Checkpointer*>(checkpointer)->grown(pages);
    return SQLITE_OK;
}

} // namespace

SqliteDatabase::SqliteDatabase(const std::string& path, Log& log, bool existing)
    : _path(checked(path)),
      _checkpointer([this] { return connect(); }, Checkpointer::Limits{}, log) {
    prepareLibrary();
    if (existing && !std::filesystem::exists(_path)) refuse(_path, "there is no such file");
    look(path);
    createFile(_path);
    try {
        auto session = connect();
        refuseForeign(*session, _path);
        const auto mode = session->first<std::string>("PRAGMA journal_mode=WAL");
        if (!mode || std::get<0>(*mode) != "wal") {
            refuse(_path,
                   "SQLite cannot keep a write-ahead log there; name a path on a local disk");
        }
    } catch (const sqlite::CorruptImageException& failure) {
        refuse(_path, "that is no SQLite database, or a damaged one (" + failure.message() +
                          "); name another path or restore a backup");
    } catch (const sqlite::DBLockedException&) {
        refuse(_path, "another program keeps it locked; stop that program and start again");
    } catch (const Poco::Exception& failure) {
        refuse(_path,
               "it cannot be used (" + failure.displayText() + "); mend that or name another path");
    }
}

void SqliteDatabase::look(const std::string& path) {
    const auto file = checked(path);
    lookAtFolder(file);
    lookAtFile(file);
}

std::unique_ptr<Session> SqliteDatabase::connect() const {
    // Without a timeout: with one, Poco would try a file that cannot be opened over and over.
    auto session = std::make_unique<Session>(Poco::Data::Session(sqlite::Connector::KEY, _path, 0),
                                             Dialect::sqlite, prepareSqlite);
    session->execute("PRAGMA busy_timeout=5000");
    session->execute("PRAGMA synchronous=FULL");
    session->execute("PRAGMA foreign_keys=ON");
    session->execute("PRAGMA temp_store=MEMORY");
    session->execute("PRAGMA wal_autocheckpoint=0");
    session->execute("PRAGMA cache_size=-4096");
    session->dropStatements();
    return session;
}

std::unique_ptr<Session> SqliteDatabase::open(Use use) {
    auto session = connect();
    if (use == Use::reader || use == Use::check) {
        session->execute("PRAGMA query_only=ON");
    } else {
        session->execute("PRAGMA cache_size=-65536");
        // wal_autocheckpoint is itself such a hook: this one comes after it.
        sqlite3_wal_hook(handle(*session), afterCommit, &_checkpointer);
    }
    session->dropStatements();
    return session;
}

Database::Failure SqliteDatabase::classify(const std::exception& failure) const {
    if (isAny<sqlite::DatabaseFullException, sqlite::DBLockedException,
              sqlite::TableLockedException>(failure)) {
        return Failure::store;
    }
    if (isAny<sqlite::IOErrorException, sqlite::ReadOnlyException, sqlite::CantOpenDBFileException,
              sqlite::CorruptImageException, sqlite::LockProtocolException,
              sqlite::DBAccessDeniedException, sqlite::NoMemoryException,
              Poco::Data::ConnectionFailedException, Poco::Data::NotConnectedException>(failure)) {
        return Failure::session;
    }
    return Failure::write;
}

void SqliteDatabase::begin(Session& session) {
    _checkpointer.pass();
    session.execute("BEGIN IMMEDIATE");
}
void SqliteDatabase::commit(Session& session) {
    session.execute("COMMIT");
}
void SqliteDatabase::rollback(Session& session) {
    session.execute("ROLLBACK");
}

bool SqliteDatabase::inTransaction(Session& session) const {
    return sqlite3_get_autocommit(handle(session)) == 0;
}

void SqliteDatabase::createOwnTables(Session& session) {
    session.execute("CREATE TABLE IF NOT EXISTS schema_version ("
                    "plugin TEXT NOT NULL, version INTEGER NOT NULL, PRIMARY KEY (plugin, version)"
                    ") WITHOUT ROWID");
    session.execute("CREATE TABLE IF NOT EXISTS lane ("
                    "name TEXT NOT NULL PRIMARY KEY, batch INTEGER NOT NULL)");
}

bool SqliteDatabase::isComplete(const std::string& sql) const {
    return sqlite3_complete(sql.c_str()) != 0;
}

/// Two daemons would each believe their own cached heads. A lock of the kind that a forked child
/// does not inherit, on a file that nothing else opens: closing any descriptor of a file gives up
/// the process's locks on it.
void SqliteDatabase::lock() {
    const auto name = _path + ".lock";
    _lock = net::Fd(::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR));
    struct flock whole {};
    whole.l_type = F_WRLCK;
    whole.l_whence = SEEK_SET;
    if (_lock && ::fcntl(_lock.get(), F_SETLK, &whole) == 0) return;
    if (_lock && (errno == EACCES || errno == EAGAIN)) {
        refuse(_path, "another salond uses it; stop that one, or name another path");
    }
    refuse(_path, "its lock " + name + " cannot be taken (" + std::strerror(errno) +
                      "); let the user that runs salond write it");
}

void SqliteDatabase::start() {
    lock();
    _checkpointer.start();
}
void SqliteDatabase::stop() {
    _checkpointer.stop();
    _lock.reset();
}

} // namespace salon::store
