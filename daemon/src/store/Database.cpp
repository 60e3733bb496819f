#include "store/Database.h"

#include "store/mysql/MysqlDatabase.h"
#include "store/sqlite/SqliteDatabase.h"

#include <Poco/Exception.h>

#include <filesystem>
#include <stdexcept>
#include <string_view>

namespace salon::store {

std::optional<std::int64_t> Database::settledBatch(Session& session, const std::string& lane) {
    const auto row = session.first<std::int64_t>("SELECT batch FROM lane WHERE name = ?", lane);
    if (!row) return std::nullopt;
    return std::get<0>(*row);
}

std::unique_ptr<Database> openDatabase(const Options& options, Log& log) {
    const auto& url = options.url;
    constexpr std::string_view sqlite = "sqlite:";
    if (url.starts_with(sqlite)) {
        return std::make_unique<SqliteDatabase>(url.substr(sqlite.size()), log, options.existing);
    }
    if (url.starts_with(MysqlUrl::scheme)) return std::make_unique<MysqlDatabase>(options, log);
    // Only what is before the first colon is shown: the rest may hold a password.
    const auto colon = url.find(':');
    const auto given = colon == std::string::npos ? "an address with no scheme"
                                                  : "of the scheme `" + url.substr(0, colon) + "`";
    throw std::runtime_error("store.url is " + given +
                             "; only `sqlite:PATH` is allowed, such as "
                             "`sqlite:/var/lib/salon/salon.db`, and " +
                             MysqlUrl::form);
}

std::optional<std::string> obstacleTo(const Options& options) {
    try {
        if (options.url.starts_with(MysqlUrl::scheme)) {
            MysqlDatabase::look(MysqlUrl::parse(options.url));
        } else {
            SqliteDatabase::look(options.url.substr(options.url.find(':') + 1));
        }
    } catch (const std::runtime_error& failure) {
        return failure.what();
    }
    return std::nullopt;
}

std::string placeOf(const std::string& url) {
    if (url.starts_with(MysqlUrl::scheme)) return MysqlUrl::withoutPassword(url);
    const auto path = url.find(':') + 1;
    return url.substr(0, path) +
           std::filesystem::absolute(url.substr(path)).lexically_normal().string();
}

std::string describe(const std::exception& failure) {
    if (const auto* poco = dynamic_cast<const Poco::Exception*>(&failure)) {
        return poco->displayText();
    }
    return failure.what();
}

std::string describeCurrent() {
    try {
        throw;
    } catch (const std::exception& failure) {
        return describe(failure);
    } catch (...) {
        return "an exception of no known type";
    }
}

} // namespace salon::store
