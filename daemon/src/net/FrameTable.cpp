#include "net/FrameTable.h"

#include <stdexcept>

namespace salon::net {

void FrameTable::add(const std::string& plugin, std::string type, FrameHandler handler) {
    const auto [place, fresh] =
        _handlers.try_emplace(std::move(type), Entry{plugin, std::move(handler)});
    if (!fresh) {
        throw std::logic_error("the frame type " + place->first + " of plugin " + plugin +
                               " is taken by plugin " + place->second.plugin);
    }
}

const FrameHandler* FrameTable::find(std::string_view type) const {
    const auto found = _handlers.find(type);
    return found == _handlers.end() ? nullptr : &found->second.handler;
}

} // namespace salon::net
