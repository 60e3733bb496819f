#pragma once

#include "Field.h"
#include "Options.h"
#include "account/AccountStore.h"
#include "account/RegistrationLimit.h"
#include "account/UserDirectory.h"
#include "password/LoginLimit.h"
#include "session/RefreshToken.h"
#include "session/SessionStore.h"
#include "session/Sessions.h"
#include "token/Token.h"

#include "salon/Bus.h"
#include "salon/Http.h"
#include "salon/Store.h"
#include "salon/Tasks.h"
#include "salon/Time.h"

#include <cstdint>

namespace salon::auth {

/// Where the refresh token travels.
struct Delivery {
    bool cookie = true; ///< otherwise in the body
    bool secure = false;

    /// As a body with `cookie` wishes it.
    static Delivery parse(const HttpRequest& request, const JsonValue& body, Fields& fields);
};

/// A session that was opened or renewed, durably.
struct Ticket {
    std::int64_t session = 0;
    Milliseconds at = 0; ///< when, on which its access token's life depends
    RefreshToken refresh;
    Delivery delivery;
};

/// What the ways in (registering, logging in, refreshing) have in common. Lives as long as the
/// plugin; any thread.
struct Entrance {
    Options options;
    Store& store;
    TaskQueue& hashers;
    UserDirectory& users;
    const Tokens& tokens;
    Sessions& sessions;
    LoginLimit& limit;
    RegistrationLimit& refusals; ///< what an address may learn of names, e-mail and invitations
    Hook<AccountWritten> written = {};

    /// To be called with every account that a write has made or changed, or that was found to be
    /// another than it was, before the answer.
    void tell(std::int64_t user) const;
    /// To be called with what a write has found an account to be, after its commit: one that is
    /// disabled is refused from now on, and whoever must know is told if that is news.
    void found(const User& user) const;
    /// Refuses with `rate_limited` who has guessed too often; otherwise the attempt counts as
    /// failed until `limit` is told something else. On a worker.
    Result<void> admitAttempt(const LoginLimit::Who& who) const;
    /// Puts work on the hashers, or refuses with `unavailable` when too much is waiting.
    Result<void> hash(std::function<void()> work) const;
    /// `{user, access_token, expires_in}` and the refresh token, for nobody's cache.
    HttpResponse admit(int status, const User& user, const Ticket& ticket) const;
};

Origin originOf(const HttpRequest& request);

} // namespace salon::auth
