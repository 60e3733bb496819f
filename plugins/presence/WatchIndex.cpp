#include "WatchIndex.h"

namespace salon::presence {

void WatchIndex::set(ConnectionId connection, const std::vector<std::int64_t>& users) {
    erase(connection);
    auto& watched = _watched[connection];
    watched.reserve(users.size());
    for (const auto user : users) {
        auto& watchers = _watchers[user];
        // By a quarter: doubling would leave half of it empty for long.
        if (watchers.size() == watchers.capacity()) {
            watchers.reserve(watchers.size() + watchers.size() / 4 + 1);
        }
        const auto place = static_cast<std::uint32_t>(watched.size());
        watched.emplace_back(static_cast<std::uint64_t>(user),
                             static_cast<std::uint32_t>(watchers.size()));
        watchers.emplace_back(static_cast<std::uint64_t>(connection), place);
    }
}

void WatchIndex::erase(ConnectionId connection) {
    const auto found = _watched.find(connection);
    if (found == _watched.end()) return;
    for (const auto& link : found->second) {
        const auto entry = _watchers.find(link.user());
        auto& watchers = entry->second;
        // The last one takes the place that becomes free.
        const auto last = watchers.back();
        watchers[link.place()] = last;
        watchers.pop_back();
        if (watchers.empty()) {
            _watchers.erase(entry);
        } else if (last.connection() != connection) {
            _watched.at(last.connection())[last.place()].move(link.place());
        }
    }
    _watched.erase(found);
}

std::span<const WatchIndex::End> WatchIndex::watchersOf(std::int64_t user) const {
    const auto found = _watchers.find(user);
    if (found == _watchers.end()) return {};
    return found->second;
}

} // namespace salon::presence
