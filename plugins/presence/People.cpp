#include "People.h"

#include <algorithm>
#include <utility>

namespace salon::presence {

void People::remember(std::int64_t user, Status status) {
    if (status == Status::online) {
        _chosen.erase(user);
    } else {
        _chosen[user] = status;
    }
}

Status People::chosen(std::int64_t user) const {
    const auto found = _chosen.find(user);
    return found == _chosen.end() ? Status::online : found->second;
}

Shown People::shownOf(const Person& person) {
    return person.present ? shown(person.status) : Shown::offline;
}

/// Whether the store says something else.
bool People::differs(const Person& person) {
    return person.seen != 0 || (shownOf(person) != Shown::offline) != person.kept;
}

People::Change People::changeOf(std::int64_t user, const Person& person) {
    Change change{user, shownOf(person), std::nullopt};
    if (change.shown == Shown::offline && person.seen != 0) change.lastSeen = person.seen;
    return change;
}

void People::touch(std::int64_t user, Person& person) {
    if (std::exchange(person.changed, true)) return;
    _changed.push_back(user);
}

/// Changes what is shown, and what hangs on it.
void People::show(Person& person, bool present, Status status, Milliseconds wall) {
    const bool before = shownOf(person) != Shown::offline;
    person.present = present;
    person.status = status;
    const bool after = shownOf(person) != Shown::offline;
    if (before == after) return;
    if (after) {
        person.since = wall;
        ++_there;
    } else {
        --_there;
    }
}

void People::arrive(ConnectionId connection, std::int64_t user, Milliseconds wall) {
    const auto [entry, fresh] = _people.try_emplace(user);
    auto& person = entry->second;
    if (fresh) person.status = chosen(user);
    person.connections.add(connection);
    if (person.present) return;
    show(person, true, person.status, wall);
    touch(user, person);
}

void People::leave(ConnectionId connection, std::int64_t user, Milliseconds wall,
                   Clock::time_point now) {
    const auto entry = _people.find(user);
    if (entry == _people.end()) return;
    auto& person = entry->second;
    if (!person.connections.remove(connection) || !person.connections.empty()) return;
    person.leftAt = wall;
    _leaving.push_back({user, wall, now + _grace});
}

void People::choose(std::int64_t user, Status status, Milliseconds wall) {
    remember(user, status);
    const auto entry = _people.find(user);
    if (entry == _people.end() || entry->second.status == status) return;
    show(entry->second, entry->second.present, status, wall);
    touch(user, entry->second);
}

void People::expire(Clock::time_point now) {
    while (!_leaving.empty() && _leaving.front().due <= now) {
        const auto leaving = _leaving.front();
        _leaving.pop_front();
        const auto entry = _people.find(leaving.user);
        if (entry == _people.end()) continue;
        auto& person = entry->second;
        // He came back, or has left again since.
        if (!person.connections.empty() || !person.present || person.leftAt != leaving.leftAt) {
            continue;
        }
        if (shownOf(person) != Shown::offline) {
            person.seen = leaving.leftAt;
            person.again = true; // also when nobody was told that he had come
        }
        show(person, false, person.status, leaving.leftAt);
        touch(leaving.user, person);
    }
}

std::optional<People::Clock::time_point> People::nextExpiry() const {
    if (_leaving.empty()) return std::nullopt;
    return _leaving.front().due;
}

std::vector<People::Change> People::takeChanges() {
    std::vector<Change> changes;
    for (const auto user : std::exchange(_changed, {})) {
        const auto entry = _people.find(user);
        if (entry == _people.end()) continue;
        auto& person = entry->second;
        person.changed = false;
        const auto now = shownOf(person);
        if (now != person.told || person.again) changes.push_back(changeOf(user, person));
        person.told = now;
        person.again = false;
        if (differs(person) && !std::exchange(person.unsaved, true)) _unsaved.push_back(user);
        forgetIfDone(entry);
    }
    return changes;
}

void People::tellAgain(std::int64_t user) {
    const auto [entry, fresh] = _people.try_emplace(user);
    if (fresh) entry->second.status = chosen(user);
    entry->second.again = true;
    touch(user, entry->second);
}

std::vector<People::Row> People::takeRows() {
    std::vector<Row> rows;
    if (!hasRows()) return rows;
    _storing = true;
    rows.reserve(_unsaved.size());
    for (const auto user : std::exchange(_unsaved, {})) {
        const auto& person = _people.at(user);
        Row row{user};
        const bool there = shownOf(person) != Shown::offline;
        if (there != person.kept) row.mark = there ? Row::Mark::set : Row::Mark::clear;
        if (there) row.since = person.since;
        row.seen = person.seen;
        rows.push_back(row);
    }
    return rows;
}

void People::settle(const std::vector<Row>& rows, bool stored) {
    _storing = false;
    for (const auto& row : rows) {
        const auto entry = _people.find(row.user);
        if (entry == _people.end()) continue;
        auto& person = entry->second;
        if (stored) {
            if (row.mark != Row::Mark::none) person.kept = row.mark == Row::Mark::set;
            if (row.seen == person.seen) person.seen = 0;
        }
        person.unsaved = differs(person);
        if (person.unsaved) _unsaved.push_back(row.user);
        forgetIfDone(entry);
    }
}

void People::forgetIfDone(Entry entry) {
    const auto& person = entry->second;
    if (person.present || person.changed || person.unsaved) return;
    _people.erase(entry);
}

std::optional<People::Change> People::look(std::int64_t user) {
    const auto entry = _people.find(user);
    if (entry == _people.end()) return std::nullopt;
    // Only of a difference: that somebody invisible came must not be told for having been asked.
    if (shownOf(entry->second) != entry->second.told) entry->second.again = true;
    return changeOf(user, entry->second);
}

void People::connections(std::int64_t user, std::vector<ConnectionId>& to) const {
    const auto entry = _people.find(user);
    if (entry == _people.end()) return;
    entry->second.connections.appendTo(to);
}

} // namespace salon::presence
