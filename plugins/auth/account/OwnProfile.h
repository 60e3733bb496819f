#pragma once

#include "Entrance.h"
#include "account/Profile.h"

#include "salon/Bus.h"
#include "salon/Http.h"

#include <optional>
#include <string>

namespace salon::auth {

/// GET and PATCH /api/v1/users/me.
class OwnProfile {
public:
    OwnProfile(const Entrance& entrance, Event<UserChanged> changed)
        : _entrance(entrance), _changed(std::move(changed)) {}
    void show(const HttpRequest& request, const Responder& responder);
    void change(const HttpRequest& request, const Responder& responder);

private:
    /// What is to be another than it was.
    struct Patch {
        std::optional<std::string> displayName;
        std::optional<std::string> avatar; ///< empty: none
        std::optional<Email> email;        ///< empty: none

        static Result<Patch> parse(const JsonValue& body, EmailRule rule);
    };
    struct Patched {
        User user;
        bool changed = false;
    };
    static Result<Patched> apply(Session& session, std::int64_t id, const Patch& patch);
    void send(const Responder& responder, const User& user, Session* session);

    const Entrance& _entrance;
    Event<UserChanged> _changed;
};

} // namespace salon::auth
