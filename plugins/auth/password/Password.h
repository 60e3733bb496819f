#pragma once

#include "salon/Result.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace salon::auth {

/// The bytes that are hashed for what somebody typed (RFC 8265, 4.2.2, OpaqueString): spaces
/// outside ASCII become U+0020, then NFC; case stays. At least `least` code points and at most 1024
/// bytes, no control characters, which keyboards and importers lose, and no more than 30 combining
/// marks in a row, which cost too much to compose. Refuses with `bad_request` on `password`:
/// `too_short`, `too_long`, `invalid`.
Result<std::string> preparePassword(std::string_view typed, std::size_t least);

/// A password hashed with argon2id (RFC 9106), as kept in the database as a PHC string.
struct PasswordHash {
    /// How much work it is. The standard values are among those that OWASP advises.
    struct Cost {
        std::uint32_t memory = 19456; ///< KiB
        std::uint32_t passes = 2;
        std::uint32_t lanes = 1;
        bool operator==(const Cost&) const = default;
    };

    Cost cost;
    std::string salt;
    std::string tag;

    /// Hashes with a fresh salt: tens of milliseconds and `cost.memory`, so only on a hasher.
    /// Refuses with `unavailable` when there is no memory for it.
    static Result<PasswordHash> of(std::string_view password, Cost cost);
    /// One that no password matches, and that takes as long to find out as a real one of that cost.
    static PasswordHash dummy(Cost cost);
    /// `$argon2id$v=19$m=19456,t=2,p=1$salt$tag`, nothing else and nothing looser; costs beyond 1
    /// GiB, 100 passes or 16 lanes are refused, so that no row of the database can stop the daemon.
    static std::optional<PasswordHash> parse(std::string_view phc);
    std::string phc() const;

    /// Compares in constant time. As costly, and refuses, as of().
    Result<bool> matches(std::string_view password) const;
    /// Whether it should be made anew at `wanted` while the password is at hand.
    bool weakerThan(const Cost& wanted) const;
};

} // namespace salon::auth
