#pragma once

#include "Model.h"
#include "salon/Http.h"
#include "salon/Json.h"
#include "salon/Result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// What clients may write in frames, bodies and queries, checked.

namespace salon::conversations {

constexpr std::int64_t defaultPage = 50;
constexpr std::int64_t largestPage = 200;

/// A user as a client names one: an id, or a username after `@`.
struct Peer {
    Id id = 0;        ///< 0: by name
    std::string name; ///< without the `@`
};

/// A number, its digits as a string, or `"@username"`.
Result<Peer> readPeer(JsonValue value, std::string_view field);
/// A positive integer.
Result<Id> readId(JsonValue value, std::string_view field);
/// An integer that is not negative; nullopt when absent or null.
Result<std::optional<std::int64_t>> readCount(JsonValue value, std::string_view field);
/// `reply_to`: 0 when absent or null.
Result<Id> readReply(JsonValue value);
/// `limit`: 1 to 200, 50 when absent.
Result<std::int64_t> readLimit(JsonValue value);
/// A member that must be a string.
Result<std::string_view> readText(JsonValue value, std::string_view field);

/// The same from a query.
Result<std::optional<std::int64_t>> readCount(const HttpRequest& request, std::string_view name);
Result<std::int64_t> readLimit(const HttpRequest& request);
/// A path's segment; refuses with `not_found`.
Result<Id> readSegment(const HttpRequest& request, std::string_view name);
/// Digits, without sign or leading space; nullopt otherwise.
std::optional<std::int64_t> readDigits(std::string_view text);

} // namespace salon::conversations
