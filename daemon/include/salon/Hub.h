#pragma once

#include "salon/Ending.h"
#include "salon/SharedFrame.h"
#include "salon/Visibility.h"

#include <cstdint>
#include <functional>

namespace salon {

/// Names one connection for the whole life of the process; 0 is none.
enum class ConnectionId : std::uint64_t { none = 0 };

/// What connections subscribe to: a kind (one letter, the plugin's choice: 'u' users, 'c'
/// conversations) and a number.
struct Topic {
    std::uint64_t handle = 0;

    constexpr Topic() = default;
    constexpr Topic(char kind, std::int64_t id)
        : handle(static_cast<std::uint64_t>(static_cast<unsigned char>(kind)) << 56 |
                 (static_cast<std::uint64_t>(id) & 0x00ffffffffffffff)) {}
    static constexpr Topic user(std::int64_t id) { return {'u', id}; }
    bool operator==(const Topic&) const = default;
};

/// Who is connected, and the way to them. Any thread; never waits. What one thread sends arrives in
/// the order in which it was sent.
class SALON_API Hub {
public:
    virtual ~Hub() = default;
    /// To every connection subscribed to `topic` but `except`.
    virtual void publish(Topic topic, SharedFrame frame,
                         ConnectionId except = ConnectionId::none) = 0;
    /// To one connection; nothing when it is gone.
    virtual void send(ConnectionId connection, SharedFrame frame) = 0;
    virtual void close(ConnectionId connection, Ending ending) = 0;
    /// Every connection of one session of a user; of all his sessions when `session` is 0.
    virtual void closeSession(std::int64_t user, std::int64_t session, Ending ending) = 0;
    /// Whether any connection is subscribed to `topic` now.
    virtual bool reaches(Topic topic) const = 0;
    /// Calls `fn` on the connection's reactor once its outbox is at most half full, at once if it
    /// is so already; drops `fn` when the connection is gone. Several are called in their order;
    /// one that throws is logged. For answers of many frames.
    virtual void whenRoom(ConnectionId connection, std::function<void()> fn) = 0;
};

/// While one lives on a thread, what that thread posts to reactors and lanes is gathered, and sent
/// on with one wake-up each when the outermost ends.
class SALON_API Cork {
public:
    Cork();
    ~Cork();
    Cork(const Cork&) = delete;
    Cork& operator=(const Cork&) = delete;
};

} // namespace salon
