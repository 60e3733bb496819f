#pragma once

#include "salon/Http.h"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

// The cookie `salon_refresh` (RFC 6265): out of a page's reach (HttpOnly), never sent along from
// another site (SameSite=Strict), and sent to nothing but /api/v1/auth.

namespace salon::auth {

/// The request's refresh token. Refuses with `unauthorized` when there is no such cookie, and with
/// `forbidden` when a page of another origin than the daemon's own and the `listed` sends it.
Result<std::string_view> refreshCookie(const HttpRequest& request,
                                       const std::vector<std::string>& listed);

/// Puts `token` into the client's jar.
void setRefreshCookie(HttpResponse& response, std::string_view token, std::chrono::seconds lifetime,
                      bool secure);
/// Takes it out again.
void clearRefreshCookie(HttpResponse& response, bool secure);

} // namespace salon::auth
