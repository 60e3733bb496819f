#pragma once

#include "Registry.h"
#include "Wire.h"

#include "salon/Tasks.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

// Tells and stores what has changed.
//
// The first change starts a tenth of a second, and all that changes meanwhile goes out together:
// one frame for each connection that is told of anything. Whom to tell is found from the other end.
// Who has asked to watch somebody is in the WatchIndex; of the others those are told who share a
// direct conversation with whoever changed, which the store knows. So a connection that never
// asked, which is nearly every one, costs nothing here while nothing changes, and a new
// conversation needs no word.

namespace salon::presence {

class Announcer {
public:
    Announcer(Registry& registry, Timers& timers, std::shared_ptr<TaskQueue> queue);

    // ---- any thread, never waits
    void arrive(ConnectionId connection, std::int64_t user);
    void leave(ConnectionId connection, std::int64_t user);
    /// After the choice is stored.
    void choose(std::int64_t user, Status status);

    /// Says in the store that this run is alive, if that matters to anybody's last_seen.
    void mark();

private:
    using Changes = std::vector<People::Change>;
    /// For each connection what it is told, by place in Changes.
    using Pending = std::unordered_map<ConnectionId, std::vector<std::uint32_t>>;

    void schedule(std::chrono::milliseconds delay);
    void watchExpiry();
    void turn();
    bool tell(Changes& changes);
    void address(std::uint32_t place, std::int64_t user, std::span<const std::int64_t> contacts,
                 Pending& pending);
    void send(const Changes& changes, const Pending& pending);
    void save();

    Registry& _registry;
    Timers& _timers;
    std::shared_ptr<TaskQueue> _queue;
    std::atomic<bool> _scheduled = false;
    std::atomic<bool> _awaitsExpiry = false;
};

} // namespace salon::presence
