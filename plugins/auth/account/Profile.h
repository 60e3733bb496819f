#pragma once

#include "salon/Result.h"

#include <string>
#include <string_view>

namespace salon::auth {

/// 1 to 64 code points after trimming spaces, in NFC, with something to see in it; no control
/// characters (line breaks and bidirectional controls among them). Refuses with `bad_request` on
/// `display_name`: `too_short`, `too_long`, `invalid`.
Result<std::string> parseDisplayName(std::string_view text);

/// `#rrggbb`, in small letters. Refuses with `bad_request` on `avatar`: `invalid`.
Result<std::string> parseAvatar(std::string_view text);

/// An address in its two forms; both empty for none.
struct Email {
    std::string shown;  ///< as it was given, in NFC
    std::string folded; ///< how it is compared and unique

    /// What a mail server could take, without asking one: one `@`; before it 1 to 64 bytes without
    /// spaces, quotes, brackets, or stray dots; behind it a domain of two labels or more (RFC
    /// 1035, 2.3.4; letters outside ASCII as RFC 6531 has them); 254 bytes in all. Refuses with
    /// `bad_request` on `email`: `too_long`, `invalid`.
    static Result<Email> parse(std::string_view text);
};

} // namespace salon::auth
