#include "Entrance.h"

#include "account/Text.h"
#include "session/Cookie.h"

#include "salon/Json.h"

#include <algorithm>

namespace salon::auth {

namespace {

constexpr std::size_t mostUserAgent = 255;
constexpr int retryAfter = 2;

} // namespace

Delivery Delivery::parse(const HttpRequest& request, const JsonValue& body, Fields& fields) {
    return {fields.flag(body, "cookie").value_or(true), request.secure()};
}

void Entrance::tell(std::int64_t user) const {
    AccountWritten event{user};
    // Who refuses is late.
    [[maybe_unused]] const auto heard = written.ask(event);
}

void Entrance::found(const User& user) const {
    const bool news = sessions.found(user.id, user.disabled);
    users.remember(user);
    if (news) tell(user.id);
}

Result<void> Entrance::admitAttempt(const LoginLimit::Who& who) const {
    const auto at = LoginLimit::Clock::now();
    auto wait = limit.admit(who, false, at);
    if (wait && who.user != 0) {
        const auto addresses = store.read(
            [&](Session& session) { return SessionStore(session).addresses(who.user, now()); });
        const auto network = Network::of(who.address);
        const bool known =
            std::any_of(addresses.begin(), addresses.end(), [&](const std::string& address) {
                return Network::of(address) == network;
            });
        if (known) wait = limit.admit(who, true, at);
    }
    if (!wait) return {};
    return Error{Code::rateLimited,
                 "too many attempts to log in; try again later",
                 {},
                 static_cast<int>(wait->count())};
}

Result<void> Entrance::hash(std::function<void()> work) const {
    if (hashers.post(std::move(work))) return {};
    return Error{Code::unavailable, "too many are logging in; try again later", {}, retryAfter};
}

HttpResponse Entrance::admit(int status, const User& user, const Ticket& ticket) const {
    std::string body;
    JsonWriter json(body);
    json.beginObject().key("user");
    users.write(json, user, true);
    json.member("access_token", tokens.sign({user.id, ticket.session}, ticket.at / 1000));
    json.member("expires_in", static_cast<std::int64_t>(tokens.lifetime().count()));
    if (!ticket.delivery.cookie) json.member("refresh_token", ticket.refresh.text());
    json.endObject();
    auto response = HttpResponse::json(status, std::move(body));
    // RFC 6749, 5.1: a token must not stay in a cache.
    response.headers.emplace_back("Cache-Control", "no-store");
    if (ticket.delivery.cookie) {
        setRefreshCookie(response, ticket.refresh.text(), options.lifetimes.refresh,
                         ticket.delivery.secure);
    }
    return response;
}

Origin originOf(const HttpRequest& request) {
    return {request.address(), cleanLine(request.header("User-Agent").value_or(""), mostUserAgent)};
}

} // namespace salon::auth
