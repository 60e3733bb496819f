#pragma once

#include "salon/SharedFrame.h"

#include <cstddef>
#include <string_view>
#include <vector>

namespace salon::web {

/// A file's bytes in pieces: however many are slow to take it or a part of it, it is in memory
/// once. Never changes; any thread.
class SharedBytes {
public:
    explicit SharedBytes(std::string_view bytes);

    std::size_t size() const { return _size; }
    /// [first, first + size), which must be there: whole pieces as they are, and copies of no more
    /// than a piece at either end.
    std::vector<SharedFrame> part(std::size_t first, std::size_t size) const;

    static constexpr std::size_t pieceSize = 8192;

private:
    std::size_t _size;
    std::vector<SharedFrame> _pieces;
};

} // namespace salon::web
