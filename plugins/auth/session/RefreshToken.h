#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace salon::auth {

/// What renews a session when its access token has expired: 32 random bytes, of which the first
/// twelve (its family) stay the same as long as the session lives and the others are replaced at
/// every use. So a token that was replaced long ago still names its session, and using it shows
/// that somebody has a copy; without a copy the family cannot be guessed. The database knows both
/// by their SHA-256 only.
class RefreshToken {
public:
    static constexpr std::size_t size = 32;
    static constexpr std::size_t familySize = 12;

    /// The first of a new session.
    static RefreshToken make();
    /// Of text(); nullopt for anything else.
    static std::optional<RefreshToken> parse(std::string_view text);
    /// The one that replaces this one, from an HMAC of seed() with a secret key: always the same
    /// one, so that whoever asks twice ends with one valid token, and nobody without the key can
    /// tell.
    RefreshToken successor(std::string_view hmac) const;
    /// What is hashed for the successor; no access token's text can be that.
    std::string seed() const;

    /// base64url, 43 characters: as it travels.
    std::string text() const;
    /// SHA-256 in base64url, of the family and of the whole token.
    std::string familyHash() const;
    std::string hash() const;

private:
    explicit RefreshToken(std::string bytes) : _bytes(std::move(bytes)) {}
    std::string _bytes;
};

} // namespace salon::auth
