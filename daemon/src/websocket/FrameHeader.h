#pragma once

#include "salon/Ending.h"
#include "websocket/WebSocketCodec.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

// The headers of a client's frames (RFC 6455, 5.2), judged byte by byte as they arrive.

namespace salon::net {

constexpr std::uint8_t continuationFrame = 0x0;

/// Why a connection is ended.
struct Fault {
    Ending ending = Ending::none;
    const char* reason = "";
    explicit operator bool() const { return ending != Ending::none; }
};

constexpr Fault tooLong{Ending::tooBig, "a message over the limit"};

/// One frame's header.
struct Frame {
    std::size_t header = 0; // its length; 0 while it is not whole
    std::uint64_t length = 0;
    std::uint8_t opcode = 0;
    bool fin = false;
    bool compressed = false; // the message that begins with it is
    char mask[4] = {};

    bool control() const { return (opcode & 0x8) != 0; }
    /// Whether it is a message, or a control frame, without any other frame.
    bool alone() const { return control() || (fin && opcode != continuationFrame); }
    bool readInPlace() const { return alone() && !compressed; }
};

/// The message whose fragments are arriving, as far as headers are judged by it.
struct Begun {
    bool mayCompress = false; // on this connection
    bool open = false;
    bool compressed = false;
    std::size_t size = 0; // on the wire
    std::size_t fragments = 0;
};

/// Judges a frame's header as far as it has arrived; `frame.header` is set once it is whole.
Fault readHeader(std::string_view bytes, const Begun& begun, const WebSocketLimits& limits,
                 Frame& frame);

} // namespace salon::net
