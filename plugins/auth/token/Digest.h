#pragma once

#include <string>
#include <string_view>

namespace salon::auth {

/// SHA-256 in base64url: how what is random enough by itself (refresh tokens, invitations) is kept.
std::string hashed(std::string_view secret);

} // namespace salon::auth
