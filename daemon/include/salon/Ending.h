#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace salon {

/// Every way in which a WebSocket connection ends, and the whole list of it.
enum class Ending : std::uint8_t {
    none,       ///< it has not ended
    lost,       ///< the peer is gone: reset, or closed without a close frame
    normal,     ///< the client closed
    goingAway,  ///< the daemon stops
    protocol,   ///< framing (RFC 6455, 5)
    binary,     ///< a binary message on a route that takes text
    text,       ///< a text message on a route that takes binary
    notUtf8,    ///< a text message that is not UTF-8 (RFC 6455, 8.1)
    notDeflate, ///< a compressed message that cannot be inflated (RFC 7692, 7.2.2)
    misuse,     ///< the client goes on after refusals
    tooBig,     ///< a frame or message over `ws.max_frame`
    failed,     ///< a plugin's handler threw
    tryLater,   ///< the daemon has no room now
    sessionEnded,
    noHeartbeat,
    replaced, ///< the oldest of too many of one user
    tooSlow,  ///< the outbox was full
};

/// How many there are.
constexpr std::size_t endings = static_cast<std::size_t>(Ending::tooSlow) + 1;

struct EndingInfo {
    std::uint16_t code; ///< close code, 0: no close frame is sent
    std::string_view reason;
};

constexpr EndingInfo describe(Ending ending) {
    switch (ending) {
    case Ending::none:
    case Ending::lost:
        return {0, ""};
    case Ending::normal:
        return {1000, ""};
    case Ending::goingAway:
        return {1001, "the server stops"};
    case Ending::protocol:
        return {1002, "framing error"};
    case Ending::binary:
        return {1003, "only text is taken here"};
    case Ending::text:
        return {1003, "only binary is taken here"};
    case Ending::notUtf8:
        return {1007, "not UTF-8"};
    case Ending::notDeflate:
        return {1007, "compressed data that cannot be read"};
    case Ending::misuse:
        return {1008, "too many refused frames"};
    case Ending::tooBig:
        return {1009, "the frame is too large"};
    case Ending::failed:
        return {1011, "the server failed"};
    case Ending::tryLater:
        return {1013, "try again later"};
    case Ending::sessionEnded:
        return {4401, "the session has ended"};
    case Ending::noHeartbeat:
        return {4408, "no heartbeat"};
    case Ending::replaced:
        return {4409, "replaced by a newer connection"};
    case Ending::tooSlow:
        return {4413, "too slow: the outbox is full"};
    }
    return {1000, ""};
}

} // namespace salon
