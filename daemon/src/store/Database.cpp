#include "store/Database.h"

#include "store/SqliteDatabase.h"

#include <Poco/Exception.h>

#include <stdexcept>
#include <string_view>

namespace salon::store {

std::unique_ptr<Database> openDatabase(const std::string& url, Log& log) {
    constexpr std::string_view sqlite = "sqlite:";
    if (!url.starts_with(sqlite)) {
        // Only what is before the first colon is shown: the rest may hold a password.
        const auto colon = url.find(':');
        const auto given = colon == std::string::npos
                               ? "`" + url + "`, which has no scheme"
                               : "of the scheme `" + url.substr(0, colon) + "`";
        throw std::runtime_error("store.url is " + given +
                                 "; only `sqlite:PATH` is allowed, such as "
                                 "`sqlite:/var/lib/salon/salon.db`");
    }
    return std::make_unique<SqliteDatabase>(url.substr(sqlite.size()), log);
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
