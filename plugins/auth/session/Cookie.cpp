#include "session/Cookie.h"

#include <algorithm>
#include <optional>

namespace salon::auth {

namespace {

constexpr std::string_view name = "salon_refresh";

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

std::optional<std::string_view> find(const HttpRequest& request) {
    // RFC 6265, 4.2.1: pairs separated by semicolons; names have case.
    auto rest = request.header("Cookie").value_or("");
    while (!rest.empty()) {
        const auto pair = trimmed(rest.substr(0, rest.find(';')));
        rest.remove_prefix(std::min(rest.size(), rest.find(';')));
        if (!rest.empty()) rest.remove_prefix(1);
        const auto equals = pair.find('=');
        if (equals != pair.npos && pair.substr(0, equals) == name) return pair.substr(equals + 1);
    }
    return std::nullopt;
}

} // namespace

Result<std::string_view> refreshCookie(const HttpRequest& request,
                                       const std::vector<std::string>& listed) {
    const auto cookie = find(request);
    if (!cookie) return Error{Code::unauthorized, "there is no refresh token: log in"};
    if (!originAllowed(request.header("Origin"), request.header("Host"), listed)) {
        return Error{Code::forbidden,
                     "this origin may not use the cookie; list it in http.origins"};
    }
    return *cookie;
}

void setRefreshCookie(HttpResponse& response, std::string_view token, std::chrono::seconds lifetime,
                      bool secure) {
    auto cookie = std::string(name).append("=").append(token);
    cookie += "; Path=/api/v1/auth; HttpOnly; SameSite=Strict; Max-Age=";
    cookie += std::to_string(lifetime.count());
    if (secure) cookie += "; Secure";
    response.headers.emplace_back("Set-Cookie", std::move(cookie));
}

void clearRefreshCookie(HttpResponse& response, bool secure) {
    setRefreshCookie(response, "", std::chrono::seconds(0), secure);
}

} // namespace salon::auth
