#pragma once

#include "Field.h"
#include "Options.h"
#include "account/Profile.h"
#include "account/Username.h"

#include "salon/Json.h"
#include "salon/Result.h"

#include <string>

namespace salon::auth {

/// What somebody who registers asks for, checked and normalised.
struct Application {
    Username username;
    std::string displayName;
    Email email; ///< empty: none
    std::string password;

    /// Refuses with `bad_request`, every bad member named, those that `fields` holds already too.
    static Result<Application> parse(const JsonValue& body, const Options& options, Fields& fields);
};

} // namespace salon::auth
