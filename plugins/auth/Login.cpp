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
    const auto delivery = Delivery::parse(request, *body, fields);
    if (!fields.good()) return responder.refuse(fields.error());
    // What no account can have as its password needs no hashing: whether the account exists plays
    // no part.
    auto password = preparePassword(*typed, 0);
    if (!password) return responder.refuse(wrong());
    auto account = _entrance.store.read([&](Session& session) { return find(session, *login); });
    const auto attempt = std::make_shared<const Attempt>(
        Attempt{std::move(account), std::move(*password), originOf(request), delivery, responder});
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
    const Ticket ticket{0, now(), RefreshToken::make(), attempt.delivery};
    _entrance.store.write(
        user.id,
        [id = user.id, old = attempt.account->password, rehashed = std::move(rehashed),
         origin = attempt.origin, ticket,
         lifetimes = _entrance.options.lifetimes](Session& session) -> Result<Ticket> {
            if (!rehashed.empty()) AccountStore(session).replacePassword(id, old, rehashed);
            const auto opened =
                SessionStore(session).open(id, origin, ticket.refresh, ticket.at, lifetimes);
            if (!opened) return disabled();
            auto valid = ticket;
            valid.session = *opened;
            return valid;
        },
        [this, user, responder = attempt.responder](const Result<Ticket>& valid) {
            if (!valid) return responder.refuse(valid.error());
            _entrance.users.remember(user);
            responder.send(_entrance.admit(200, user, *valid));
        });
}

} // namespace salon::auth
