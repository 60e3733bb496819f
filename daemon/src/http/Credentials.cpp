#include "salon/Http.h"

#include "http/HttpSyntax.h"

#include <algorithm>

namespace salon {

std::string_view bearerToken(std::optional<std::string_view> authorization) {
    if (!authorization) return {};
    const auto space = authorization->find(' ');
    if (space == std::string_view::npos ||
        !net::equalsWithoutCase(authorization->substr(0, space), "bearer")) {
        return {};
    }
    return net::trim(authorization->substr(space + 1));
}

bool originAllowed(std::optional<std::string_view> origin, std::optional<std::string_view> host,
                   const std::vector<std::string>& listed) {
    if (!origin) return true;
    if (std::find(listed.begin(), listed.end(), *origin) != listed.end()) return true;
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (origin->starts_with(scheme)) {
            return host && net::equalsWithoutCase(origin->substr(scheme.size()), *host);
        }
    }
    return false;
}

} // namespace salon
