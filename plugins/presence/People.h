#pragma once

#include "ConnectionSet.h"
#include "Status.h"

#include "salon/Hub.h"
#include "salon/Time.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <unordered_map>
#include <vector>

// Who is connected, what others know of it, and what the store knows of it.
//
// Three things happen at their own pace: connections come and go; what has changed by that is told
// to watchers (takeChanges), many changes together; and it is stored (takeRows), one batch at a
// time. A person remembers what was told and what was stored last, so that only a difference is
// told or stored: somebody invisible who comes and goes differs in nothing. Whoever is not
// connected, and whose going is told and stored, is forgotten. One thread at a time; no clock of
// its own.

namespace salon::presence {

class People {
public:
    using Clock = std::chrono::steady_clock;

    explicit People(Clock::duration grace) : _grace(grace) {}

    /// What was chosen before this run. Before anything else.
    void remember(std::int64_t user, Status status);

    void arrive(ConnectionId connection, std::int64_t user, Milliseconds wall);
    /// A connection that never arrived is ignored.
    void leave(ConnectionId connection, std::int64_t user, Milliseconds wall,
               Clock::time_point now);
    void choose(std::int64_t user, Status status, Milliseconds wall);
    /// Whoever has left and not come back for as long as the grace is offline from now on.
    void expire(Clock::time_point now);
    /// When expire() has something to do; nullopt: not as things are.
    std::optional<Clock::time_point> nextExpiry() const;

    struct Change {
        std::int64_t user = 0;
        Shown shown = Shown::offline;
        /// Nullopt of somebody offline: only the store knows.
        std::optional<Milliseconds> lastSeen;
    };
    /// What is to be told since the last call.
    std::vector<Change> takeChanges();
    /// A change that could not be told is taken once more.
    void tellAgain(std::int64_t user);

    struct Row {
        enum class Mark : std::uint8_t { none, set, clear };
        std::int64_t user = 0;
        Mark mark = Mark::none; ///< whether he is there for everybody to see
        Milliseconds since = 0; ///< of Mark::set
        Milliseconds seen = 0;  ///< 0: it did not move
    };
    /// What is to be stored; nothing while an earlier batch is not settled.
    std::vector<Row> takeRows();
    void settle(const std::vector<Row>& rows, bool stored);

    bool hasChanges() const { return !_changed.empty(); }
    bool hasRows() const { return !_storing && !_unsaved.empty(); }
    bool anyoneThere() const { return _there > 0; }

    Status chosen(std::int64_t user) const;
    /// What somebody may be shown who asks; nullopt: memory has nothing on him, so he is offline.
    /// Whoever was shown what is not told yet will be told, also if by then it looks as before.
    std::optional<Change> look(std::int64_t user);
    /// Appends the user's connections.
    void connections(std::int64_t user, std::vector<ConnectionId>& to) const;
    std::size_t size() const { return _people.size(); }

private:
    struct Person {
        ConnectionSet connections;
        Milliseconds since = 0;  ///< visible since
        Milliseconds leftAt = 0; ///< when the last connection ended
        Milliseconds seen = 0;   ///< the last_seen that the store must learn; 0: none
        Status status = Status::online;
        Shown told = Shown::offline;
        bool present = false; ///< connected, or gone for less than the grace
        bool changed = false; ///< in _changed
        bool again = false;   ///< to be told although it looks the same
        bool kept = false;    ///< the store has him as there
        bool unsaved = false; ///< in _unsaved, or in the batch that is being stored
    };
    using Entry = std::unordered_map<std::int64_t, Person>::iterator;
    struct Leaving {
        std::int64_t user;
        Milliseconds leftAt;
        Clock::time_point due;
    };

    static Shown shownOf(const Person& person);
    static bool differs(const Person& person);
    static Change changeOf(std::int64_t user, const Person& person);
    void touch(std::int64_t user, Person& person);
    void show(Person& person, bool present, Status status, Milliseconds wall);
    void forgetIfDone(Entry entry);

    Clock::duration _grace;
    std::unordered_map<std::int64_t, Person> _people;
    std::unordered_map<std::int64_t, Status> _chosen; ///< of everybody whose status is not online
    std::vector<std::int64_t> _changed;
    std::vector<std::int64_t> _unsaved;
    std::deque<Leaving> _leaving; ///< in order of time
    std::size_t _there = 0;       ///< how many are shown as there
    bool _storing = false;
};

} // namespace salon::presence
