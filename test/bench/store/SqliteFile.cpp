#include "store/SqliteFile.h"

#include <Poco/Data/SQLite/Connector.h>
#include <Poco/Data/Statement.h>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

namespace salon::bench {

namespace {

void execute(Poco::Data::Session& session, const std::string& sql) {
    session << sql, Poco::Data::Keywords::now;
}

} // namespace

Poco::Data::Session SqliteFile::session() const {
    Poco::Data::SQLite::Connector::registerConnector();
    return Poco::Data::Session(Poco::Data::SQLite::Connector::KEY, file());
}

std::int64_t SqliteFile::bytes() const {
    std::int64_t bytes = 0;
    for (const auto* suffix : {"", "-wal"}) {
        std::error_code none;
        const auto size = std::filesystem::file_size(file() + suffix, none);
        if (!none) bytes += static_cast<std::int64_t>(size);
    }
    return bytes;
}

Poco::Data::Session SqliteFile::beginBulk() const {
    auto session = this->session();
    // A write-ahead log would write every page twice.
    execute(session, "PRAGMA journal_mode=DELETE");
    execute(session, "PRAGMA journal_mode=OFF");
    execute(session, "PRAGMA synchronous=OFF");
    execute(session, "PRAGMA cache_size=-524288");
    execute(session, "PRAGMA temp_store=FILE");
    return session;
}

void SqliteFile::endBulk(Poco::Data::Session session) const {
    execute(session, "PRAGMA journal_mode=WAL");
    session.close();
    // What the kernel still had to write would slow down what is measured next.
    const int descriptor = ::open(file().c_str(), O_RDONLY | O_CLOEXEC);
    const bool written = descriptor >= 0 && ::fsync(descriptor) == 0;
    const int reason = errno;
    if (descriptor >= 0) ::close(descriptor);
    if (!written) throw std::system_error(reason, std::generic_category(), file());
}

std::string SqliteFile::numbers(std::int64_t first, std::int64_t last) const {
    return "WITH RECURSIVE n(i) AS (SELECT " + std::to_string(first) +
           " UNION ALL SELECT i + 1 FROM n WHERE i < " + std::to_string(last) + ") ";
}

std::string SqliteFile::quotient(const std::string& dividend, std::int64_t divisor) const {
    return "(" + dividend + ") / " + std::to_string(divisor);
}

std::string SqliteFile::joined(std::initializer_list<std::string> parts) const {
    std::string text;
    for (const auto& part : parts) text += (text.empty() ? "" : " || ") + part;
    return text;
}

std::string SqliteFile::hex(const std::string& expression, unsigned digits) const {
    return "printf('%0" + std::to_string(digits) + "x', " + expression + ")";
}

} // namespace salon::bench
