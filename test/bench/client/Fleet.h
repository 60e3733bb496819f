#pragma once

#include "Deadline.h"
#include "client/Frames.h"
#include "client/Token.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace salon::bench {

/// What a measurement does with what its clients receive.
class Traffic {
public:
    virtual ~Traffic() = default;
    /// @param client its index in the fleet
    virtual void onFrame(std::size_t client, FrameKind kind, std::string_view payload) = 0;
    /// After all that one read gave: the moment to queue answers, which are then sent together.
    virtual void afterRead(std::size_t) {}
};

/// Where clients come from.
struct Origins {
    std::int64_t firstUser = 1;
    /// Addresses of the loopback network that take turns, as 127.0.x.y; empty: 127.0.0.1.
    std::vector<std::string> sources = {};
};

/// Many authenticated WebSocket connections on one thread: the first user's, then that of the next
/// number and so on, each with the session of the same number.
class Fleet {
public:
    Fleet(std::uint16_t port, const TokenMint& mint, Origins origins = {});
    ~Fleet();
    Fleet(const Fleet&) = delete;
    Fleet& operator=(const Fleet&) = delete;

    /// Connects `count` clients, a few dozen at a time; returns when each has had its `welcome`.
    /// @throws std::runtime_error when one is refused, or the deadline passes
    void connect(std::size_t count, std::chrono::seconds within);
    std::size_t size() const { return _clients.size(); }
    std::int64_t userOf(std::size_t client) const {
        return _origins.firstUser + static_cast<std::int64_t>(client);
    }
    /// Begins one more connection. @returns its index
    std::size_t open();
    /// How many have had their `welcome`.
    std::size_t greeted() const { return _greeted; }
    /// Ends one without a word.
    void drop(std::size_t client);

    /// Waits for bytes at most so long, and hands on what came.
    /// @throws std::runtime_error when a connection ends
    void turn(Traffic& traffic, std::chrono::nanoseconds timeout);
    /// Sent at the next flush() of this client.
    void queue(std::size_t client, std::string_view bytes);
    /// Writes what is queued; what the socket does not take goes when it can.
    void flush(std::size_t client);

private:
    enum class State : std::uint8_t { upgrading, greeting, open };
    struct Client {
        int descriptor = -1;
        State state = State::upgrading;
        bool waitsToWrite = false;
        std::string input;  ///< a frame or a head that is not whole yet
        std::string output; ///< what the socket did not take yet
    };

    void read(std::size_t client, Traffic& traffic);
    /// @returns how much of `bytes` was used
    std::size_t take(std::size_t client, std::string_view bytes, Traffic& traffic);
    void watch(std::size_t client, bool writable);
    [[noreturn]] void fail(std::size_t client, const std::string& reason) const;

    std::uint16_t _port;
    const TokenMint& _mint;
    const Origins _origins;
    int _epoll;
    std::vector<Client> _clients;
    std::vector<char> _buffer;
    std::size_t _greeted = 0;
};

} // namespace salon::bench
