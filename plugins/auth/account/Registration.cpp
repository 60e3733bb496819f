#include "account/Registration.h"

#include "account/InvitationStore.h"
#include "token/Digest.h"

#include "salon/Time.h"

namespace salon::auth {

namespace {

Error tooMany(std::chrono::seconds wait) {
    return {Code::rateLimited,
            "too many registrations from this address; try again later",
            {},
            static_cast<int>(wait.count())};
}

Error notInvited() {
    return {Code::forbidden, "this invitation was used, has expired or never was one"};
}

} // namespace

Registration::Registration(const Entrance& entrance, Event<UserRegistered> registered,
                           PasswordHash::Cost cost)
    : _entrance(entrance), _registered(std::move(registered)), _cost(cost),
      _limit(entrance.options.registrationsPerHour) {}

std::int64_t Registration::refusalsOf(const Options& options) {
    // Of what it may register many times as much for somebody who looks for a name, and little for
    // somebody who looks for people's addresses.
    constexpr std::int64_t patience = 10;
    return options.registrationsPerHour * patience;
}

Result<std::string> Registration::invitationOf(const Result<JsonValue>& body) const {
    if (_entrance.options.registrationOpen) return std::string();
    const auto code = body ? (*body)["invitation"].string() : std::nullopt;
    if (!code || code->empty()) {
        return Error{Code::forbidden,
                     "registration is closed: ask an administrator for an invitation"};
    }
    return hashed(*code);
}

Result<void> Registration::check(const Attempt& attempt) const {
    const auto& application = attempt.application;
    return _entrance.store.read([&](Session& session) -> Result<void> {
        const auto& invitation = attempt.invitation;
        if (!invitation.empty() && !InvitationStore(session).valid(invitation, now())) {
            return notInvited();
        }
        auto taken =
            AccountStore(session).taken(application.username.folded, application.email.folded);
        if (!taken.empty()) return takenError(std::move(taken));
        return {};
    });
}

Result<void> Registration::checkFor(const std::string& address, const Attempt& attempt) {
    if (const auto wait = _entrance.refusals.admit(address, RegistrationLimit::Clock::now())) {
        return tooMany(*wait);
    }
    auto good = check(attempt);
    if (good) _entrance.refusals.withdraw(address);
    return good;
}

void Registration::handle(const HttpRequest& request, const Responder& responder) {
    const auto body = parseBody(request);
    auto invitation = invitationOf(body);
    if (!invitation) return responder.refuse(invitation.error());
    if (!body) return responder.refuse(body.error());
    Fields fields;
    const auto delivery = Delivery::parse(request, *body, fields);
    auto application = Application::parse(*body, _entrance.options, fields);
    if (!application) return responder.refuse(application.error());
    auto attempt = std::make_shared<Attempt>(Attempt{
        std::move(*application), std::move(*invitation), originOf(request), delivery, responder});
    // Before hashing, because hashing is what costs; the write finds out for certain.
    if (const auto good = checkFor(request.address(), *attempt); !good) {
        return responder.refuse(good.error());
    }
    if (const auto wait = _limit.admit(request.address(), RegistrationLimit::Clock::now())) {
        return responder.refuse(tooMany(*wait));
    }
    if (auto posted = _entrance.hash([this, attempt] { hash(attempt); }); !posted) {
        _limit.withdraw(request.address());
        responder.refuse(posted.error());
    }
}

void Registration::hash(const std::shared_ptr<Attempt>& attempt) {
    auto& application = attempt->application;
    const auto hashed = PasswordHash::of(application.password, _cost);
    if (!hashed) return attempt->responder.refuse(hashed.error());
    NewAccount account{std::move(application.username.shown),
                       std::move(application.username.folded),
                       std::move(application.displayName),
                       std::move(application.email.shown),
                       std::move(application.email.folded),
                       hashed->phc(),
                       now()};
    Ticket ticket{0, account.createdAt, RefreshToken::make(), attempt->delivery};
    _entrance.store.write(
        // One key for all newcomers, whose names are what they may collide by.
        0,
        [this, account = std::move(account), attempt, ticket = std::move(ticket)](
            Session& session) { return insert(session, account, *attempt, ticket); },
        [this, responder = attempt->responder](const Result<Newcomer>& newcomer) {
            answer(responder, newcomer);
        });
}

Result<Registration::Newcomer> Registration::insert(Session& session, const NewAccount& account,
                                                    const Attempt& attempt, Ticket ticket) const {
    const auto& invitation = attempt.invitation;
    // Undone with the rest when the account cannot be made.
    if (!invitation.empty() && !InvitationStore(session).take(invitation, account.createdAt)) {
        return notInvited();
    }
    AccountStore accounts(session);
    auto user = accounts.insert(account);
    if (!user) return user.error();
    const auto opened = SessionStore(session).open(user->id, attempt.origin, ticket.refresh,
                                                   ticket.at, _entrance.options.lifetimes);
    ticket.session = opened.value();
    return Newcomer{std::move(*user), std::move(ticket)};
}

void Registration::answer(const Responder& responder, const Result<Newcomer>& newcomer) {
    if (!newcomer) return responder.refuse(newcomer.error());
    const auto user = _entrance.users.remember(newcomer->user);
    _entrance.tell(user->id);
    responder.send(_entrance.admit(201, *user, newcomer->ticket));
    _registered.tell({user->id, user->username});
}

} // namespace salon::auth
