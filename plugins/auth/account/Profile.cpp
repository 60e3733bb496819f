#include "account/Profile.h"

#include "Field.h"
#include "account/Text.h"

#include <algorithm>

namespace salon::auth {

namespace {

constexpr std::size_t mostDisplayName = 64;
constexpr std::size_t mostEmail = 254; // RFC 5321, 4.5.3.1.3, less the angle brackets
constexpr std::size_t mostLocal = 64;
constexpr std::size_t mostLabel = 63;

Error badName(const char* code, const char* detail) {
    return badField("display_name", code, detail);
}

Error badEmail() {
    return badField("email", "invalid", "must be an e-mail address");
}

std::u32string_view trimmed(std::u32string_view text) {
    while (!text.empty() && sortOf(text.front()) == Sort::space) text.remove_prefix(1);
    while (!text.empty() && sortOf(text.back()) == Sort::space) text.remove_suffix(1);
    return text;
}

/// Dots separate, and never stand first, last or side by side.
bool hasStrayDot(std::u32string_view text) {
    return text.front() == U'.' || text.back() == U'.' ||
           text.find(U"..") != std::u32string_view::npos;
}

bool isLocalPart(std::u32string_view local) {
    constexpr std::u32string_view refused = U"\"(),:;<>[\\]";
    if (local.empty() || encodeUtf8(local).size() > mostLocal || hasStrayDot(local)) return false;
    return std::none_of(local.begin(), local.end(),
                        [&](char32_t c) { return refused.find(c) != refused.npos; });
}

bool isLabel(std::u32string_view label) {
    if (label.empty() || encodeUtf8(label).size() > mostLabel) return false;
    if (label.front() == U'-' || label.back() == U'-') return false;
    return std::all_of(label.begin(), label.end(), [](char32_t c) {
        const auto sort = sortOf(c);
        return sort == Sort::letter || sort == Sort::digit || sort == Sort::mark || c == U'-';
    });
}

bool isDomain(std::u32string_view domain) {
    int labels = 0;
    while (true) {
        const auto dot = domain.find(U'.');
        if (!isLabel(domain.substr(0, dot))) return false;
        ++labels;
        if (dot == domain.npos) return labels >= 2;
        domain.remove_prefix(dot + 1);
    }
}

} // namespace

Result<std::string> parseDisplayName(std::string_view text) {
    // Decomposed text is at most a few times longer; more is not worth composing.
    if (text.size() > mostDisplayName * 32) {
        return badName("too_long", "must have at most 64 characters");
    }
    const auto whole = composed(text);
    const auto points = whole ? codePoints(*whole) : std::nullopt;
    if (!points) return badName("invalid", "must be valid UTF-8");
    bool visible = false;
    for (const auto c : *points) {
        const auto sort = sortOf(c);
        if (sort == Sort::control) return badName("invalid", "must not hold control characters");
        if (sort != Sort::space && sort != Sort::hidden) visible = true;
    }
    if (!visible) return badName("too_short", "must not be empty");
    const auto name = trimmed(*points);
    if (name.size() > mostDisplayName) {
        return badName("too_long", "must have at most 64 characters");
    }
    return encodeUtf8(name);
}

Result<std::string> parseAvatar(std::string_view text) {
    std::string colour(text);
    bool good = colour.size() == 7 && colour[0] == '#';
    for (std::size_t i = 1; good && i < colour.size(); ++i) {
        auto& c = colour[i];
        if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
        good = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    }
    if (!good) return badField("avatar", "invalid", "must be a colour such as #1e90ff");
    return colour;
}

Result<Email> Email::parse(std::string_view text) {
    if (text.size() > mostEmail) {
        return badField("email", "too_long", "must have at most 254 bytes");
    }
    auto shown = composed(text);
    auto folded = foldedCase(text);
    const auto points = shown ? codePoints(*shown) : std::nullopt;
    if (!points || !folded || std::max(shown->size(), folded->size()) > mostEmail) {
        return badEmail();
    }
    for (const auto c : *points) {
        const auto sort = sortOf(c);
        if (sort == Sort::control || sort == Sort::space || sort == Sort::hidden) return badEmail();
    }
    const std::u32string_view address = *points;
    const auto at = address.find(U'@');
    if (at == address.npos || address.find(U'@', at + 1) != address.npos) return badEmail();
    if (!isLocalPart(address.substr(0, at)) || !isDomain(address.substr(at + 1))) return badEmail();
    return Email{std::move(*shown), std::move(*folded)};
}

} // namespace salon::auth
