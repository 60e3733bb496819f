#include "Login.h"

#include "Field.h"
#include "Profile.h"
#include "Username.h"

#include "salon/Time.h"

namespace salon::auth {

namespace {

Error wrong() {
    return {Code::unauthorized, "the login or the password is wrong"};
}

Error disabled() {
    return {Code::forbidden, "this account is disabled"};
}

} // namespace

Login::Login(const Entrance& entrance, PasswordHash::Cost cost)
    : _entrance(entrance), _cost(cost), _dummy(PasswordHash::dummy(cost)) {}

void Login::handle(const HttpRequest& request, const Responder& responder) {
    const auto body = parseBody(request);
    if (!body) return responder.refuse(body.error());
    Fields fields;
    const auto login = fields.text(*body, "login", true);
    const auto typed = fields.text(*body, "password", true);
    if (!fields.good()) return responder.refuse(fields.error());
    // What no account can have as its password needs no hashing: whether the account exists plays
    // no part.
    auto password = preparePassword(*typed, 0);
    if (!password) return responder.refuse(wrong());
    auto account = _entrance.store.read([&](Session& session) { return find(session, *login); });
    const auto attempt = std::make_shared<const Attempt>(
        Attempt{std::move(account), std::move(*password), originOf(request), responder});
    const auto posted = _entrance.hash([this, attempt] { compare(*attempt); });
    if (!posted) responder.refuse(posted.error());
}

std::optional<Account> Login::find(Session& session, std::string_view login) {
    AccountStore accounts(session);
    // No username holds an @.
    if (login.find('@') != login.npos) {
        const auto email = Email::parse(login);
        return email ? accounts.accountByEmail(email->folded) : std::nullopt;
    }
    const auto folded = Username::fold(login);
    return folded ? accounts.accountByName(*folded) : std::nullopt;
}

void Login::compare(const Attempt& attempt) {
    const auto& account = attempt.account;
    const auto stored = account ? PasswordHash::parse(account->password) : std::nullopt;
    const auto matches = stored.value_or(_dummy).matches(attempt.password);
    if (!matches) return attempt.responder.refuse(matches.error());
    if (!stored || !*matches) return attempt.responder.refuse(wrong());
    if (account->user.disabled) return attempt.responder.refuse(disabled());
    std::string rehashed;
    if (stored->weakerThan(_cost)) {
        // Without memory for it now, the next login will do.
        if (const auto fresh = PasswordHash::of(attempt.password, _cost)) rehashed = fresh->phc();
    }
    open(attempt, std::move(rehashed));
}

void Login::open(const Attempt& attempt, std::string rehashed) {
    const auto& user = attempt.account->user;
    _entrance.store.write(
        user.id,
        [id = user.id, old = attempt.account->password, rehashed = std::move(rehashed),
         origin = attempt.origin](Session& session) -> Result<std::int64_t> {
            AccountStore accounts(session);
            if (!rehashed.empty()) accounts.replacePassword(id, old, rehashed);
            const auto opened = accounts.openSession(id, origin, now());
            if (!opened) return disabled();
            return *opened;
        },
        [this, user, responder = attempt.responder](const Result<std::int64_t>& session) {
            if (!session) return responder.refuse(session.error());
            _entrance.users.remember(user);
            responder.send(_entrance.admit(200, user, *session));
        });
}

} // namespace salon::auth
