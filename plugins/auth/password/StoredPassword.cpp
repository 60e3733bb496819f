#include "password/StoredPassword.h"

#include "password/Bcrypt.h"

namespace salon::auth {

std::optional<StoredPassword> StoredPassword::parse(std::string_view text) {
    if (isBcrypt(text)) return StoredPassword(std::string(text));
    if (auto hash = PasswordHash::parse(text)) return StoredPassword(std::move(*hash));
    return std::nullopt;
}

Result<bool> StoredPassword::matches(std::string_view password) const {
    if (const auto* bcrypt = std::get_if<std::string>(&_hash)) {
        return matchesBcrypt(password, *bcrypt);
    }
    return std::get<PasswordHash>(_hash).matches(password);
}

bool StoredPassword::weakerThan(const PasswordHash::Cost& wanted) const {
    const auto* argon = std::get_if<PasswordHash>(&_hash);
    return !argon || argon->weakerThan(wanted);
}

} // namespace salon::auth
