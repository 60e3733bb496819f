#pragma once

#include "salon/Frames.h"
#include "salon/Http.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace salon {

/// A WebSocket at a path of the plugin's own, beside `/ws`, on the daemon's own code: handshake,
/// framing, compression, heartbeat, backpressure and endings are the same. Messages are handed over
/// as they come; they need not be JSON. Given to Routes::addWebSocket while the plugin starts.
struct WebSocketRoute {
    /// permessage-deflate (RFC 7692), when the client offers it.
    enum class Compression : std::uint8_t {
        none,
        /// Each message by itself: a connection holds nothing between two of them, and what many
        /// connections get is compressed once.
        alone,
        /// With context takeover, as the client asks for it: up to 300 KiB a connection.
        context,
    };

    std::string path; ///< literal, such as `/echo`
    Access access = Access::bearer;
    std::string subprotocol = {}; ///< agreed upon when the client offers it
    /// What it takes; the other kind ends the connection with 1003.
    bool text = true;
    bool binary = false;
    /// Bytes of one message, all its fragments together and inflated; more ends in 1009.
    std::size_t maxMessage = 65536;
    std::size_t maxFragments = 1024;
    /// Bytes that may wait for the client; more ends in 4413. Nothing is read from a client while
    /// more than half of it is taken.
    std::size_t outbox = 1 << 20;
    /// Messages and pings a second, twice as many in a burst; further messages end in 1008. 0: no
    /// limit.
    std::uint32_t rate = 100;
    Compression compression = Compression::none;
    std::size_t compressFrom = 1024; ///< bytes of the smallest message that is sent compressed

    // All on the connection's reactor: never wait. What they throw is logged and ends in 1011.
    std::function<void(Connection&)> open = {}; ///< before any message is read; may be empty
    /// One message, valid UTF-8 unless it is `binary`; valid during the call.
    std::function<void(Connection&, std::string_view message, bool binary)> message;
    std::function<void(ConnectionId, const Principal&)> close = {}; ///< after the end; may be empty
};

} // namespace salon
