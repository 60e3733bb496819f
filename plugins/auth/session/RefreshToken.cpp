#include "session/RefreshToken.h"

#include "token/Base64.h"
#include "token/Digest.h"
#include "token/Random.h"

namespace salon::auth {

RefreshToken RefreshToken::make() {
    return RefreshToken(randomBytes(size));
}

std::optional<RefreshToken> RefreshToken::parse(std::string_view text) {
    auto bytes = decodeBase64(text, Alphabet::url);
    if (!bytes || bytes->size() != size) return std::nullopt;
    return RefreshToken(std::move(*bytes));
}

RefreshToken RefreshToken::successor(std::string_view hmac) const {
    return RefreshToken(_bytes.substr(0, familySize).append(hmac.substr(0, size - familySize)));
}

std::string RefreshToken::seed() const {
    // Access tokens hold no NUL.
    return std::string("refresh\0", 8) + _bytes;
}

std::string RefreshToken::text() const {
    return encodeBase64(_bytes, Alphabet::url);
}

std::string RefreshToken::familyHash() const {
    return hashed(std::string_view(_bytes).substr(0, familySize));
}

std::string RefreshToken::hash() const {
    return hashed(_bytes);
}

} // namespace salon::auth
