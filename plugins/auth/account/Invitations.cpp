#include "account/Invitations.h"

#include "Field.h"
#include "account/InvitationStore.h"
#include "token/Base64.h"
#include "token/Digest.h"
#include "token/Random.h"

namespace salon::auth {

namespace {

constexpr std::size_t codeBytes = 16;

/// `expires_in` of a body, which may be left out with it.
Result<std::int64_t> parseLife(const HttpRequest& request) {
    if (request.body().empty()) return Invitations::standardSeconds;
    const auto body = parseBody(request);
    if (!body) return body.error();
    const auto value = (*body)["expires_in"];
    if (!value || value.isNull()) return Invitations::standardSeconds;
    const auto seconds = value.integer();
    if (!seconds || *seconds < Invitations::leastSeconds || *seconds > Invitations::mostSeconds) {
        return badField("expires_in", "invalid", "must be seconds from a minute to 90 days");
    }
    return *seconds;
}

} // namespace

bool Invitations::mayInvite(std::int64_t id) {
    const auto user =
        _entrance.store.read([&](Session& session) { return _entrance.users.find(session, id); });
    return user && user->role == "admin";
}

void Invitations::handle(const HttpRequest& request, const Responder& responder) {
    const auto user = request.principal().user;
    if (!mayInvite(user)) {
        return responder.refuse({Code::forbidden, "only an administrator invites people"});
    }
    const auto life = parseLife(request);
    if (!life) return responder.refuse(life.error());
    const auto code = encodeBase64(randomBytes(codeBytes), Alphabet::url);
    const auto at = now();
    const auto expiresAt = at + *life * 1000;
    _entrance.store.write(
        user,
        [user, hash = hashed(code), at, expiresAt](Session& session) -> Result<void> {
            InvitationStore(session).insert(hash, user, at, expiresAt);
            return {};
        },
        [code, expiresAt, responder](const Result<void>& stored) {
            if (!stored) return responder.refuse(stored.error());
            std::string body;
            JsonWriter json(body);
            json.beginObject().member("code", code).timeMember("expires_at", expiresAt).endObject();
            responder.send(HttpResponse::json(201, std::move(body)));
        });
}

} // namespace salon::auth
