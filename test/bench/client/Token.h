#pragma once

#include <cstdint>
#include <string>

namespace salon::bench {

/// Makes access tokens with the daemon's newest key (RFC 7519, HS256), so that a bench needs no
/// logins.
class TokenMint {
public:
    /// @throws std::runtime_error when the file is not as the daemon makes it
    explicit TokenMint(const std::string& keyFile);
    /// A token that is valid for a day.
    std::string mint(std::int64_t user, std::int64_t session) const;

private:
    std::string _secret;
    std::string _header; ///< the first part, with its dot
    std::int64_t _now;   ///< seconds since 1970
};

} // namespace salon::bench
