#pragma once

#include "password/Password.h"

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace salon::auth {

/// What the database has of an account's password: an argon2id hash as it is made here, or a bcrypt
/// hash that was imported, which the next login replaces.
class StoredPassword {
public:
    /// nullopt for anything else, such as the empty text of an account without a password.
    static std::optional<StoredPassword> parse(std::string_view text);
    /// On a hasher; as PasswordHash::matches().
    Result<bool> matches(std::string_view password) const;
    /// Whether it should be made anew at `wanted` while the password is at hand.
    bool weakerThan(const PasswordHash::Cost& wanted) const;

private:
    using Hash = std::variant<PasswordHash, std::string>;
    explicit StoredPassword(Hash hash) : _hash(std::move(hash)) {}
    Hash _hash; ///< a text is bcrypt's
};

} // namespace salon::auth
