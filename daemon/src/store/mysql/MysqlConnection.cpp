#include "store/mysql/MysqlConnection.h"

#include <errmsg.h>
#include <mysqld_error.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <typeinfo>

namespace salon::store {

namespace {

constexpr std::chrono::seconds connectPatience{5};
/// What a server must take at least, so that the longest message fits.
constexpr std::size_t packetLeast = 1 << 20;

/// The texts of some errors show what was to be stored.
std::string withoutValues(unsigned code, std::string text) {
    if (code != ER_DUP_ENTRY && code != ER_TRUNCATED_WRONG_VALUE_FOR_FIELD &&
        code != ER_TRUNCATED_WRONG_VALUE) {
        return text;
    }
    const auto from = text.find('\'');
    const auto to = text.rfind("' for ");
    if (from == text.npos || to == text.npos || to < from) return "a value was refused";
    return text.replace(from, to + 1 - from, "(not shown)");
}

/// Everything in the common subset of dialects: no escapes by a backslash, || joins texts, a value
/// that does not fit is an error; texts are compared byte by byte. A lane sees what others have
/// committed, not what was there when its transaction began.
constexpr const char* settings[] = {
    "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,NO_BACKSLASH_ESCAPES,"
    "PIPES_AS_CONCAT,ERROR_FOR_DIVISION_BY_ZERO', time_zone = '+00:00', autocommit = 1",
    "SET NAMES utf8mb4 COLLATE utf8mb4_bin",
};

} // namespace

MysqlException::MysqlException(const std::string& text, int code)
    : Poco::Data::DataException(text, code) {}

const char* MysqlException::className() const noexcept {
    return typeid(*this).name();
}

MysqlConnection::MysqlConnection(const MysqlUrl& url, std::chrono::seconds patience)
    : SessionImpl("mysql"), _handle(nullptr) {
    static std::once_flag once;
    std::call_once(once, [] { mysql_library_init(0, nullptr, nullptr); });
    _handle = mysql_init(nullptr);
    if (!_handle) throw std::bad_alloc();
    try {
        setOptions(url, patience);
        const auto* socket = url.socket.empty() ? nullptr : url.socket.c_str();
        // An UPDATE counts the rows it found, as SQLite does, not those it made different.
        if (!mysql_real_connect(_handle, url.host.c_str(), url.user.c_str(), url.password.c_str(),
                                url.database.c_str(), url.port, socket, CLIENT_FOUND_ROWS)) {
            fail(mysql_errno(_handle), mysql_error(_handle));
        }
        // The library goes on in the clear with a server that says that it has no TLS.
        if (url.tls != MysqlUrl::Tls::off && !mysql_get_ssl_cipher(_handle)) {
            fail(CR_SSL_CONNECTION_ERROR, "the server does not offer TLS");
        }
        for (const auto* each : settings) execute(each);
        learnServer();
    } catch (...) {
        close();
        throw;
    }
}

MysqlConnection::~MysqlConnection() {
    close();
}

void MysqlConnection::setOptions(const MysqlUrl& url, std::chrono::seconds patience) {
    const auto limited = patience.count() != 0;
    const auto connecting = static_cast<unsigned>(
        (limited ? std::min(patience, connectPatience) : connectPatience).count());
    const auto answering = static_cast<unsigned>(patience.count());
    mysql_optionsv(_handle, MYSQL_OPT_CONNECT_TIMEOUT, &connecting);
    if (limited) {
        mysql_optionsv(_handle, MYSQL_OPT_READ_TIMEOUT, &answering);
        mysql_optionsv(_handle, MYSQL_OPT_WRITE_TIMEOUT, &answering);
    }
    mysql_optionsv(_handle, MYSQL_SET_CHARSET_NAME, "utf8mb4");
    // A server could ask for any file of this machine.
    const unsigned off = 0;
    mysql_optionsv(_handle, MYSQL_OPT_LOCAL_INFILE, &off);
    const unsigned protocol = url.socket.empty() ? MYSQL_PROTOCOL_TCP : MYSQL_PROTOCOL_SOCKET;
    mysql_optionsv(_handle, MYSQL_OPT_PROTOCOL, &protocol);
    if (url.tls == MysqlUrl::Tls::off) return;
    const my_bool enforce = 1;
    const my_bool verify = url.tls == MysqlUrl::Tls::verify ? 1 : 0;
    mysql_optionsv(_handle, MYSQL_OPT_SSL_ENFORCE, &enforce);
    mysql_optionsv(_handle, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &verify);
    if (!url.authority.empty()) mysql_optionsv(_handle, MYSQL_OPT_SSL_CA, url.authority.c_str());
    if (!url.certificate.empty()) {
        mysql_optionsv(_handle, MYSQL_OPT_SSL_CERT, url.certificate.c_str());
        mysql_optionsv(_handle, MYSQL_OPT_SSL_KEY, url.key.c_str());
    }
}

void MysqlConnection::learnServer() {
    _identity = {value("SELECT CONCAT(@@hostname, ':', @@port, ':', @@server_id)").value_or(""),
                 mysql_thread_id(_handle), std::chrono::steady_clock::now()};
    unsigned long extended = 0;
    mariadb_get_infov(_handle, MARIADB_CONNECTION_EXTENDED_SERVER_CAPABILITIES, &extended);
    _takesArrays = (extended & (MARIADB_CLIENT_STMT_BULK_OPERATIONS >> 32)) != 0;
    const auto packet = value("SELECT @@max_allowed_packet").value_or("0");
    std::size_t most = 0;
    std::from_chars(packet.data(), packet.data() + packet.size(), most);
    if (most < packetLeast) {
        fail(ER_NET_PACKET_TOO_LARGE, "the server's max_allowed_packet must be at least 1 MiB");
    }
    _packetMost = std::min<std::size_t>(most / 2, 4 << 20);
}

void MysqlConnection::close() {
    if (_handle) mysql_close(_handle);
    _handle = nullptr;
}

void MysqlConnection::run(const std::string& sql) {
    if (mysql_real_query(_handle, sql.data(), sql.size()) != 0) {
        fail(mysql_errno(_handle), mysql_error(_handle));
    }
}

void MysqlConnection::execute(const std::string& sql) {
    checkWhole();
    run(sql);
    if (auto* const rows = mysql_store_result(_handle)) mysql_free_result(rows);
}

std::optional<std::string> MysqlConnection::value(const std::string& sql) {
    checkWhole();
    run(sql);
    const std::unique_ptr<MYSQL_RES, void (*)(MYSQL_RES*)> rows(mysql_store_result(_handle),
                                                                mysql_free_result);
    if (!rows) fail(mysql_errno(_handle), mysql_error(_handle));
    auto* const row = mysql_fetch_row(rows.get());
    const auto column = mysql_num_fields(rows.get()) - 1;
    if (!row || !row[column]) return std::nullopt;
    return std::string(row[column], mysql_fetch_lengths(rows.get())[column]);
}

void MysqlConnection::checkWhole() const {
    if (_broken) throw *_broken;
}

void MysqlConnection::fail(unsigned code, const char* text) {
    MysqlException failure(withoutValues(code, text), static_cast<int>(code));
    if (code == ER_LOCK_DEADLOCK || code == ER_LOCK_WAIT_TIMEOUT) _broken = failure;
    throw failure;
}

Poco::SharedPtr<Poco::Data::StatementImpl> MysqlConnection::createStatementImpl() {
    throw Poco::NotImplementedException("statements on MySQL are made by salon::Session");
}

void MysqlConnection::begin() {
    _broken.reset();
    run("START TRANSACTION");
}

void MysqlConnection::commit() {
    checkWhole();
    run("COMMIT");
}

void MysqlConnection::rollback() {
    _broken.reset();
    run("ROLLBACK");
}

bool MysqlConnection::isTransaction() const {
    unsigned status = 0;
    mariadb_get_infov(_handle, MARIADB_CONNECTION_SERVER_STATUS, &status);
    return _broken || (status & SERVER_STATUS_IN_TRANS) != 0;
}

} // namespace salon::store
