#pragma once

#include "salon/Result.h"
#include "salon/Visibility.h"

#include <cstdint>
#include <string_view>

namespace salon {

/// Who is behind a request or a connection.
struct Principal {
    std::int64_t user = 0;
    std::int64_t session = 0;
    explicit operator bool() const { return user != 0; }
};

/// The service that turns an access token into a principal; provided on the bus by the plugin that
/// knows accounts. Without a provider every token is refused.
class SALON_API Authenticator {
public:
    static constexpr const char* name = "salon.authenticator";
    virtual ~Authenticator() = default;
    /// Any thread, never waits. Refuses with `unauthorized`.
    virtual Result<Principal> authenticate(std::string_view token) = 0;
};

} // namespace salon
