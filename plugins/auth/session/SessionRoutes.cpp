#include "session/SessionRoutes.h"

#include "Field.h"
#include "session/Cookie.h"

namespace salon::auth {

namespace {

Error over() {
    return {Code::unauthorized, "the session has ended already"};
}

void write(JsonWriter& json, const ListedSession& session, bool current) {
    json.beginObject();
    json.member("id", session.id);
    json.timeMember("created_at", session.createdAt);
    json.timeMember("last_used_at", session.lastUsedAt);
    json.member("ip", session.origin.address);
    json.member("user_agent", session.origin.userAgent);
    json.member("current", current);
    json.endObject();
}

} // namespace

void SessionRoutes::addTo(Routes& routes) {
    routes.add("POST", "/api/v1/auth/logout", Access::open,
               [this](const HttpRequest& request, const Responder& responder) {
                   logout(request, responder);
               });
    routes.add("GET", "/api/v1/auth/sessions", Access::bearer,
               [this](const HttpRequest& request, const Responder& responder) {
                   list(request, responder);
               });
    routes.add("DELETE", "/api/v1/auth/sessions/{id}", Access::bearer,
               [this](const HttpRequest& request, const Responder& responder) {
                   end(request, responder);
               });
}

Result<Principal> SessionRoutes::leaving(const HttpRequest& request) {
    const auto bearer = bearerToken(request.header("Authorization"));
    auto principal = _authenticator.authenticate(bearer);
    if (principal) return principal;
    const auto cookie = refreshCookie(request, _entrance.options.origins);
    // Without a cookie the access token is what was wrong, if there was one.
    if (!cookie && !bearer.empty() && cookie.error().code == Code::unauthorized) return principal;
    if (!cookie) return cookie.error();
    const auto token = RefreshToken::parse(*cookie);
    if (!token) return over();
    // Any token of the session will do: a replaced one ends it in every case.
    const auto session = _entrance.store.read(
        [&](Session& reading) { return SessionStore(reading).findFamily(token->familyHash()); });
    if (!session) return over();
    return Principal{session->user, session->id};
}

void SessionRoutes::logout(const HttpRequest& request, const Responder& responder) {
    const auto principal = leaving(request);
    if (!principal) return responder.refuse(principal.error());
    auto done = HttpResponse::noContent();
    clearRefreshCookie(done, request.secure());
    revoke(*principal, responder, over(), done);
}

void SessionRoutes::list(const HttpRequest& request, const Responder& responder) {
    const auto& principal = request.principal();
    const auto sessions = _entrance.store.read([&](Session& session) {
        return SessionStore(session).list(principal.user, now(), SessionStore::mostAlive);
    });
    std::string body;
    JsonWriter json(body);
    json.beginObject().key("sessions").beginArray();
    for (const auto& session : sessions) write(json, session, session.id == principal.session);
    json.endArray().endObject();
    responder.send(HttpResponse::json(200, std::move(body)));
}

void SessionRoutes::end(const HttpRequest& request, const Responder& responder) {
    const Error missing{Code::notFound, "you have no such session"};
    const auto id = parseId(request.segment("id"));
    if (!id) return responder.refuse(missing);
    revoke({request.principal().user, *id}, responder, missing, HttpResponse::noContent());
}

void SessionRoutes::revoke(const Principal& principal, const Responder& responder,
                           const Error& missing, const HttpResponse& done) {
    _entrance.store.write(
        principal.user,
        [principal, missing](Session& session) -> Result<EndedSession> {
            const auto ended = SessionStore(session).end(principal.user, principal.session, now());
            if (!ended) return missing;
            return *ended;
        },
        [this, responder, done](const Result<EndedSession>& ended) {
            if (!ended) return responder.refuse(ended.error());
            _entrance.sessions.ended({&*ended, 1});
            responder.send(done);
        });
}

} // namespace salon::auth
