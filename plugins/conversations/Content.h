#pragma once

#include "salon/Result.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace salon::conversations {

/// Checks a message's text, which must be valid UTF-8, and turns CR LF into LF. Refuses with
/// `bad_request` what is empty, only white space and invisible characters, or holds another control
/// character (category Cc) than tab and newline, and with `too_large` what is longer than
/// `maxLength` code points.
Result<std::string> checkContent(std::string_view text, std::int64_t maxLength);

/// Checks a client's own id: 1 to 64 bytes.
Result<void> checkClientId(std::string_view id);

/// A digest of what a client sent, to tell a retry from another message under the same id (64 bits
/// of a SHA-256: only its sender would be harmed by a collision). It is stored: never change it.
std::int64_t digestOf(std::int64_t low, std::int64_t high, std::int64_t replyTo,
                      std::string_view content);

} // namespace salon::conversations
