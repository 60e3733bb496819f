#include "store/MariaDatabase.h"

#include "Deadline.h"

#include <Poco/Data/MySQL/Connector.h>
#include <Poco/Data/Statement.h>
#include <Poco/URI.h>

#include <algorithm>
#include <ctime>
#include <stdexcept>
#include <thread>
#include <vector>

namespace salon::bench {

using Poco::Data::Session;
using namespace Poco::Data::Keywords;

namespace {

/// As a small machine of a service's own would have it: most of a million messages fits.
constexpr unsigned poolSize = 1024; // MiB
constexpr unsigned logSize = 512;

constexpr const char* anyDatabase = "information_schema";

void execute(Session& session, const std::string& sql) {
    session << sql, Poco::Data::Keywords::now;
}

std::int64_t number(Session& session, const std::string& sql) {
    Poco::Int64 value = 0;
    session << sql, into(value), Poco::Data::Keywords::now;
    return value;
}

std::string decoded(const std::string& part) {
    std::string text;
    Poco::URI::decode(part, text);
    return text;
}

} // namespace

MariaDatabase::MariaDatabase(const std::string& folder, std::optional<unsigned> core)
    : _server(std::make_unique<test::MariaServer>(test::MariaServer::Setup{
          .folder = folder, .pool = poolSize, .log = logSize, .core = core})),
      _name(_server->createDatabase()), _url(_server->url(_name)) {}

MariaDatabase::MariaDatabase(const std::string& url) {
    const Poco::URI address(url);
    const auto& login = address.getUserInfo();
    const auto colon = std::min(login.find(':'), login.size());
    const auto stem = address.getPath().substr(std::min<std::size_t>(1, address.getPath().size()));
    if (stem.empty() || colon == 0 || address.getHost().empty() || !address.getRawQuery().empty()) {
        throw std::invalid_argument("--store takes mysql://USER:PASSWORD@HOST:PORT/NAME and no "
                                    "options: the bench reaches the server over TCP");
    }
    const auto port = address.getPort() == 0 ? 3306 : address.getPort();
    _connection = "host=" + address.getHost() + ";user=" + decoded(login.substr(0, colon)) +
                  ";password=" + decoded(login.substr(std::min(colon + 1, login.size()))) +
                  ";port=" + std::to_string(port) + ";character-set=utf8mb4;db=";
    static int made = 0;
    const auto suffix = "_" + std::to_string(++made);
    // Not one that is there already: what it holds is not the bench's.
    auto first = session(anyDatabase);
    execute(first, "CREATE DATABASE `" + stem + suffix + "` CHARACTER SET utf8mb4");
    _name = stem + suffix;
    _url = url + suffix;
}

MariaDatabase::~MariaDatabase() {
    if (_server || _name.empty()) return;
    try {
        auto last = session(anyDatabase);
        execute(last, "DROP DATABASE `" + _name + "`");
    } catch (const Poco::Exception&) {
        // The server is gone, and the bench has said so where it mattered.
    }
}

Session MariaDatabase::session(const std::string& database) const {
    Poco::Data::MySQL::Connector::registerConnector();
    return {"MySQL", _server ? _server->pocoConnection(database) : _connection + database};
}

Session MariaDatabase::session() const {
    return session(_name);
}

std::int64_t MariaDatabase::bytes() const {
    auto session = this->session();
    lookUpTables(session);
    return number(session, "SELECT CAST(SUM(data_length + index_length) AS SIGNED) FROM "
                           "information_schema.tables WHERE table_schema = DATABASE()");
}

std::optional<double> MariaDatabase::processorSeconds() const {
    if (!_server) return std::nullopt;
    clockid_t clock;
    timespec time;
    if (::clock_getcpuclockid(_server->pid(), &clock) != 0 || ::clock_gettime(clock, &time) != 0) {
        throw std::runtime_error("the database server is gone");
    }
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

Session MariaDatabase::beginBulk() const {
    auto session = this->session();
    execute(session, "SET SESSION unique_checks = 0, foreign_key_checks = 0");
    return session;
}

void MariaDatabase::endBulk(Session session) const {
    lookUpTables(session);
    if (_server) writeAll(session);
}

/// What is known of the tables' sizes decides how the server looks for rows.
void MariaDatabase::lookUpTables(Session& session) const {
    std::vector<std::string> tables;
    session << "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()",
        into(tables), Poco::Data::Keywords::now;
    for (const auto& table : tables) {
        session << "ANALYZE TABLE `" + table + "`", Poco::Data::Keywords::now;
    }
}

/// What the server still had to write would slow down what is measured next.
void MariaDatabase::writeAll(Session& session) const {
    const test::Deadline deadline(std::chrono::minutes(5));
    const auto standard =
        number(session, "SELECT CAST(@@GLOBAL.innodb_max_dirty_pages_pct AS SIGNED)");
    execute(session, "SET GLOBAL innodb_max_dirty_pages_pct = 0");
    const auto dirty = [&] {
        return number(session, "SELECT CAST(variable_value AS SIGNED) FROM "
                               "information_schema.global_status WHERE variable_name = "
                               "'INNODB_BUFFER_POOL_PAGES_DIRTY'");
    };
    while (dirty() > 0 && !deadline.passed()) {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    execute(session, "SET GLOBAL innodb_max_dirty_pages_pct = " + std::to_string(standard));
}

/// By MariaDB's storage engine SEQUENCE, which counts as fast as rows are read.
std::string MariaDatabase::numbers(std::int64_t first, std::int64_t last) const {
    return "WITH n(i) AS (SELECT seq FROM seq_" + std::to_string(first) + "_to_" +
           std::to_string(last) + ") ";
}

std::string MariaDatabase::quotient(const std::string& dividend, std::int64_t divisor) const {
    return "(" + dividend + ") DIV " + std::to_string(divisor);
}

std::string MariaDatabase::joined(std::initializer_list<std::string> parts) const {
    std::string text;
    for (const auto& part : parts) text += (text.empty() ? "CONCAT(" : ", ") + part;
    return text + ")";
}

std::string MariaDatabase::hex(const std::string& expression, unsigned digits) const {
    return "LOWER(LPAD(HEX(" + expression + "), " + std::to_string(digits) + ", '0'))";
}

} // namespace salon::bench
