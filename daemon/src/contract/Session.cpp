#include "salon/Store.h"

#include <algorithm>

namespace salon {

namespace {

/// A long list costs the database more than a short one, also when its values are all the same.
constexpr std::array<std::size_t, 4> sizes{1, 4, 16, 64};

/// One statement for each number of values.
struct SizedStatements final : detail::Kept {
    std::array<std::unique_ptr<detail::PreparedStatement>, sizes.size()> statements;
};

} // namespace

std::vector<SessionValue> Session::takeKeys(std::span<const std::int64_t>& keys) {
    const auto fits = std::lower_bound(sizes.begin(), sizes.end() - 1, keys.size());
    const auto taken = std::min(keys.size(), *fits);
    std::vector<SessionValue> values(keys.begin(),
                                     keys.begin() + static_cast<std::ptrdiff_t>(taken));
    values.resize(*fits, keys[taken - 1]);
    keys = keys.subspan(taken);
    return values;
}

detail::PreparedStatement& Session::statementIn(const char* sql, std::size_t values) {
    auto& entry = _kept[sql];
    if (!entry) entry = std::make_unique<SizedStatements>();
    const auto size = std::lower_bound(sizes.begin(), sizes.end(), values) - sizes.begin();
    auto& statement =
        kept<SizedStatements>(*entry, sql).statements.at(static_cast<std::size_t>(size));
    if (!statement) {
        auto whole = std::string(sql) + " (?";
        for (std::size_t i = 1; i < values; ++i) whole += ", ?";
        statement = _prepare(_session, (whole + ")").c_str());
    }
    return *statement;
}

} // namespace salon
