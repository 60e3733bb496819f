#include "session/Refresh.h"

#include "Field.h"
#include "session/Cookie.h"

#include <algorithm>

namespace salon::auth {

namespace {

Error over() {
    return {Code::unauthorized, "the session has ended: log in again"};
}

/// What came, as text, and how.
struct Presented {
    std::string token;
    Delivery delivery;
};

Result<Presented> presented(const HttpRequest& request, const std::vector<std::string>& origins) {
    if (!request.body().empty()) {
        const auto body = parseBody(request);
        if (!body) return body.error();
        Fields fields;
        const auto token = fields.text(*body, "refresh_token", false);
        if (!fields.good()) return fields.error();
        if (token) return Presented{std::string(*token), {false, request.secure()}};
    }
    const auto cookie = refreshCookie(request, origins);
    if (!cookie) return cookie.error();
    return Presented{std::string(*cookie), {true, request.secure()}};
}

} // namespace

void Refresh::handle(const HttpRequest& request, const Responder& responder) {
    const auto given = presented(request, _entrance.options.origins);
    if (!given) return responder.refuse(given.error());
    auto token = RefreshToken::parse(given->token);
    if (!token) return responder.refuse(over());
    const auto session = _entrance.store.read(
        [&](Session& session) { return SessionStore(session).findFamily(token->familyHash()); });
    if (!session) return responder.refuse(over());
    std::vector<RefreshToken> successors;
    for (const auto& hmac : _entrance.tokens.derive(token->seed())) {
        successors.push_back(token->successor(hmac));
    }
    renew(session->user,
          {std::move(*token), std::move(successors), originOf(request), given->delivery},
          responder);
}

void Refresh::renew(std::int64_t user, Attempt attempt, const Responder& responder) {
    const auto shared = std::make_shared<const Attempt>(std::move(attempt));
    _entrance.store.write(
        user, [this, shared](Session& session) { return apply(session, *shared); },
        [this, shared, responder](const Result<Outcome>& outcome) {
            answer(responder, *shared, outcome);
        });
}

Result<Refresh::Outcome> Refresh::apply(Session& session, const Attempt& attempt) const {
    const auto at = now();
    const auto& options = _entrance.options;
    SessionStore sessions(session);
    const auto known = sessions.findFamily(attempt.token.familyHash());
    if (!known || known->expiresAt <= at) return over();
    auto user = AccountStore(session).find(known->user);
    if (!user) return over();
    if (user->disabled) return Outcome{std::move(user), {}, {}};

    const auto hash = attempt.token.hash();
    const auto* next = &attempt.successors.front();
    if (hash == known->hash) {
        if (!sessions.rotate(known->id, *next, attempt.token, at, options.lifetimes)) return over();
    } else if (hash == known->before && at < known->refreshedAt + options.refreshGrace.count()) {
        const auto same = std::find_if(
            attempt.successors.begin(), attempt.successors.end(),
            [&](const RefreshToken& successor) { return successor.hash() == known->hash; });
        // The key that made it has left the key file since.
        if (same == attempt.successors.end()) return over();
        next = &*same;
    } else {
        auto stolen = sessions.end(known->user, known->id, at);
        if (!stolen) return over();
        return Outcome{{}, {}, std::move(stolen)};
    }
    if (!sessions.touch(known->id, attempt.origin, at, options.lifetimes)) return over();
    return Outcome{std::move(user), Ticket{known->id, at, *next, attempt.delivery}, {}};
}

void Refresh::answer(const Responder& responder, const Attempt& attempt,
                     const Result<Outcome>& outcome) {
    if (!outcome) return responder.refuse(outcome.error());
    if (const auto& stolen = outcome->stolen) {
        _log.warning("a refresh token was used after it had been replaced: its session is ended",
                     {{"user", std::to_string(stolen->user)},
                      {"session", std::to_string(stolen->id)},
                      {"address", attempt.origin.address}});
        _entrance.sessions.ended({&*stolen, 1});
        return responder.refuse(over());
    }
    _entrance.found(*outcome->user);
    if (!outcome->ticket) return responder.refuse(over());
    responder.send(_entrance.admit(200, *outcome->user, *outcome->ticket));
}

} // namespace salon::auth
