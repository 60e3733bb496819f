#include "account/Username.h"

#include "Field.h"
#include "account/Text.h"

namespace salon::auth {

namespace {

constexpr std::size_t least = 3;
constexpr std::size_t most = 32;
constexpr int mostMarks = 4;
// Four decomposed code points of four bytes for each: longer is not worth folding.
constexpr std::size_t mostBytes = most * 16;

bool wellFormed(const std::u32string& name) {
    // Marks that may still follow.
    int marks = 0;
    for (const auto c : name) {
        switch (sortOf(c)) {
        case Sort::letter:
            marks = mostMarks;
            continue;
        case Sort::mark:
            if (marks-- == 0) return false;
            continue;
        case Sort::digit:
            break;
        default:
            if (c != U'.' && c != U'_' && c != U'-') return false;
        }
        marks = 0;
    }
    return true;
}

Error bad(const char* code, const char* detail) {
    return badField("username", code, detail);
}

} // namespace

Result<Username> Username::parse(std::string_view text) {
    if (text.size() > mostBytes) return bad("too_long", "must have at most 32 characters");
    auto shown = composed(text);
    auto folded = foldedCompatible(text);
    if (!shown || !folded) return bad("invalid", "must be valid UTF-8");
    const auto points = codePoints(*folded);
    if (!points || !wellFormed(*points)) {
        return bad("invalid", "may hold only letters, digits, '.', '_' and '-'");
    }
    if (points->size() < least) return bad("too_short", "must have at least 3 characters");
    if (points->size() > most) return bad("too_long", "must have at most 32 characters");
    return Username{std::move(*shown), std::move(*folded)};
}

std::optional<std::string> Username::fold(std::string_view text) {
    auto name = parse(text);
    if (!name) return std::nullopt;
    return std::move(name->folded);
}

} // namespace salon::auth
