#pragma once

#include <cstdint>
#include <string>

namespace salon::bench {

/// How many direct conversations each of the sociable users has; an even number.
constexpr std::int64_t conversationsEach = 10;

/// Fills a stopped daemon's fresh database: users 1 to `users`, each with the session of the same
/// number; each of the first `sociable` has ten direct conversations with one message.
void seed(const std::string& database, std::int64_t users, std::int64_t sociable);

/// How many messages a stopped daemon has stored.
std::int64_t countMessages(const std::string& database);

} // namespace salon::bench
