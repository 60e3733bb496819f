#pragma once

#include "salon/Store.h"
#include "salon/Time.h"
#include "salon/Visibility.h"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace salon::presence {

/// The service `presence`: who is there, as everybody may know it. Somebody invisible is not there.
class SALON_API Presence {
public:
    static constexpr const char* name = "presence";
    virtual ~Presence() = default;

    struct Look {
        bool online = false;
        Milliseconds lastSeen = 0; ///< 0 while online, and when it is not known
    };
    /// Any thread. `session` null: from memory only, which does not know when somebody who is
    /// offline was there; never waits then. @throws Poco::Data::DataException
    virtual Look look(std::int64_t user, Session* session) = 0;
    /// Of each user in turn, as look(); the store is asked about all together.
    virtual std::vector<Look> lookMany(std::span<const std::int64_t> users, Session& session) = 0;
    /// What the user has chosen to be shown as: `online`, `away`, `busy` or `invisible`. For the
    /// user's own eyes. Any thread, never waits.
    virtual std::string_view chosen(std::int64_t user) = 0;
};

} // namespace salon::presence
