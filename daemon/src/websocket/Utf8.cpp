#include "websocket/Utf8.h"

#include <simdjson.h>

#include <algorithm>
#include <cstddef>

namespace salon::net {

namespace {

/// How many bytes at the end begin a character that needs more bytes than are there.
std::size_t unfinished(std::string_view bytes) {
    for (std::size_t back = 1; back <= std::min<std::size_t>(3, bytes.size()); ++back) {
        const auto byte = static_cast<std::uint8_t>(bytes[bytes.size() - back]);
        if (byte < 0x80) return 0;
        if (byte < 0xc0) continue;
        const std::size_t length = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
        return length > back ? back : 0;
    }
    return 0;
}

} // namespace

bool Utf8Stream::feed(std::string_view bytes) {
    while (_awaited > 0 && !bytes.empty()) {
        if (!step(static_cast<std::uint8_t>(bytes.front()))) return false;
        bytes.remove_prefix(1);
    }
    const auto tail = unfinished(bytes);
    if (!isUtf8(bytes.substr(0, bytes.size() - tail))) return false;
    bytes.remove_prefix(bytes.size() - tail);
    return std::all_of(bytes.begin(), bytes.end(),
                       [this](char byte) { return step(static_cast<std::uint8_t>(byte)); });
}

// The table of RFC 3629, section 4: four lead bytes narrow what may follow them, which keeps out
// overlong forms, surrogates and what lies beyond U+10FFFF.
bool Utf8Stream::step(std::uint8_t byte) {
    if (_awaited > 0) {
        if (byte < _least || byte > _most) return false;
        _least = 0x80;
        _most = 0xbf;
        --_awaited;
        return true;
    }
    if (byte < 0x80) return true;
    if (byte < 0xc2 || byte > 0xf4) return false;
    _awaited = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
    if (byte == 0xe0) _least = 0xa0;
    if (byte == 0xed) _most = 0x9f;
    if (byte == 0xf0) _least = 0x90;
    if (byte == 0xf4) _most = 0x8f;
    return true;
}

bool isUtf8(std::string_view text) {
    return text.empty() || simdjson::validate_utf8(text.data(), text.size());
}

} // namespace salon::net
