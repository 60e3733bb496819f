#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

// Unicode as accounts need it, over utf8proc. Texts come from strangers: everything here takes any
// bytes and says nullopt for what is not UTF-8.

namespace salon::auth {

/// Normalization Form C (UAX 15).
std::optional<std::string> composed(std::string_view text);

/// The form in which usernames are compared: case folded, compatibility characters replaced,
/// composed (NFKC_Casefold without its removal of invisible characters, which are for the caller to
/// refuse), repeated until nothing changes, so that folding what was folded gives the same.
std::optional<std::string> foldedCompatible(std::string_view text);

/// Case folded and composed, compatibility characters kept apart: for e-mail addresses, where two
/// texts that only look alike may be two mailboxes.
std::optional<std::string> foldedCase(std::string_view text);

std::optional<std::u32string> codePoints(std::string_view text);
std::string encodeUtf8(std::u32string_view text);

/// What a code point is to the rules for names.
enum class Sort {
    letter,  ///< L*
    digit,   ///< Nd
    mark,    ///< Mn, Mc
    space,   ///< Zs
    hidden,  ///< invisible by itself: default ignorable (UAX 44), such as fillers and joiners
    control, ///< Cc, line and paragraph separators, bidirectional controls, noncharacters
    other,
};
Sort sortOf(char32_t codePoint);

/// Whether it changes what stands before it and its order among others of its kind is made uniform
/// by composing (a canonical combining class other than 0). Long runs of them cost their length
/// squared; no language has more than a few.
bool isNonStarter(char32_t codePoint);

/// One line that is safe to store and show: at most `most` code points; control characters and what
/// is not UTF-8 become `?`. For header fields, which may hold any bytes.
std::string cleanLine(std::string_view text, std::size_t most);

} // namespace salon::auth
