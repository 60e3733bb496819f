#include "app/log/Printable.h"

#include <array>
#include <cstdint>

namespace salon {

namespace {

struct Character {
    std::uint32_t code = 0;
    std::size_t length = 1;
    bool valid = false;
};

// The next character of UTF-8 (RFC 3629); of what is not valid, the first byte.
Character next(std::string_view text) {
    const auto byte = [&](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
    };
    const auto first = byte(0);
    if (first < 0x80) return {first, 1, true};
    const std::size_t length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (first < 0xc2 || first > 0xf4) return {first, 1, false};
    std::uint32_t code = first & (0x7fU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xc0U) != 0x80) return {first, 1, false};
        code = code << 6 | (byte(i) & 0x3fU);
    }
    constexpr std::array<std::uint32_t, 5> least = {0, 0, 0x80, 0x800, 0x10000};
    const bool surrogate = code >= 0xd800 && code <= 0xdfff;
    if (code < least[length] || code > 0x10ffff || surrogate) return {first, 1, false};
    return {code, length, true};
}

bool harmless(std::uint32_t code) {
    if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return false;
    if (code >= 0x2028 && code <= 0x202e) return false; // separators, embeddings and overrides
    return code < 0x2066 || code > 0x2069;              // isolates
}

void appendHex(std::string& out, std::uint32_t code, int digits) {
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
        out += "0123456789abcdef"[code >> shift & 15U];
    }
}

void appendEscape(std::string& out, const Character& character) {
    switch (character.code) {
    case '\n':
        out += "\\n";
        return;
    case '\r':
        out += "\\r";
        return;
    case '\t':
        out += "\\t";
        return;
    default:
        break;
    }
    const bool narrow = !character.valid || character.code < 0x80;
    out += narrow ? "\\x" : "\\u";
    appendHex(out, character.code, narrow ? 2 : 4);
}

} // namespace

void appendPrintable(std::string& out, std::string_view text) {
    while (!text.empty()) {
        const auto character = next(text);
        if (character.valid && harmless(character.code)) {
            out += text.substr(0, character.length);
        } else {
            appendEscape(out, character);
        }
        text.remove_prefix(character.length);
    }
}

void appendJsonText(std::string& out, std::string_view text) {
    out += '"';
    while (!text.empty()) {
        const auto character = next(text);
        if (!character.valid) {
            out += "\\ufffd";
        } else if (character.code == '"' || character.code == '\\') {
            out += '\\';
            out += static_cast<char>(character.code);
        } else if (harmless(character.code)) {
            out += text.substr(0, character.length);
        } else {
            out += "\\u";
            appendHex(out, character.code, 4);
        }
        text.remove_prefix(character.length);
    }
    out += '"';
}

std::string printable(std::string_view text, std::size_t most) {
    std::size_t end = 0;
    for (std::size_t count = 0; end < text.size() && count < most; ++count) {
        end += next(text.substr(end)).length;
    }
    std::string out;
    appendPrintable(out, text.substr(0, end));
    if (end < text.size()) out += "…";
    return out;
}

} // namespace salon
