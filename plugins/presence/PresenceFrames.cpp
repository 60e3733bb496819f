#include "PresenceFrames.h"

#include "PresenceStore.h"
#include "Wire.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace salon::presence {

namespace {

Error bad(const char* field, bool given, const std::string& wanted) {
    return {Code::badRequest,
            std::string(field) + ' ' + wanted,
            {{field, given ? "invalid" : "required", wanted}}};
}

} // namespace

void PresenceFrames::add(Frames& frames) {
    frames.onOpen([this](Connection& connection) {
        _announcer.arrive(connection.id(), connection.principal().user);
    });
    frames.onClose([this](ConnectionId connection, const Principal& principal) {
        _announcer.leave(connection, principal.user);
    });
    frames.on("presence", [this](FrameCall& frame) { choose(frame); });
    frames.on("watch", [this](FrameCall& frame) { watch(frame); });
}

void PresenceFrames::choose(FrameCall& frame) {
    const auto given = frame.body["status"];
    const auto text = given.string();
    const auto status = text ? statusOf(*text) : std::nullopt;
    if (!status) {
        return frame.refuse(bad("status", static_cast<bool>(given),
                                "must be \"online\", \"away\", \"busy\" or \"invisible\""));
    }
    const auto user = frame.connection.principal().user;
    _registry.store.write(
        user,
        [user, chosen = *status, run = _registry.run](Session& session) {
            PresenceStore(session, run).choose(user, chosen);
            return Result<void>();
        },
        [this, user, chosen = *status, connection = frame.connection.id(),
         echo = std::string(frame.echo)](const Result<void>& stored) {
            if (!stored) return _registry.hub.send(connection, errorFrame(stored.error(), echo));
            _announcer.choose(user, chosen);
            if (!echo.empty()) _registry.hub.send(connection, ackFrame(word(chosen), echo));
            // One's other devices show it too.
            const Entry own{user, word(chosen), 0};
            _registry.hub.publish(Topic::user(user), presenceFrame({&own, 1}, {}),
                                  echo.empty() ? ConnectionId::none : connection);
        });
}

Result<PresenceFrames::Ids> PresenceFrames::readUsers(JsonValue value) const {
    const auto wanted = bad("users", static_cast<bool>(value),
                            "must be null or an array of at most " + std::to_string(_maxWatch) +
                                " ids, positive integers");
    if (value.kind() != JsonValue::Kind::array) return wanted;
    Ids users;
    std::size_t count = 0;
    value.eachElement([&](JsonValue element) {
        ++count;
        const auto id = element.integer();
        if (id && *id > 0 && count <= _maxWatch) users.push_back(*id);
    });
    if (users.size() != count) return wanted;
    std::sort(users.begin(), users.end());
    users.erase(std::unique(users.begin(), users.end()), users.end());
    return users;
}

void PresenceFrames::watch(FrameCall& frame) {
    const auto given = frame.body["users"];
    if (given && given.isNull()) return watchContacts(frame);
    const auto users = readUsers(given);
    if (!users) return frame.refuse(users.error());
    // First watched, then looked at: what changes between the two is told.
    _registry.watches.lock()->set(frame.connection.id(), *users);
    answer(frame.connection, *users, std::string(frame.echo), {});
}

void PresenceFrames::watchContacts(FrameCall& frame) {
    _registry.watches.lock()->erase(frame.connection.id());
    const auto user = frame.connection.principal().user;
    frame.connection.suspend(
        [this, user, echo = std::string(frame.echo)](Session& session) -> Connection::Continuation {
            auto users = _registry.contacts(session, user);
            std::sort(users.begin(), users.end());
            return [this, users = std::move(users), echo](Connection& connection) {
                answer(connection, users, echo, {});
            };
        });
}

/// Memory has the last word, also on whom the store was asked about: it is never older.
void PresenceFrames::answer(Connection& connection, const Ids& users, const std::string& echo,
                            Seen seen) {
    std::vector<Entry> entries;
    entries.reserve(users.size());
    Ids unknown;
    {
        auto people = _registry.people.lock();
        for (const auto user : users) {
            auto change = people->look(user).value_or(People::Change{user, {}, {}});
            if (change.shown == Shown::offline && !change.lastSeen) {
                const auto found = seen.find(user);
                if (found == seen.end()) {
                    unknown.push_back(user);
                } else {
                    change.lastSeen = found->second;
                }
            }
            entries.push_back(entryOf(change));
        }
    }
    if (unknown.empty()) return connection.send(presenceFrame(entries, echo));
    connection.suspend([this, users, echo, unknown = std::move(unknown),
                        seen = std::move(seen)](Session& session) -> Connection::Continuation {
        auto known = _registry.lastSeen(session, unknown);
        known.insert(seen.begin(), seen.end());
        return [this, users, echo, known = std::move(known)](Connection& again) {
            answer(again, users, echo, known);
        };
    });
}

} // namespace salon::presence
