#include "http/HttpSyntax.h"

#include "http/HttpReader.h"
#include "websocket/Utf8.h"

#include <algorithm>
#include <array>

namespace salon::net {

namespace {

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}

bool isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// A table of the letters, the digits and `others`.
constexpr std::array<bool, 256> alphabet(std::string_view others) {
    std::array<bool, 256> table{};
    for (int c = 'a'; c <= 'z'; ++c) table[static_cast<std::size_t>(c)] = true;
    for (int c = 'A'; c <= 'Z'; ++c) table[static_cast<std::size_t>(c)] = true;
    for (int c = '0'; c <= '9'; ++c) table[static_cast<std::size_t>(c)] = true;
    for (const char c : others) table[static_cast<unsigned char>(c)] = true;
    return table;
}

constexpr auto tokens = alphabet("!#$%&'*+-.^_`|~");
constexpr auto names = alphabet("-._~!$&'()*+,;=%"); // reg-name (RFC 3986, 3.2.2)

bool isOf(const std::array<bool, 256>& table, std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [&](char c) { return table[static_cast<unsigned char>(c)]; });
}

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

} // namespace

bool isToken(std::string_view text) {
    return !text.empty() && isOf(tokens, text);
}

bool isFieldValue(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte == '\t' || (byte >= ' ' && byte != 0x7f);
    });
}

bool isVisible(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

bool isHost(std::string_view text) {
    std::string_view port;
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        if (end == std::string_view::npos || end == 1) return false;
        const auto address = text.substr(1, end - 1);
        const auto ofAddress = [](char c) { return hexDigit(c) >= 0 || c == ':' || c == '.'; };
        if (!std::all_of(address.begin(), address.end(), ofAddress)) return false;
        port = text.substr(end + 1);
    } else {
        const auto name = text.substr(0, text.find(':'));
        if (!isOf(names, name)) return false;
        port = text.substr(name.size());
    }
    return port.empty() ||
           (port.front() == ':' && std::all_of(port.begin() + 1, port.end(), isDigit));
}

bool equalsWithoutCase(std::string_view left, std::string_view right) {
    return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                      [](char a, char b) { return lower(a) == lower(b); });
}

std::string_view trim(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") + 1 - first);
}

int hexDigit(char c) {
    if (isDigit(c)) return c - '0';
    if (isLetter(c) && lower(c) <= 'f') return lower(c) - 'a' + 10;
    return -1;
}

std::optional<std::string> percentDecode(std::string_view text, bool plusIsSpace) {
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '+' && plusIsSpace) c = ' ';
        if (c == '%') {
            if (text.size() - i < 3) return std::nullopt;
            const int high = hexDigit(text[i + 1]);
            const int low = hexDigit(text[i + 2]);
            if (high < 0 || low < 0) return std::nullopt;
            c = static_cast<char>(high << 4 | low);
            i += 2;
        }
        if (c == '\0') return std::nullopt;
        decoded.push_back(c);
    }
    if (!isUtf8(decoded)) return std::nullopt;
    return decoded;
}

std::optional<std::string> queryParameter(std::string_view query, std::string_view name) {
    while (!query.empty()) {
        const auto pair = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(query.size(), pair.size() + 1));
        const auto key = pair.substr(0, pair.find('='));
        if (percentDecode(key, true) != name) continue;
        return percentDecode(pair.substr(std::min(pair.size(), key.size() + 1)), true);
    }
    return std::nullopt;
}

} // namespace salon::net
