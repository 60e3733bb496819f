#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace salon::web {

/// A part of a file, in bytes.
struct ByteRange {
    enum class Kind {
        none,          ///< the whole: no range, not in bytes, malformed, or several of them
        part,          ///< [first, first + size)
        unsatisfiable, ///< begins behind the end
    };
    Kind kind = Kind::none;
    std::size_t first = 0;
    std::size_t size = 0;
};

/// A Range field (RFC 9110, 14.2) over `length` bytes. A server may ignore the field, which is what
/// several ranges get: the one use they have is to make an answer expensive.
ByteRange parseRange(std::optional<std::string_view> field, std::size_t length);

} // namespace salon::web
