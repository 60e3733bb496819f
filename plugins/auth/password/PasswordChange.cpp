#include "password/PasswordChange.h"

#include "Field.h"
#include "password/StoredPassword.h"

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
    const auto wished = fields.text(*body, "new", true);
    if (!fields.good()) return responder.refuse(fields.error());
    const auto principal = request.principal();
    auto account = _entrance.store.read(
        [&](Session& session) { return AccountStore(session).accountById(principal.user); });
    if (!account) return responder.refuse(wrong());
    LoginLimit::Who who{principal.user, {}, request.address()};
    if (const auto admitted = _entrance.admitAttempt(who); !admitted) {
        return responder.refuse(admitted.error());
    }
    auto fresh = prepareNew(*wished, _entrance.options.passwordLeast);
    if (!fresh) {
        _entrance.limit.withdraw(who);
        return responder.refuse(fresh.error());
    }
    auto current = preparePassword(*typed, 0);
    if (!current) {
        _entrance.limit.failed(who, LoginLimit::Clock::now());
        return responder.refuse(wrong());
    }
    const auto attempt = std::make_shared<const Attempt>(
        Attempt{principal, std::move(account->password), std::move(*current), std::move(*fresh),
                responder, std::move(who)});
    const auto posted = _entrance.hash([this, attempt] { compare(*attempt); });
    if (!posted) refuse(*attempt, posted.error());
}

void PasswordChange::failed(const Attempt& attempt) {
    _entrance.limit.failed(attempt.who, LoginLimit::Clock::now());
    attempt.responder.refuse(wrong());
}

void PasswordChange::refuse(const Attempt& attempt, const Error& error) {
    _entrance.limit.withdraw(attempt.who);
    attempt.responder.refuse(error);
}

void PasswordChange::compare(const Attempt& attempt) {
    const auto stored = StoredPassword::parse(attempt.stored);
    if (!stored) return failed(attempt);
    const auto matches = stored->matches(attempt.current);
    if (!matches) return refuse(attempt, matches.error());
    if (!*matches) return failed(attempt);
    const auto hashed = PasswordHash::of(attempt.fresh, _cost);
    if (!hashed) return refuse(attempt, hashed.error());
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
        [this, attempt](const Result<Ended>& ended) {
            if (!ended) return refuse(attempt, ended.error());
            _entrance.limit.succeeded(attempt.who);
            _entrance.sessions.ended(*ended);
            attempt.responder.send(HttpResponse::noContent());
        });
}

} // namespace salon::auth
