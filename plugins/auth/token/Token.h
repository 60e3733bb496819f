#pragma once

#include "session/Sessions.h"
#include "token/KeyFile.h"

#include "salon/Guarded.h"
#include "salon/Principal.h"
#include "salon/Result.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

// Access tokens: JWTs (RFC 7519) in compact form, signed with HMAC SHA-256 (RFC 7515, RFC
// 7518, 3.2).
//
//   {"alg":"HS256","typ":"JWT","kid":"…"} . {"sub":"12","sid":3,"iat":…,"nbf":…,"exp":…,
//                                            "iss":"salon","aud":"salon"} . signature
//
// Only what sign() could have made is believed: there is one algorithm and it is not the token's to
// choose, one way to write each part, and every claim must be there with its type.

namespace salon::auth {

/// Signs and checks. Any thread; a check takes about 2 µs and asks nobody.
class Tokens {
public:
    /// `keys`: newest first, at least one; `lifetime` is that of the tokens signed here.
    Tokens(const std::vector<SecretKey>& keys, std::chrono::seconds lifetime);
    ~Tokens();
    Tokens(const Tokens&) = delete;
    Tokens& operator=(const Tokens&) = delete;

    /// Signs with other keys from now on, and believes no key that is not among them.
    void replaceKeys(const std::vector<SecretKey>& keys);
    std::chrono::seconds lifetime() const { return _lifetime; }
    /// `now` is in seconds since 1970, here and below.
    std::string sign(const Principal& principal, std::int64_t now) const;
    /// Refuses with `unauthorized`. Valid from `nbf` (30 s earlier, for clocks that differ) until
    /// before `exp`.
    Result<Principal> verify(std::string_view token, std::int64_t now) const;
    /// HMAC SHA-256 of a text that no access token can be, by each key, newest first.
    std::vector<std::string> derive(std::string_view text) const;

private:
    class Signer;
    using Signers = std::vector<std::unique_ptr<Signer>>;
    static std::shared_ptr<const Signers> signersOf(const std::vector<SecretKey>& keys);
    static const Signer* signerOf(const Signers& signers, std::string_view header);
    std::shared_ptr<const Signers> signers() const { return *_signers.lock(); }

    mutable Guarded<std::shared_ptr<const Signers>> _signers;
    std::chrono::seconds _lifetime;
};

/// The service `salon.authenticator` over Tokens, the sessions that have ended, and the wall clock.
class TokenAuthenticator final : public Authenticator {
public:
    TokenAuthenticator(std::shared_ptr<const Tokens> tokens, std::shared_ptr<Sessions> sessions)
        : _tokens(std::move(tokens)), _sessions(std::move(sessions)) {}
    Result<Principal> authenticate(std::string_view token) override;

private:
    std::shared_ptr<const Tokens> _tokens;
    std::shared_ptr<Sessions> _sessions;
};

} // namespace salon::auth
