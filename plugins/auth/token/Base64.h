#pragma once

#include <optional>
#include <string>
#include <string_view>

// Base64 (RFC 4648) without padding, as tokens (RFC 7515, 2) and PHC strings write it. Decoding is
// strict: one text for each sequence of bytes, so no padding, no white space, no stray bits at the
// end.

namespace salon::auth {

enum class Alphabet {
    standard, ///< RFC 4648, 4
    url,      ///< RFC 4648, 5
};

std::string encodeBase64(std::string_view bytes, Alphabet alphabet);
std::optional<std::string> decodeBase64(std::string_view text, Alphabet alphabet);

} // namespace salon::auth
