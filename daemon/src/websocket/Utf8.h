#pragma once

#include <cstdint>
#include <string_view>

namespace salon::net {

/// Checks UTF-8 (RFC 3629) that arrives in pieces, and says no at the first byte that cannot be
/// right.
class Utf8Stream {
public:
    /// False when the text has stopped being UTF-8; nothing more may be fed then.
    bool feed(std::string_view bytes);
    /// Whether what was fed does not end inside a character.
    bool complete() const { return _awaited == 0; }

private:
    bool step(std::uint8_t byte);

    std::uint8_t _awaited = 0; // continuation bytes to come
    std::uint8_t _least = 0x80;
    std::uint8_t _most = 0xbf; // the bounds of the next one
};

/// The same for a text that is whole.
bool isUtf8(std::string_view text);

} // namespace salon::net
