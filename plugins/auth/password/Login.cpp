#include "password/Login.h"

#include "Field.h"
#include "account/Profile.h"
#include "account/Username.h"
#include "password/StoredPassword.h"

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

Login::Login(const Entrance& entrance, PasswordHash::Cost cost, LoginMetrics metrics)
    : _entrance(entrance), _cost(cost), _dummy(PasswordHash::dummy(cost)), _metrics(metrics) {}

void Login::handle(const HttpRequest& request, const Responder& responder) {
    const auto body = parseBody(request);
    if (!body) {
        _metrics.invalid.add();
        return responder.refuse(body.error());
    }
    Fields fields;
    const auto login = fields.text(*body, "login", true);
    const auto typed = fields.text(*body, "password", true);
    const auto delivery = Delivery::parse(request, *body, fields);
    if (!fields.good()) {
        _metrics.invalid.add();
        return responder.refuse(fields.error());
    }
    auto name = Name::of(*login);
    auto account = _entrance.store.read([&](Session& session) { return name.find(session); });
    LoginLimit::Who who{account ? account->user.id : 0, std::move(name.folded), request.address()};
    if (const auto admitted = _entrance.admitAttempt(who); !admitted) {
        _metrics.limited.add();
        return responder.refuse(admitted.error());
    }
    auto password = preparePassword(*typed, 0);
    if (!password) {
        // What no account can have as its password needs no hashing, whether the account exists or
        // not; a guess it is all the same.
        _metrics.wrong.add();
        _entrance.limit.failed(who, LoginLimit::Clock::now());
        return responder.refuse(wrong());
    }
    begin({std::move(account), std::move(*password), originOf(request), delivery, responder,
           std::move(who)});
}

void Login::begin(Attempt attempt) {
    const auto shared = std::make_shared<const Attempt>(std::move(attempt));
    const auto posted = _entrance.hash([this, shared] { compare(*shared); });
    if (!posted) refuse(*shared, posted.error(), _metrics.unavailable);
}

void Login::failed(const Attempt& attempt) {
    _metrics.wrong.add();
    _entrance.limit.failed(attempt.who, LoginLimit::Clock::now());
    attempt.responder.refuse(wrong());
}

void Login::refuse(const Attempt& attempt, const Error& error, const Counter& outcome) {
    outcome.add();
    _entrance.limit.withdraw(attempt.who);
    attempt.responder.refuse(error);
}

Login::Name Login::Name::of(std::string_view login) {
    // No username holds an @.
    if (login.find('@') != login.npos) {
        auto email = Email::parse(login);
        if (email) return {Kind::email, std::move(email->folded)};
    } else if (auto username = Username::fold(login)) {
        return {Kind::username, std::move(*username)};
    }
    return {Kind::nobody, std::string(login)};
}

std::optional<Account> Login::Name::find(Session& session) const {
    AccountStore accounts(session);
    switch (kind) {
    case Kind::username:
        return accounts.accountByName(folded);
    case Kind::email:
        return accounts.accountByEmail(folded);
    case Kind::nobody:
        break;
    }
    return std::nullopt;
}

void Login::compare(const Attempt& attempt) {
    const auto& account = attempt.account;
    const auto stored = account ? StoredPassword::parse(account->password) : std::nullopt;
    const auto matches =
        stored ? stored->matches(attempt.password) : _dummy.matches(attempt.password);
    if (!matches) return refuse(attempt, matches.error(), _metrics.unavailable);
    if (!stored || !*matches) return failed(attempt);
    std::string rehashed;
    if (stored->weakerThan(_cost)) {
        // Without memory for it now, the next login will do.
        if (const auto fresh = PasswordHash::of(attempt.password, _cost)) rehashed = fresh->phc();
    }
    open(attempt, rehashed);
}

void Login::open(const Attempt& attempt, const std::string& rehashed) {
    const Ticket ticket{0, now(), RefreshToken::make(), attempt.delivery};
    _entrance.store.write(
        attempt.account->user.id,
        [attempt, ticket, rehashed, lifetimes = _entrance.options.lifetimes](Session& session) {
            return write(session, attempt, ticket, rehashed, lifetimes);
        },
        [this, attempt](const Result<Opening>& opening) { answer(attempt, opening); });
}

Result<Login::Opening> Login::write(Session& session, const Attempt& attempt, Ticket ticket,
                                    const std::string& rehashed, const Lifetimes& lifetimes) {
    AccountStore accounts(session);
    const auto id = attempt.account->user.id;
    accounts.lock(id); // a change of the password by another daemon comes before, or after
    auto account = accounts.accountById(id);
    if (!account) return wrong();
    // Otherwise somebody who knew the old password would be in after it was changed, which is what
    // changing it was for.
    const bool changed = account->password != attempt.account->password;
    if (changed || account->user.disabled) return Opening{std::move(*account), {}, {}};
    if (!rehashed.empty()) accounts.replacePassword(id, account->password, rehashed);
    SessionStore sessions(session);
    auto ended = sessions.endOldest(id, SessionStore::mostAlive - 1, ticket.at);
    ticket.session =
        sessions.open(id, attempt.origin, ticket.refresh, ticket.at, lifetimes).value();
    return Opening{std::move(*account), std::move(ticket), std::move(ended)};
}

void Login::answer(Attempt attempt, const Result<Opening>& opening) {
    if (!opening) {
        // It was gone by the time, or the lane is full.
        const bool gone = opening.error().code == Code::unauthorized;
        return refuse(attempt, opening.error(), gone ? _metrics.wrong : _metrics.unavailable);
    }
    const auto& user = opening->account.user;
    _entrance.sessions.found(user.id, user.disabled);
    _entrance.users.remember(user);
    // The account may be news: made by --create-admin, or enabled again, while the daemon ran.
    _entrance.tell(user.id);
    if (opening->ticket) {
        _entrance.sessions.ended(opening->ended);
        _metrics.succeeded.add();
        _entrance.limit.succeeded(attempt.who);
        return attempt.responder.send(_entrance.admit(200, user, *opening->ticket));
    }
    if (opening->account.password == attempt.account->password) {
        return refuse(attempt, disabled(), _metrics.disabled);
    }
    // Another login may have hashed the same password anew, so this one is compared once more.
    attempt.account = opening->account;
    begin(std::move(attempt));
}

} // namespace salon::auth
