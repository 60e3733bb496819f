#pragma once

#include "salon/Result.h"

#include <optional>
#include <string>
#include <string_view>

namespace salon::auth {

/// A valid username in its two forms.
struct Username {
    std::string shown;  ///< as it was registered, in NFC
    std::string folded; ///< how it is compared and unique

    /// After folding, 3 to 32 code points of letters (L*), digits (Nd), `.`, `_` and `-`; a
    /// combining mark (Mn, Mc) only behind a letter, at most four together, because many scripts
    /// cannot be written without them. Invisible characters are refused even where Unicode counts
    /// them as letters: two names must not look the same by them. Refuses with `bad_request` on
    /// `username`: `too_short`, `too_long`, `invalid`.
    static Result<Username> parse(std::string_view text);
    /// The folded form of what somebody typed to name a user; nullopt when no username can be
    /// meant.
    static std::optional<std::string> fold(std::string_view text);
};

} // namespace salon::auth
