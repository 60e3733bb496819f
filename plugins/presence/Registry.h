#pragma once

#include "People.h"
#include "WatchIndex.h"

#include "salon/Bus.h"
#include "salon/Guarded.h"
#include "salon/Host.h"
#include "salon/Time.h"
#include "salon/conversations/Contacts.h"
#include "salon/presence/Presence.h"

#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace salon::presence {

/// What the plugin's parts work with: who is there, who watches, and the way to what is stored.
/// Lives as long as the plugin; any thread. Neither lock is held while the other one is taken.
class Registry final : public Presence {
public:
    /// Reads what everybody has chosen.
    explicit Registry(Host& host);

    Guarded<People> people;
    Guarded<WatchIndex> watches;
    Store& store;
    Hub& hub;
    Log& log;
    const Milliseconds run; ///< this run of the daemon: its start

    Look look(std::int64_t user, Session* session) override;
    std::vector<Look> lookMany(std::span<const std::int64_t> users, Session& session) override;
    std::string_view chosen(std::int64_t user) override;

    /// With whom the user shares a direct conversation; nobody where nobody knows.
    std::vector<std::int64_t> contacts(Session& session, std::int64_t user) const;
    Milliseconds lastSeen(Session& session, std::int64_t user) const;
    /// Of many, by their ids.
    std::unordered_map<std::int64_t, Milliseconds>
    lastSeen(Session& session, std::span<const std::int64_t> users) const;

private:
    ServiceRef<conversations::Contacts> _contacts;
};

} // namespace salon::presence
