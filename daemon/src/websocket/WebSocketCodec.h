#pragma once

#include "salon/Ending.h"
#include "websocket/Deflate.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

// The framing of RFC 6455 as the server sees it, pure: bytes in, messages out, bytes out. It knows
// no socket and no clock, so that it can be tested by tables and fuzzed.

namespace salon::net {

struct WebSocketLimits {
    /// Bytes of one message, all its fragments together and inflated. Compressed it may take a
    /// little more on the wire: what cannot be compressed becomes longer.
    std::size_t maxMessage = 65536;
    std::size_t maxFragments = 1024; ///< fragments of one message
};

/// What one connection has sent so far. Small while nothing is half read: a message that arrives
/// whole inside the given bytes is unmasked in place and never copied.
class WebSocketDecoder {
public:
    enum class Kind : std::uint8_t { text, binary, ping, pong, close, violation };
    struct Item {
        Kind kind = Kind::text;
        /// The message, or the control frame's payload (of close: the reason). Valid until the next
        /// call, as long as the input is; behind a message JsonReader::padding bytes are readable.
        std::string_view payload;
        std::uint16_t closeCode = 0; ///< of Kind::close; 1005 when the frame bore none
        /// Of Kind::violation: protocol, notUtf8, notDeflate or tooBig.
        Ending ending = Ending::none;
        const char* reason = ""; ///< of Kind::violation: what was wrong, for the log
    };

    WebSocketDecoder();
    ~WebSocketDecoder();
    WebSocketDecoder(const WebSocketDecoder&) = delete;
    WebSocketDecoder& operator=(const WebSocketDecoder&) = delete;

    /// Takes compressed messages from now on (RFC 7692). With `takeover` they may refer to earlier
    /// ones, and an inflater for a window of `windowBits` is kept from the first of them on;
    /// otherwise one is taken from `pool` while a message is inflated.
    void allowDeflate(InflaterPool& pool, std::uint8_t windowBits, bool takeover);

    /// Takes bytes from the front of `input`, moving its start, until something is whole; nullopt
    /// when all bytes were taken and more are needed. Text that stops being UTF-8 and lengths over
    /// the limit are violations as soon as the byte is seen, in the middle of a frame too. After a
    /// violation or a close nothing more may be fed. `input` must have JsonReader::padding readable
    /// bytes behind its end.
    std::optional<Item> next(std::span<char>& input, const WebSocketLimits& limits);

    /// Bytes of heap held now.
    std::size_t held() const;

private:
    struct Partial; // allocated only while a frame or message is incomplete
    Partial& partial();
    std::optional<Item> take(std::span<char>& input, const WebSocketLimits& limits);

    std::unique_ptr<Partial> _partial;
    std::unique_ptr<Inflater> _inflater;
    InflaterPool* _pool = nullptr; // null: compressed messages are not allowed
    std::uint8_t _windowBits = 15;
    bool _takeover = false;
};

/// The header of an unmasked, unfragmented frame; returns its length (2, 4 or 10 bytes).
std::size_t encodeHeader(char (&out)[10], std::uint8_t opcode, std::size_t payload);
/// A whole close frame; `code` 0 gives one without a body (RFC 6455, 5.5.1).
/// @throws std::length_error when a control frame's payload is over 125 bytes, as do the next two
std::string encodeClose(std::uint16_t code, std::string_view reason);
std::string encodePing(std::string_view payload);
std::string encodePong(std::string_view payload);
/// `Sec-WebSocket-Accept` for a `Sec-WebSocket-Key` (RFC 6455, 4.2.2).
std::string acceptKey(std::string_view key);
/// Whether a key has the shape of 16 bytes in base64 (RFC 6455, 4.1).
bool validKey(std::string_view key);

} // namespace salon::net
