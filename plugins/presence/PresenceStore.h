#pragma once

#include "People.h"
#include "Status.h"

#include "salon/Store.h"
#include "salon/Time.h"

#include <cstdint>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

namespace salon::presence {

/// All the SQL of presence, over one session with the database. `run` is this run of the daemon, a
/// time. The functions throw Poco::Data::DataException when the database fails.
class PresenceStore {
public:
    PresenceStore(Session& session, Milliseconds run) : _session(session), _run(run) {}

    /// What everybody has chosen who has not chosen `online`.
    std::vector<std::pair<std::int64_t, Status>> chosen();
    void choose(std::int64_t user, Status status);

    /// When somebody who is offline was last there; 0: never, as far as is known.
    Milliseconds lastSeen(std::int64_t user);
    /// The same of many, by their ids.
    std::unordered_map<std::int64_t, Milliseconds> lastSeen(std::span<const std::int64_t> users);
    void save(const People::Row& row);
    /// This run is alive at `at`.
    void mark(Milliseconds at);

private:
    Milliseconds lastSign(Milliseconds seen, Milliseconds run, Milliseconds since,
                          Milliseconds alive) const;

    Session& _session;
    Milliseconds _run;
};

} // namespace salon::presence
