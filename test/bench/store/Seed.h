#pragma once

#include "store/Database.h"

#include <cstdint>

// Rows as a daemon would have made them, written straight into the schema that its first start
// made; it must not run meanwhile.

namespace salon::bench {

/// Users 1 to `users`, named after their number, each with the session of the same number. The
/// first `sociable` sit in a ring: each has a direct conversation with one message with each of
/// the `each` next to it (`each` even, less than `sociable`).
void seedPeople(const Database& database, std::int64_t users, std::int64_t sociable,
                std::int64_t each = 10);

/// `each` further messages of 100 bytes with UUIDv7 ids for every conversation, one conversation
/// after the other taking turns, as the time goes.
void seedMessages(const Database& database, std::int64_t conversations, std::int64_t each);

/// `users` further people of the directory, who can be found by a given name (`given(0)` to
/// `given(names - 1)`, beginning with a to m) and a family name (n to z).
void seedDirectory(const Database& database, std::int64_t users);
constexpr std::int64_t names = 1000;
std::string given(std::int64_t number);
std::string family(std::int64_t number);

/// How many messages are stored.
std::int64_t countMessages(const Database& database);

} // namespace salon::bench
