#include "PresenceStore.h"

#include <algorithm>

namespace salon::presence {

std::vector<std::pair<std::int64_t, Status>> PresenceStore::chosen() {
    std::vector<std::pair<std::int64_t, Status>> all;
    for (const auto& [user, status] : _session.select<std::int64_t, std::int64_t>(
             "SELECT user_id, status FROM presence_status WHERE status BETWEEN 1 AND 3")) {
        all.emplace_back(user, static_cast<Status>(status));
    }
    return all;
}

void PresenceStore::choose(std::int64_t user, Status status) {
    if (status == Status::online) {
        _session.execute("DELETE FROM presence_status WHERE user_id = ?", user);
    } else {
        _session.execute("REPLACE INTO presence_status (user_id, status) VALUES (?, ?)", user,
                         static_cast<std::int64_t>(status));
    }
}

Milliseconds PresenceStore::lastSeen(std::int64_t user) {
    const auto row = _session.first<std::int64_t, std::int64_t, std::int64_t, std::int64_t>(
        "SELECT COALESCE(s.last_seen, 0), COALESCE(o.run, 0), COALESCE(o.since, 0),"
        " COALESCE(r.alive, 0) FROM (SELECT ? AS user_id) AS q"
        " LEFT JOIN presence_seen AS s ON s.user_id = q.user_id"
        " LEFT JOIN presence_online AS o ON o.user_id = q.user_id"
        " LEFT JOIN presence_run AS r ON r.run = o.run",
        user);
    const auto& [seen, run, since, alive] = row.value();
    return lastSign(seen, run, since, alive);
}

std::unordered_map<std::int64_t, Milliseconds>
PresenceStore::lastSeen(std::span<const std::int64_t> users) {
    std::unordered_map<std::int64_t, Milliseconds> times;
    for (const auto user : users) times.emplace(user, 0);
    for (const auto& [user, seen] : _session.selectIn<std::int64_t, std::int64_t>(
             "SELECT user_id, last_seen FROM presence_seen WHERE user_id IN", users)) {
        times[user] = seen;
    }
    for (const auto& [user, run, since, alive] :
         _session.selectIn<std::int64_t, std::int64_t, std::int64_t, std::int64_t>(
             "SELECT o.user_id, o.run, o.since, COALESCE(r.alive, 0) FROM presence_online AS o"
             " LEFT JOIN presence_run AS r ON r.run = o.run WHERE o.user_id IN",
             users)) {
        auto& time = times[user];
        time = lastSign(time, run, since, alive);
    }
    return times;
}

/// A row of this run is somebody whose going is not stored yet, or who is invisible.
Milliseconds PresenceStore::lastSign(Milliseconds seen, Milliseconds run, Milliseconds since,
                                     Milliseconds alive) const {
    return run == _run ? seen : std::max({seen, since, alive});
}

void PresenceStore::save(const People::Row& row) {
    if (row.seen != 0) {
        _session.execute("REPLACE INTO presence_seen (user_id, last_seen) VALUES (?, ?)", row.user,
                         row.seen);
    }
    switch (row.mark) {
    case People::Row::Mark::none:
        return;
    case People::Row::Mark::clear:
        _session.execute("DELETE FROM presence_online WHERE user_id = ?", row.user);
        return;
    case People::Row::Mark::set:
        // What an earlier run has left behind counts, and would be lost.
        if (_session.first<std::int64_t>(
                "SELECT run FROM presence_online WHERE user_id = ? AND run <> ?", row.user, _run)) {
            _session.execute("REPLACE INTO presence_seen (user_id, last_seen) VALUES (?, ?)",
                             row.user, lastSeen(row.user));
        }
        _session.execute("REPLACE INTO presence_online (user_id, run, since) VALUES (?, ?, ?)",
                         row.user, _run, row.since);
        return;
    }
}

void PresenceStore::mark(Milliseconds at) {
    _session.execute("REPLACE INTO presence_run (run, alive) VALUES (?, ?)", _run, at);
}

} // namespace salon::presence
