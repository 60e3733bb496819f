#include "Listing.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

namespace salon::directory {

namespace {

// Some characters fold to a form that folds again; no text needs more than this.
constexpr int mostFoldings = 4;
// A display name of 64 characters may have more words; nobody is looked for by the others.
constexpr std::size_t mostWords = 16;

constexpr auto options = static_cast<utf8proc_option_t>(
    UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_STRIPMARK | UTF8PROC_IGNORE |
    UTF8PROC_CASEFOLD | UTF8PROC_STRIPCC);

std::optional<std::string> map(std::string_view text) {
    struct Free {
        void operator()(utf8proc_uint8_t* p) const { std::free(p); }
    };
    utf8proc_uint8_t* raw = nullptr;
    const auto length = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                     static_cast<utf8proc_ssize_t>(text.size()), &raw, options);
    const std::unique_ptr<utf8proc_uint8_t, Free> mapped(raw);
    if (length < 0) return std::nullopt;
    return std::string(reinterpret_cast<const char*>(mapped.get()),
                       static_cast<std::size_t>(length));
}

bool isSpace(utf8proc_int32_t c) {
    const auto category = utf8proc_category(c);
    return category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL ||
           category == UTF8PROC_CATEGORY_ZP;
}

/// Of valid UTF-8: one space for white space, none at the ends.
std::string spaced(std::string_view text) {
    std::string out;
    bool space = false;
    while (!text.empty()) {
        utf8proc_int32_t c = 0;
        const auto taken = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                            static_cast<utf8proc_ssize_t>(text.size()), &c);
        if (taken <= 0) break;
        const auto bytes = text.substr(0, static_cast<std::size_t>(taken));
        text.remove_prefix(bytes.size());
        if (isSpace(c)) {
            space = true;
            continue;
        }
        if (space && !out.empty()) out += ' ';
        space = false;
        out += bytes;
    }
    return out;
}

/// Cut behind a whole code point.
std::string_view cut(std::string_view text) {
    if (text.size() <= longestWord) return text;
    auto end = longestWord;
    while ((static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
    return text.substr(0, end);
}

std::size_t alike(std::string_view one, std::string_view other) {
    const auto ends = std::mismatch(one.begin(), one.end(), other.begin(), other.end());
    return static_cast<std::size_t>(ends.first - one.begin());
}

} // namespace

std::optional<std::string> fold(std::string_view text) {
    auto current = map(text);
    for (int i = 1; current && i < mostFoldings; ++i) {
        auto next = map(*current);
        if (next == current) break;
        current = std::move(next);
    }
    if (!current) return std::nullopt;
    return spaced(*current);
}

Listing listingOf(std::string_view username, std::string_view displayName) {
    // What an account holds is UTF-8; an import that is not is found by nothing.
    return {fold(username).value_or(std::string()), fold(displayName).value_or(std::string())};
}

std::vector<Word> wordsOf(const Listing& listing) {
    std::vector<std::string_view> texts;
    if (!listing.name.empty()) texts.push_back(cut(listing.name));
    std::string_view rest = listing.display;
    for (std::size_t count = 0; !rest.empty() && count < mostWords; ++count) {
        texts.push_back(cut(rest));
        const auto space = rest.find(' ');
        rest.remove_prefix(space == rest.npos ? rest.size() : space + 1);
    }
    std::sort(texts.begin(), texts.end());
    texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
    std::vector<Word> words;
    words.reserve(texts.size());
    for (const auto& text : texts) {
        const auto shared = words.empty() ? 0 : alike(words.back().text, text);
        words.push_back({std::string(text), shared});
    }
    return words;
}

} // namespace salon::directory
