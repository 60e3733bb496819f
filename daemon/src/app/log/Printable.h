#pragma once

#include <string>
#include <string_view>

namespace salon {

/// Appends `text` so that it can neither end a line nor drive a terminal: control characters (C0,
/// DEL and C1), the separators U+2028 and U+2029, the marks that reorder text, and bytes that are
/// no UTF-8 become `\n`, `\x1b`, `\u202e`.
void appendPrintable(std::string& out, std::string_view text);

/// Appends `text` as a JSON string with its quotes; the same characters become `\u` escapes, and
/// what is no UTF-8 becomes U+FFFD.
void appendJsonText(std::string& out, std::string_view text);

/// At most `most` characters of `text`, printable, with `…` for the rest: for a sentence that
/// quotes.
std::string printable(std::string_view text, std::size_t most = 120);

} // namespace salon
