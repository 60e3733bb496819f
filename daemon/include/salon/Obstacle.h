#pragma once

#include <string>

namespace salon {

/// Something that `salond --check` finds.
struct Obstacle {
    std::string sentence;  ///< what it is, and what to do about it
    bool endsStart = true; ///< otherwise the daemon starts all the same, with less
};

} // namespace salon
