#include "websocket/FrameHeader.h"

#include <cstring>

namespace salon::net {

namespace {

/// Bytes that a message may take on the wire. Stored blocks, which is what zlib makes of what
/// cannot be compressed, add five bytes to 16 KiB; blocks of nothing could be added without end.
std::size_t mostOnWire(bool compressed, const WebSocketLimits& limits) {
    return compressed ? limits.maxMessage + limits.maxMessage / 64 + 64 : limits.maxMessage;
}

/// RFC 6455, 5.2 and 5.4: what the first byte alone tells.
Fault readFirst(std::uint8_t first, const Begun& begun, Frame& frame) {
    frame.fin = (first & 0x80) != 0;
    frame.opcode = first & 0x0f;
    // RFC 7692, 6: RSV1 is for the first frame of a message.
    const bool begins = !frame.control() && frame.opcode != continuationFrame;
    frame.compressed = (first & 0x40) != 0 && begun.mayCompress && begins;
    if ((first & (frame.compressed ? 0x30 : 0x70)) != 0) {
        return {Ending::protocol, "a reserved bit is set"};
    }
    if ((frame.opcode & 0x7) > 2) return {Ending::protocol, "a reserved opcode"};
    if (frame.control()) {
        if (!frame.fin) return {Ending::protocol, "a fragmented control frame"};
        return {};
    }
    if (frame.opcode == continuationFrame) {
        if (!begun.open) return {Ending::protocol, "a continuation of nothing"};
    } else if (begun.open) {
        return {Ending::protocol, "a new message inside a fragmented one"};
    }
    return {};
}

} // namespace

Fault readHeader(std::string_view bytes, const Begun& begun, const WebSocketLimits& limits,
                 Frame& frame) {
    if (auto fault = readFirst(static_cast<std::uint8_t>(bytes[0]), begun, frame)) {
        return fault;
    }
    if (bytes.size() < 2) return {};
    const auto second = static_cast<std::uint8_t>(bytes[1]);
    const auto brief = second & 0x7f;
    if ((second & 0x80) == 0) return {Ending::protocol, "a frame without a mask"};
    if (frame.control() && brief > 125) return {Ending::protocol, "a control frame over 125 bytes"};

    const std::size_t extended = brief == 126 ? 2 : brief == 127 ? 8 : 0;
    if (bytes.size() < 2 + extended) return {};
    frame.length = extended == 0 ? static_cast<std::uint64_t>(brief) : 0;
    for (const auto byte : bytes.substr(2, extended)) {
        frame.length = frame.length << 8 | static_cast<std::uint8_t>(byte);
    }
    if (frame.length >> 63) return {Ending::protocol, "a length of more than 63 bits"};
    if ((extended == 2 && frame.length < 126) || (extended == 8 && frame.length <= 0xffff)) {
        return {Ending::protocol, "a length in more bytes than it needs"};
    }
    // One that ends the message and is without bytes is not counted.
    const bool counts = frame.opcode == continuationFrame && !(frame.fin && frame.length == 0);
    if (counts && begun.fragments >= limits.maxFragments) {
        return {Ending::tooBig, "too many fragments"};
    }
    const auto most = mostOnWire(frame.compressed || begun.compressed, limits);
    if (!frame.control() && (begun.size > most || frame.length > most - begun.size)) {
        return tooLong;
    }
    const auto whole = 2 + extended + sizeof frame.mask;
    if (bytes.size() < whole) return {};
    std::memcpy(frame.mask, bytes.data() + 2 + extended, sizeof frame.mask);
    frame.header = whole;
    return {};
}

} // namespace salon::net
