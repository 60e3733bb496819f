#pragma once

#include "AccountStore.h"
#include "Options.h"
#include "Token.h"
#include "UserDirectory.h"

#include "salon/Http.h"
#include "salon/Store.h"
#include "salon/Tasks.h"

#include <cstdint>

namespace salon::auth {

/// What the ways in (registering, logging in) have in common. Lives as long as the plugin; any
/// thread.
struct Entrance {
    Options options;
    Store& store;
    TaskQueue& hashers;
    UserDirectory& users;
    const Tokens& tokens;

    /// Puts work on the hashers, or refuses with `unavailable` when too much is waiting.
    Result<void> hash(std::function<void()> work) const;
    /// `{user, access_token, expires_in}`, for nobody's cache.
    HttpResponse admit(int status, const User& user, std::int64_t session) const;
};

Origin originOf(const HttpRequest& request);

} // namespace salon::auth
