#pragma once

#include <cstddef>
#include <functional>
#include <list>
#include <optional>
#include <unordered_map>
#include <utility>

namespace salon {

/// A map of at most `capacity` entries that forgets the one longest unused. One thread at a time.
template <class Key, class Value, class Hash = std::hash<Key>> class Lru {
public:
    explicit Lru(std::size_t capacity) : _capacity(capacity) {}

    std::optional<Value> get(const Key& key) {
        const auto found = _places.find(key);
        if (found == _places.end()) return std::nullopt;
        _entries.splice(_entries.begin(), _entries, found->second);
        return found->second->second;
    }
    void put(const Key& key, Value value) {
        const auto found = _places.find(key);
        if (found != _places.end()) {
            found->second->second = std::move(value);
            _entries.splice(_entries.begin(), _entries, found->second);
            return;
        }
        if (_entries.size() >= _capacity) {
            _places.erase(_entries.back().first);
            _entries.pop_back();
        }
        _entries.emplace_front(key, std::move(value));
        _places.emplace(key, _entries.begin());
    }
    void erase(const Key& key) {
        const auto found = _places.find(key);
        if (found == _places.end()) return;
        _entries.erase(found->second);
        _places.erase(found);
    }
    std::size_t size() const { return _entries.size(); }

private:
    using Entries = std::list<std::pair<Key, Value>>;

    std::size_t _capacity;
    Entries _entries; // newest use first
    std::unordered_map<Key, typename Entries::iterator, Hash> _places;
};

} // namespace salon
