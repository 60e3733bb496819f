// Accounts: who somebody is. Registering and logging in open a session and give an access token
// (Registration, Login), a refresh token renews it (Refresh); tokens are checked without asking
// anybody (Token), but for the sessions that have ended (Sessions); everybody else learns about
// users from the service `auth.users` (UserDirectory). Passwords are hashed on threads of
// their own, because one hash takes as long as a thousand messages.

#include "Entrance.h"
#include "Options.h"
#include "account/CreateAdmin.h"
#include "account/HouseRules.h"
#include "account/Invitations.h"
#include "account/OwnProfile.h"
#include "account/Registration.h"
#include "account/UserDirectory.h"
#include "password/Login.h"
#include "password/PasswordChange.h"
#include "session/Refresh.h"
#include "session/SessionRoutes.h"
#include "session/SessionSweep.h"
#include "session/Welcome.h"
#include "token/KeyFile.h"
#include "token/Token.h"

#include "salon/Plugin.h"

#include <memory>
#include <optional>
#include <stdexcept>

namespace salon::auth {

using namespace std::chrono_literals;

class AuthPlugin final : public Plugin {
public:
    void declare(Settings& settings) override { Options::declare(settings); }

    std::vector<ProgramCommand> commands() override { return {createAdmin()}; }

    std::vector<Obstacle> obstacles(const Configuration& configuration) override {
        try {
            checkKeyFile(Options::read(configuration).keyFile);
        } catch (const std::runtime_error& failure) {
            return {{failure.what()}};
        }
        return {};
    }

    void start(Host& host) override {
        const auto options = Options::read(host.configuration());
        _tokens = std::make_shared<Tokens>(openKeyFile(options.keyFile), options.lifetimes.access);
        _sessions = std::make_shared<Sessions>(host.hub());
        host.store().readWith([&](Session& session) { _sessions->load(session, now()); });
        _users = std::make_shared<UserDirectory>(host.hub());
        _users->ask(host.bus().service<presence::Presence>());
        _hashers =
            host.queue("hasher", options.hashers, options.hashQueue, TaskQueue::Manner::yielding);
        _limit.emplace(options.loginLimit);
        _refusals.emplace(Registration::refusalsOf(options));
        _entrance.emplace(Entrance{options, host.store(), *_hashers, *_users, *_tokens, *_sessions,
                                   *_limit, *_refusals, host.bus().hook<AccountWritten>()});
        _registration.emplace(*_entrance, host.bus().event<UserRegistered>());
        _rules.emplace(options);
        _invitations.emplace(*_entrance);
        _login.emplace(*_entrance, PasswordHash::Cost{}, LoginMetrics::of(host.metrics()));
        _refresh.emplace(*_entrance, host.log());
        _welcome.emplace(*_users, host.configuration().duration("ws.heartbeat"));
        _authenticator = std::make_shared<TokenAuthenticator>(_tokens, _sessions);
        _sessionRoutes.emplace(*_entrance, *_authenticator);
        _passwordChange.emplace(*_entrance);
        _ownProfile.emplace(*_entrance, host.bus().event<UserChanged>());
        _sweep.emplace(*_entrance, host.hub());
        host.timers().once(10s, [this] { _sweep->run(); });
        host.timers().every(10min, [this] { _sweep->run(); });
        host.bus().provide<Authenticator>(_authenticator);
        host.bus().provide<Users>(_users);
        addRoutes(host);
        host.onReload([this, &log = host.log(), file = options.keyFile] {
            const auto keys = readKeyFile(file);
            _tokens->replaceKeys(keys);
            log.information("the keys were read again",
                            {{"newest", keys.front().id}, {"keys", std::to_string(keys.size())}});
        });
        host.frames().sends({"welcome"});
        host.frames().onOpen([this](Connection& connection) { _welcome->open(connection); });
    }

private:
    void addRoutes(Host& host) {
        auto& routes = host.http();
        routes.add(
            "GET", "/api/v1/server", Access::open,
            [this](const HttpRequest&, const Responder& responder) { _rules->handle(responder); });
        routes.add("POST", "/api/v1/auth/register", Access::open,
                   [this](const HttpRequest& request, const Responder& responder) {
                       _registration->handle(request, responder);
                   });
        routes.add("POST", "/api/v1/auth/login", Access::open,
                   [this](const HttpRequest& request, const Responder& responder) {
                       _login->handle(request, responder);
                   });
        routes.add("POST", "/api/v1/auth/refresh", Access::open,
                   [this](const HttpRequest& request, const Responder& responder) {
                       _refresh->handle(request, responder);
                   });
        routes.add("PUT", "/api/v1/auth/password", Access::bearer,
                   [this](const HttpRequest& request, const Responder& responder) {
                       _passwordChange->handle(request, responder);
                   });
        routes.add("POST", "/api/v1/auth/invitations", Access::bearer,
                   [this](const HttpRequest& request, const Responder& responder) {
                       _invitations->handle(request, responder);
                   });
        _sessionRoutes->addTo(routes);
        routes.add("GET", "/api/v1/users/me", Access::bearer,
                   [this](const HttpRequest& request, const Responder& responder) {
                       _ownProfile->show(request, responder);
                   });
        routes.add("PATCH", "/api/v1/users/me", Access::bearer,
                   [this](const HttpRequest& request, const Responder& responder) {
                       _ownProfile->change(request, responder);
                   });
    }

    std::shared_ptr<Tokens> _tokens;
    std::shared_ptr<Sessions> _sessions;
    std::shared_ptr<UserDirectory> _users;
    std::shared_ptr<TaskQueue> _hashers;
    std::optional<LoginLimit> _limit;
    std::optional<RegistrationLimit> _refusals;
    std::optional<Entrance> _entrance;
    std::optional<Registration> _registration;
    std::optional<HouseRules> _rules;
    std::optional<Invitations> _invitations;
    std::optional<Login> _login;
    std::optional<Refresh> _refresh;
    std::shared_ptr<TokenAuthenticator> _authenticator;
    std::optional<SessionRoutes> _sessionRoutes;
    std::optional<PasswordChange> _passwordChange;
    std::optional<OwnProfile> _ownProfile;
    std::optional<SessionSweep> _sweep;
    std::optional<Welcome> _welcome;
};

} // namespace salon::auth

using salon::auth::AuthPlugin;
SALON_PLUGIN(AuthPlugin)
