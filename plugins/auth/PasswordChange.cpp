#include "PasswordChange.h"

#include "Field.h"

namespace salon::auth {

namespace {

Error wrong() {
    return {Code::forbidden, "the current password is wrong"};
}

Error over() {
    return {Code::unauthorized, "the session has ended: log in again"};
}

/// As preparePassword(), with the error on `new`.
Result<std::string> prepareNew(std::string_view typed, std::size_t least) {
    auto password = preparePassword(typed, least);
    if (password) return password;
    auto& field = password.error().fields.front();
    return badField("new", std::move(field.code), std::move(field.detail));
}

} // namespace

void PasswordChange::handle(const HttpRequest& request, const Responder& responder) {
    const auto body = parseBody(request);
    if (!body) return responder.refuse(body.error());
    Fields fields;
    const auto typed = fields.text(*body, "current", true);
    std::optional<std::string> fresh;
    if (const auto text = fields.text(*body, "new", true)) {
        fresh = fields.keep(prepareNew(*text, _entrance.options.passwordLeast));
    }
    if (!fields.good()) return responder.refuse(fields.error());
    auto current = preparePassword(*typed, 0);
    if (!current) return responder.refuse(wrong());
    const auto principal = request.principal();
    auto account = _entrance.store.read(
        [&](Session& session) { return AccountStore(session).accountById(principal.user); });
    if (!account) return responder.refuse(wrong());
    const auto attempt =
        std::make_shared<const Attempt>(Attempt{principal, std::move(account->password),
                                                std::move(*current), std::move(*fresh), responder});
    const auto posted = _entrance.hash([this, attempt] { compare(*attempt); });
    if (!posted) responder.refuse(posted.error());
}

void PasswordChange::compare(const Attempt& attempt) {
    const auto stored = PasswordHash::parse(attempt.stored);
    if (!stored) return attempt.responder.refuse(wrong());
    const auto matches = stored->matches(attempt.current);
    if (!matches) return attempt.responder.refuse(matches.error());
    if (!*matches) return attempt.responder.refuse(wrong());
    const auto hashed = PasswordHash::of(attempt.fresh, _cost);
    if (!hashed) return attempt.responder.refuse(hashed.error());
    store(attempt, hashed->phc());
}

void PasswordChange::store(const Attempt& attempt, std::string phc) {
    using Ended = std::vector<EndedSession>;
    const auto principal = attempt.principal;
    _entrance.store.write(
        principal.user,
        [principal, old = attempt.stored,
         fresh = std::move(phc)](Session& session) -> Result<Ended> {
            const auto at = now();
            // Whoever was thrown out while the hasher worked changes nothing any more.
            SessionStore sessions(session);
            if (!sessions.alive(principal.user, principal.session, at)) return over();
            // Somebody who changed it meanwhile has made the current one wrong.
            if (!AccountStore(session).replacePassword(principal.user, old, fresh)) return wrong();
            return sessions.endOthers(principal.user, principal.session, at);
        },
        [this, responder = attempt.responder](const Result<Ended>& ended) {
            if (!ended) return responder.refuse(ended.error());
            _entrance.sessions.ended(*ended);
            responder.send(HttpResponse::noContent());
        });
}

} // namespace salon::auth
