#pragma once

#include <string_view>

namespace salon::net {

/// A token (RFC 9110, 5.6.2), which is not empty.
bool isToken(std::string_view text);
/// A field's value (RFC 9110, 5.5): visible characters, spaces, tabs and bytes over 0x7f.
bool isFieldValue(std::string_view text);
/// Visible ASCII characters only.
bool isVisible(std::string_view text);
/// `Host`'s value, or the authority of an http URI: uri-host [ ":" port ] (RFC 9110, 4.2 and 7.2).
bool isHost(std::string_view text);
/// Equal but for the case of ASCII letters.
bool equalsWithoutCase(std::string_view left, std::string_view right);
/// Without spaces and tabs around it (RFC 9110, 5.6.3).
std::string_view trim(std::string_view text);
/// The value of a hexadecimal digit, or -1.
int hexDigit(char c);

} // namespace salon::net
