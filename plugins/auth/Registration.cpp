#include "Registration.h"

#include "salon/Time.h"

namespace salon::auth {

Registration::Registration(const Entrance& entrance, Event<UserRegistered> registered,
                           PasswordHash::Cost cost)
    : _entrance(entrance), _registered(std::move(registered)), _cost(cost),
      _limit(entrance.options.registrationsPerHour) {}

void Registration::handle(const HttpRequest& request, const Responder& responder) {
    if (!_entrance.options.registrationOpen) {
        return responder.refuse(
            {Code::forbidden, "registration is closed: ask an administrator for an account"});
    }
    const auto body = parseBody(request);
    if (!body) return responder.refuse(body.error());
    Fields fields;
    const auto delivery = Delivery::parse(request, *body, fields);
    auto application = Application::parse(*body, _entrance.options, fields);
    if (!application) return responder.refuse(application.error());
    // Before hashing, because hashing is what costs; the write finds out for certain.
    auto taken = _entrance.store.read([&](Session& session) {
        return AccountStore(session).taken(application->username.folded, application->email.folded);
    });
    if (!taken.empty()) return responder.refuse(takenError(std::move(taken)));
    if (const auto wait = _limit.admit(request.address(), RegistrationLimit::Clock::now())) {
        return responder.refuse({Code::rateLimited,
                                 "too many registrations from this address; try again later",
                                 {},
                                 static_cast<int>(wait->count())});
    }
    auto attempt = std::make_shared<Attempt>(
        Attempt{std::move(*application), originOf(request), delivery, responder});
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
        [this, account = std::move(account), origin = attempt->origin, ticket = std::move(ticket)](
            Session& session) { return insert(session, account, origin, ticket); },
        [this, responder = attempt->responder](const Result<Newcomer>& newcomer) {
            answer(responder, newcomer);
        });
}

Result<Registration::Newcomer> Registration::insert(Session& session, const NewAccount& account,
                                                    const Origin& origin, Ticket ticket) const {
    AccountStore accounts(session);
    auto user = accounts.insert(account);
    if (!user) return user.error();
    const auto opened = SessionStore(session).open(user->id, origin, ticket.refresh, ticket.at,
                                                   _entrance.options.lifetimes);
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
