#include "account/Text.h"

#include <utf8proc.h>

#include <cstdlib>
#include <memory>

namespace salon::auth {

namespace {

// Every known text is stable after two; what is not after this many is refused.
constexpr int maxFoldings = 4;

std::optional<std::string> map(std::string_view text, int options) {
    struct Free {
        void operator()(utf8proc_uint8_t* p) const { std::free(p); }
    };
    utf8proc_uint8_t* raw = nullptr;
    const auto length = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                     static_cast<utf8proc_ssize_t>(text.size()), &raw,
                                     static_cast<utf8proc_option_t>(options));
    const std::unique_ptr<utf8proc_uint8_t, Free> mapped(raw);
    if (length < 0) return std::nullopt;
    return std::string(reinterpret_cast<const char*>(mapped.get()),
                       static_cast<std::size_t>(length));
}

std::optional<std::string> mapUntilStable(std::string_view text, int options) {
    auto current = map(text, options);
    for (int i = 1; current && i < maxFoldings; ++i) {
        auto next = map(*current, options);
        if (next == current) return current;
        current = std::move(next);
    }
    return std::nullopt;
}

bool isBidirectionalControl(char32_t c) {
    return c == 0x061c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) ||
           (c >= 0x2066 && c <= 0x2069);
}

bool isNoncharacter(char32_t c) {
    return (c >= 0xfdd0 && c <= 0xfdef) || (c & 0xfffe) == 0xfffe;
}

/// Decodes the code point at the front of `text`; 0 bytes taken when it is not UTF-8.
std::size_t decode(std::string_view text, char32_t& c) {
    utf8proc_int32_t value = -1;
    const auto taken = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                        static_cast<utf8proc_ssize_t>(text.size()), &value);
    if (taken <= 0) return 0;
    c = static_cast<char32_t>(value);
    return static_cast<std::size_t>(taken);
}

} // namespace

std::optional<std::string> composed(std::string_view text) {
    return map(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
}

std::optional<std::string> foldedCompatible(std::string_view text) {
    return mapUntilStable(text,
                          UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD);
}

std::optional<std::string> foldedCase(std::string_view text) {
    return mapUntilStable(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD);
}

std::optional<std::u32string> codePoints(std::string_view text) {
    std::u32string out;
    out.reserve(text.size());
    while (!text.empty()) {
        char32_t c = 0;
        const auto taken = decode(text, c);
        if (taken == 0) return std::nullopt;
        out.push_back(c);
        text.remove_prefix(taken);
    }
    return out;
}

std::string encodeUtf8(std::u32string_view text) {
    std::string out;
    for (const auto c : text) {
        utf8proc_uint8_t bytes[4];
        const auto length = utf8proc_encode_char(static_cast<utf8proc_int32_t>(c), bytes);
        out.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(length));
    }
    return out;
}

Sort sortOf(char32_t c) {
    const auto* property = utf8proc_get_property(static_cast<utf8proc_int32_t>(c));
    if (isBidirectionalControl(c) || isNoncharacter(c)) return Sort::control;
    if (property->category == UTF8PROC_CATEGORY_CC) return Sort::control;
    // Some of these are letters and marks by category: U+3164 HANGUL FILLER is Lo.
    if (property->ignorable) return Sort::hidden;
    switch (property->category) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
        return Sort::letter;
    case UTF8PROC_CATEGORY_ND:
        return Sort::digit;
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
        return Sort::mark;
    case UTF8PROC_CATEGORY_ZS:
        return Sort::space;
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
        return Sort::control;
    default:
        return Sort::other;
    }
}

bool isNonStarter(char32_t c) {
    return utf8proc_get_property(static_cast<utf8proc_int32_t>(c))->combining_class != 0;
}

std::string cleanLine(std::string_view text, std::size_t most) {
    std::u32string out;
    while (!text.empty() && out.size() < most) {
        char32_t c = 0;
        const auto taken = decode(text, c);
        out.push_back(taken == 0 || sortOf(c) == Sort::control ? U'?' : c);
        text.remove_prefix(taken == 0 ? 1 : taken);
    }
    return encodeUtf8(out);
}

} // namespace salon::auth
