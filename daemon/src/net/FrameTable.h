#pragma once

#include "salon/Frames.h"

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace salon::net {

/// The frame types of `/ws` and their handlers; filled before the sockets open, then only read.
class FrameTable {
public:
    /// @throws std::logic_error naming both plugins when the type is taken
    void add(const std::string& plugin, std::string type, FrameHandler handler);
    /// Null for an unknown type.
    const FrameHandler* find(std::string_view type) const;

private:
    struct Entry {
        std::string plugin;
        FrameHandler handler;
    };
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const {
            return std::hash<std::string_view>()(text);
        }
    };
    std::unordered_map<std::string, Entry, Hash, std::equal_to<>> _handlers;
};

} // namespace salon::net
