#pragma once

#include <mutex>
#include <utility>

namespace salon {

/// A value together with the lock that guards it: unlocked access does not compile.
///
///     Guarded<std::map<int, int>> table;
///     table.lock()->emplace(1, 2);              // locked for the statement
///     auto locked = table.lock(); ...           // locked for the scope
template <class T> class Guarded {
public:
    class Locked {
    public:
        T& operator*() { return *_value; }
        T* operator->() { return _value; }
        /// For std::condition_variable.
        std::unique_lock<std::mutex>& lock() { return _lock; }

    private:
        friend class Guarded;
        Locked(std::mutex& mutex, T& value) : _lock(mutex), _value(&value) {}
        std::unique_lock<std::mutex> _lock;
        T* _value;
    };

    template <class... Args>
    explicit Guarded(Args&&... args) : _value(std::forward<Args>(args)...) {}

    [[nodiscard]] Locked lock() { return Locked(_mutex, _value); }

private:
    std::mutex _mutex;
    T _value;
};

} // namespace salon
