#include "Announcer.h"

#include "PresenceStore.h"

#include <algorithm>
#include <exception>
#include <optional>
#include <utility>

namespace salon::presence {

namespace {

using namespace std::chrono_literals;

constexpr auto gathering = 100ms; // changes within it share a frame
constexpr auto leastWait = 20ms;  // so that a crowd that leaves is looked at together
constexpr auto pause = 1s;        // before what failed is tried again
constexpr std::int64_t lane = 0;  // one for all batches, so that they keep their order
constexpr std::size_t entriesPerFrame = 1000;
// So long the lock on People is held at once, in people looked for.
constexpr std::size_t looksAtOnce = 256;

} // namespace

Announcer::Announcer(Registry& registry, Timers& timers, std::shared_ptr<TaskQueue> queue)
    : _registry(registry), _timers(timers), _queue(std::move(queue)) {}

void Announcer::arrive(ConnectionId connection, std::int64_t user) {
    bool changed = false;
    {
        auto people = _registry.people.lock();
        people->arrive(connection, user, now());
        changed = people->hasChanges();
    }
    if (changed) schedule(gathering);
}

void Announcer::leave(ConnectionId connection, std::int64_t user) {
    _registry.watches.lock()->erase(connection);
    _registry.people.lock()->leave(connection, user, now(), People::Clock::now());
    watchExpiry();
}

void Announcer::choose(std::int64_t user, Status status) {
    bool changed = false;
    {
        auto people = _registry.people.lock();
        people->choose(user, status, now());
        changed = people->hasChanges();
    }
    if (changed) schedule(gathering);
}

void Announcer::schedule(std::chrono::milliseconds delay) {
    if (_scheduled.exchange(true)) return;
    _timers.once(delay, [this] {
        // Refused only when the daemon stops: a turn is waited for before the next one is posted.
        _queue->post([this] {
            _scheduled = false;
            turn();
        });
    });
}

void Announcer::watchExpiry() {
    const auto next = _registry.people.lock()->nextExpiry();
    if (!next || _awaitsExpiry.exchange(true)) return;
    const auto wait = std::chrono::ceil<std::chrono::milliseconds>(*next - People::Clock::now());
    _timers.once(std::max<std::chrono::milliseconds>(wait, leastWait), [this] {
        _awaitsExpiry = false;
        bool changed = false;
        {
            auto people = _registry.people.lock();
            people->expire(People::Clock::now());
            changed = people->hasChanges();
        }
        if (changed) schedule(gathering);
        watchExpiry();
    });
}

void Announcer::turn() {
    auto changes = _registry.people.lock()->takeChanges();
    const bool told = changes.empty() || tell(changes);
    if (!told) {
        auto people = _registry.people.lock();
        for (const auto& change : changes) people->tellAgain(change.user);
    }
    save();
    if (!told) schedule(pause);
}

/// False when the store could not be read, and nobody was told.
bool Announcer::tell(Changes& changes) {
    Pending pending;
    try {
        _registry.store.read([&](Session& session) {
            for (std::uint32_t i = 0; i < changes.size(); ++i) {
                auto& change = changes[i];
                if (change.shown == Shown::offline && !change.lastSeen) {
                    change.lastSeen = _registry.lastSeen(session, change.user);
                }
                address(i, change.user, _registry.contacts(session, change.user), pending);
            }
        });
    } catch (const std::exception& problem) {
        _registry.log.warning("who came and went cannot be told now", {{"reason", problem.what()}});
        return false;
    }
    send(changes, pending);
    return true;
}

void Announcer::address(std::uint32_t place, std::int64_t user,
                        std::span<const std::int64_t> contacts, Pending& pending) {
    std::vector<ConnectionId> reached;
    for (auto rest = contacts; !rest.empty();) {
        const auto some = rest.first(std::min(rest.size(), looksAtOnce));
        rest = rest.subspan(some.size());
        auto people = _registry.people.lock();
        for (const auto contact : some) people->connections(contact, reached);
    }
    auto watches = _registry.watches.lock();
    for (const auto connection : reached) {
        if (!watches->has(connection)) pending[connection].push_back(place);
    }
    for (const auto& watcher : watches->watchersOf(user)) {
        pending[watcher.connection()].push_back(place);
    }
}

void Announcer::send(const Changes& changes, const Pending& pending) {
    const Cork cork;
    // Who is told of one change only, as in quiet times everybody, shares a frame with the others.
    std::unordered_map<std::uint32_t, SharedFrame> single;
    std::vector<Entry> entries;
    for (const auto& [connection, places] : pending) {
        if (places.size() == 1) {
            auto& frame = single[places.front()];
            if (!frame) {
                const auto entry = entryOf(changes[places.front()]);
                frame = presenceFrame({&entry, 1}, {});
            }
            _registry.hub.send(connection, frame);
            continue;
        }
        for (std::span rest(places); !rest.empty();) {
            const auto some = rest.first(std::min(rest.size(), entriesPerFrame));
            rest = rest.subspan(some.size());
            entries.clear();
            for (const auto place : some) entries.push_back(entryOf(changes[place]));
            _registry.hub.send(connection, presenceFrame(entries, {}));
        }
    }
}

void Announcer::save() {
    const auto rows =
        std::make_shared<const std::vector<People::Row>>(_registry.people.lock()->takeRows());
    if (rows->empty()) return;
    _registry.store.write(
        lane,
        [rows, run = _registry.run](Session& session) {
            PresenceStore store(session, run);
            for (const auto& row : *rows) store.save(row);
            return Result<void>();
        },
        [this, rows](const Result<void>& stored) {
            bool more = false;
            {
                auto people = _registry.people.lock();
                people->settle(*rows, static_cast<bool>(stored));
                more = people->hasRows();
            }
            if (more) schedule(stored ? std::chrono::milliseconds(gathering) : pause);
        });
}

void Announcer::mark() {
    if (!_registry.people.lock()->anyoneThere()) return;
    _registry.store.write(
        lane,
        [run = _registry.run](Session& session) {
            PresenceStore(session, run).mark(now());
            return Result<void>();
        },
        [](const Result<void>&) {}); // the next one will do
}

} // namespace salon::presence
