#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace salon::directory {

/// Bytes of a folded text that a search can tell apart; what is behind them is not looked at. More
/// than any username has, and any display name that folding does not make longer.
constexpr std::size_t longestWord = 600;

/// The form in which texts are compared: decomposed for compatibility (NFKD, UAX 15), without marks
/// and invisible characters, case folded, one space where there was white space and none at the
/// ends. nullopt for what is not UTF-8.
std::optional<std::string> fold(std::string_view text);

/// What a person is found by, folded.
struct Listing {
    std::string name;
    std::string display;
    bool operator==(const Listing&) const = default;
};

/// Folds a username and a display name.
Listing listingOf(std::string_view username, std::string_view displayName);

/// A place at which a search may begin to match.
struct Word {
    std::string text;       ///< at most longestWord bytes
    std::size_t shared = 0; ///< bytes that it begins alike with the word before it
};

/// In order, each text once: the name, and the display name from each of its first sixteen words
/// on, so that "anna ma" finds Anna Maria.
std::vector<Word> wordsOf(const Listing& listing);

} // namespace salon::directory
