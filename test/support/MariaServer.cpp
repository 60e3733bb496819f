#include "MariaServer.h"

#include "Deadline.h"

#include <Poco/Data/MySQL/Connector.h>
#include <Poco/Data/Session.h>
#include <Poco/Net/ServerSocket.h>

#include <fcntl.h>
#include <pwd.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <stdexcept>
#include <system_error>
#include <vector>

namespace salon::test {

namespace {

constexpr std::chrono::milliseconds startPatience{60'000};
constexpr const char* user = "salon";
constexpr const char* plain = "p/@w %0";
constexpr const char* encoded = "p%2F%40w%20%250";

std::string ownName() {
    const auto* const entry = ::getpwuid(::geteuid());
    return entry ? entry->pw_name : "root";
}

/// Holds a file's lock, so that one of several processes makes the template.
class FileLock {
public:
    explicit FileLock(const std::string& path)
        : _descriptor(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
        if (_descriptor < 0 || ::flock(_descriptor, LOCK_EX) != 0) {
            throw std::system_error(errno, std::generic_category(), "cannot lock " + path);
        }
    }
    ~FileLock() { ::close(_descriptor); }
    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;

private:
    int _descriptor;
};

/// An empty data folder, made once for a build and copied for each server.
std::filesystem::path dataTemplate() {
    const std::filesystem::path home = SALON_BUILD "/test";
    const auto data = home / "mariadb-template";
    const FileLock lock((home / "mariadb-template.lock").string());
    if (std::filesystem::exists(data)) return data;
    const TemporaryFolder fresh(home);
    ChildProcess install({"/usr/bin/mariadb-install-db",
                          {"--no-defaults", "--datadir=" + fresh.file("data"),
                           "--user=" + ownName(), "--auth-root-authentication-method=normal",
                           "--skip-test-db", "--innodb-log-file-size=16M"},
                          fresh.path()});
    if (install.wait(startPatience) != 0) {
        throw std::runtime_error("mariadb-install-db failed:\n" + install.output() +
                                 install.errors());
    }
    std::filesystem::rename(fresh.path() / "data", data);
    return data;
}

std::filesystem::path folderForData() {
    constexpr std::uintmax_t enough = std::uintmax_t{1} << 30;
    const std::filesystem::path memory = "/dev/shm";
    std::error_code error;
    const auto space = std::filesystem::space(memory, error);
    return !error && space.available >= enough ? memory : std::filesystem::path();
}

std::uint16_t freePort() {
    return Poco::Net::ServerSocket(Poco::Net::SocketAddress("127.0.0.1", 0)).address().port();
}

} // namespace

MariaServer::MariaServer(const Setup& setup)
    : _setup(setup), _folder(setup.folder.empty() ? folderForData() : setup.folder),
      _port(freePort()) {
    std::filesystem::copy(dataTemplate(), _folder.path() / "data",
                          std::filesystem::copy_options::recursive);
    start();
    Poco::Data::MySQL::Connector::registerConnector();
    Poco::Data::Session root("MySQL", "host=127.0.0.1;user=root;port=" + std::to_string(_port));
    root << std::string("CREATE USER 'salon'@'%' IDENTIFIED BY '") + plain + "'",
        Poco::Data::Keywords::now;
    root << "GRANT ALL ON *.* TO 'salon'@'%' WITH GRANT OPTION", Poco::Data::Keywords::now;
}

MariaServer::~MariaServer() = default;

MariaServer& MariaServer::shared() {
    static MariaServer server;
    return server;
}

std::string MariaServer::createDatabase() {
    const auto name = "salon_" + std::to_string(++_databases);
    execute("CREATE DATABASE " + name + " CHARACTER SET latin1"); // the tables say what they need
    return name;
}

void MariaServer::dropDatabase(const std::string& name) {
    execute("DROP DATABASE " + name);
}

std::string MariaServer::url(const std::string& database) const {
    return std::string("mysql://") + user + ":" + encoded + "@127.0.0.1:" + std::to_string(_port) +
           "/" + database;
}

std::string MariaServer::pocoConnection(const std::string& database) const {
    return std::string("host=127.0.0.1;user=") + user + ";password=" + plain +
           ";port=" + std::to_string(_port) + ";db=" + database + ";character-set=utf8mb4";
}

const char* MariaServer::password() {
    return plain;
}

int MariaServer::breakLinks(const std::string& database) {
    Poco::Data::Session session("MySQL", pocoConnection("mysql"));
    std::vector<Poco::Int64> links;
    session << "SELECT id FROM information_schema.processlist WHERE db = '" + database + "'",
        Poco::Data::Keywords::into(links), Poco::Data::Keywords::now;
    int broken = 0;
    for (const auto link : links) {
        try {
            session << "KILL " + std::to_string(link), Poco::Data::Keywords::now;
            ++broken;
        } catch (const Poco::Exception&) {
            // It has ended by itself.
        }
    }
    return broken;
}

void MariaServer::execute(const std::string& sql) const {
    Poco::Data::Session session("MySQL", pocoConnection("mysql"));
    session << sql, Poco::Data::Keywords::now;
}

void MariaServer::start() {
    const auto data = _folder.path() / "data";
    std::vector<std::string> arguments{"--no-defaults",
                                       "--user=" + ownName(),
                                       "--datadir=" + data.string(),
                                       "--socket=" + _folder.file("socket"),
                                       "--pid-file=" + _folder.file("pid"),
                                       "--bind-address=127.0.0.1",
                                       "--port=" + std::to_string(_port),
                                       "--skip-name-resolve",
                                       "--innodb-flush-log-at-trx-commit=1",
                                       "--innodb-log-file-size=" + std::to_string(_setup.log) + "M",
                                       "--innodb-buffer-pool-size=" + std::to_string(_setup.pool) +
                                           "M",
                                       "--innodb-io-capacity=10000",
                                       "--innodb-fast-shutdown=1",
                                       "--performance-schema=OFF",
                                       "--skip-log-bin",
                                       "--max-connections=500"};
    arguments.insert(arguments.end(), _setup.arguments.begin(), _setup.arguments.end());
    _process = std::make_unique<ChildProcess>(ChildProcess::Start{
        "/usr/sbin/mariadbd", std::move(arguments), _folder.path(), {}, _setup.core});
    _process->waitForLine("ready for connections", startPatience);
}

void MariaServer::stop() {
    _process->signal(SIGTERM);
    if (!_process->wait(startPatience)) throw std::runtime_error("mariadbd does not stop");
    _process.reset();
}

void MariaServer::kill() {
    _process.reset();
}

void MariaServer::startIfEnded(std::chrono::milliseconds within) {
    if (_process->wait(within)) start();
}

void MariaServer::freeze() {
    _process->signal(SIGSTOP);
    // Its threads on other processors go on until they notice.
    siginfo_t stopped{};
    if (::waitid(P_PID, static_cast<id_t>(_process->pid()), &stopped, WSTOPPED) != 0) {
        throw std::system_error(errno, std::generic_category(), "waitid");
    }
}

void MariaServer::thaw() {
    _process->signal(SIGCONT);
}

} // namespace salon::test
