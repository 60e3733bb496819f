#pragma once

#include "salon/Json.h"
#include "websocket/WebSocketCodec.h"

#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// What the suites of the WebSocket decoder share: a client's frames, and what a decoder makes of
// bytes that come in pieces of every size.

namespace codectest {

using salon::Ending;
using salon::JsonReader;
using salon::net::WebSocketDecoder;
using salon::net::WebSocketLimits;

constexpr char mask[] = {'\x37', '\xfa', '\x21', '\x3d'}; // RFC 6455, 5.7

/// A masked frame, its length written in as few bytes as the RFC asks for.
inline std::string frame(int first, std::string_view payload) {
    char header[10];
    const auto length = salon::net::encodeHeader(header, 0, payload.size());
    std::string bytes(header, length);
    bytes[0] = static_cast<char>(first);
    bytes[1] = static_cast<char>(bytes[1] | 0x80);
    bytes.append(mask, 4);
    for (std::size_t i = 0; i < payload.size(); ++i) {
        bytes.push_back(static_cast<char>(payload[i] ^ mask[i % 4]));
    }
    return bytes;
}

inline std::string closeFrame(std::uint16_t code, std::string_view reason = "") {
    std::string payload{static_cast<char>(code >> 8), static_cast<char>(code & 0xff)};
    return frame(0x88, payload.append(reason));
}

inline std::string wordFor(const WebSocketDecoder::Item& item) {
    const std::string payload(item.payload);
    switch (item.kind) {
    case WebSocketDecoder::Kind::text:
        return "text:" + payload;
    case WebSocketDecoder::Kind::binary:
        return "binary:" + payload;
    case WebSocketDecoder::Kind::ping:
        return "ping:" + payload;
    case WebSocketDecoder::Kind::pong:
        return "pong:" + payload;
    case WebSocketDecoder::Kind::close:
        return "close:" + std::to_string(item.closeCode) + ":" + payload;
    case WebSocketDecoder::Kind::violation:
        break;
    }
    CPPUNIT_ASSERT(*item.reason != '\0');
    switch (item.ending) {
    case Ending::protocol:
        return "protocol";
    case Ending::notUtf8:
        return "notUtf8";
    case Ending::notDeflate:
        return "notDeflate";
    case Ending::tooBig:
        return "tooBig";
    default:
        return "another ending";
    }
}

/// Feeds bytes in pieces, each in memory of its own, and writes down what came out of them.
class Story {
public:
    /// @param takeover whether compressed messages may come, and refer to earlier ones
    explicit Story(WebSocketLimits limits = {}, std::optional<bool> takeover = std::nullopt)
        : _limits(limits) {
        if (takeover) _decoder.allowDeflate(_pool, 15, *takeover);
    }

    void feed(std::string_view bytes) {
        const auto memory = std::make_unique<char[]>(bytes.size() + JsonReader::padding);
        std::copy(bytes.begin(), bytes.end(), memory.get());
        std::span<char> input(memory.get(), bytes.size());
        while (!_over) {
            const auto item = _decoder.next(input, _limits);
            if (!item) {
                CPPUNIT_ASSERT(input.empty());
                break;
            }
            touchPadding(*item);
            _words += _words.empty() ? "" : " ";
            _words += wordFor(*item);
            _over = item->kind == WebSocketDecoder::Kind::violation ||
                    item->kind == WebSocketDecoder::Kind::close;
        }
    }
    void feed(std::string_view bytes, std::size_t piece) {
        for (std::size_t i = 0; i < bytes.size(); i += piece) feed(bytes.substr(i, piece));
    }
    const std::string& words() const { return _words; }
    std::size_t held() const { return _decoder.held(); }

private:
    static void touchPadding(const WebSocketDecoder::Item& item) {
        if (item.kind > WebSocketDecoder::Kind::binary) return;
        const volatile char* end = item.payload.data() + item.payload.size();
        for (std::size_t i = 0; i < JsonReader::padding; ++i) (void)end[i];
    }
    WebSocketLimits _limits;
    salon::net::InflaterPool _pool;
    WebSocketDecoder _decoder;
    std::string _words;
    bool _over = false;
};

struct Row {
    const char* name;
    std::string bytes;
    std::string words;
};

inline void check(const std::vector<Row>& rows, WebSocketLimits limits = {},
                  std::optional<bool> takeover = std::nullopt) {
    for (const auto& row : rows) {
        for (const std::size_t piece : {row.bytes.size(), 1ul, 2ul, 3ul, 7ul, 13ul}) {
            Story story(limits, takeover);
            story.feed(row.bytes, piece);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(std::string(row.name) + ", in pieces of " +
                                             std::to_string(piece),
                                         row.words, story.words());
        }
    }
}

} // namespace codectest
