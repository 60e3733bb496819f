#pragma once

#include "salon/Result.h"

#include <string_view>

namespace salon::auth {

/// Whether it is the hash of a password that was imported: `$2a$`, `$2b$` or `$2y$`, a cost of 4 to
/// 14 (a second and a half of work), 22 characters of salt and 31 of hash.
bool isBcrypt(std::string_view hash);

/// Compares `password` with a hash of that form, in constant time; on a hasher. Like every bcrypt,
/// it looks at the first 72 bytes only. Refuses with `unavailable` when there is no memory for it.
Result<bool> matchesBcrypt(std::string_view password, std::string_view hash);

} // namespace salon::auth
