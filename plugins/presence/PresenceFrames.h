#pragma once

#include "Announcer.h"
#include "Registry.h"

#include "salon/Frames.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace salon::presence {

/// The frames `presence` and `watch`, and the coming and going of connections. Reactors.
class PresenceFrames {
public:
    PresenceFrames(Registry& registry, Announcer& announcer, std::size_t maxWatch)
        : _registry(registry), _announcer(announcer), _maxWatch(maxWatch) {}
    void add(Frames& frames);

    void choose(FrameCall& frame);
    void watch(FrameCall& frame);

private:
    using Ids = std::vector<std::int64_t>;
    using Seen = std::unordered_map<std::int64_t, Milliseconds>;

    Result<Ids> readUsers(JsonValue value) const;
    void watchContacts(FrameCall& frame);
    void answer(Connection& connection, const Ids& users, const std::string& echo, Seen seen);

    Registry& _registry;
    Announcer& _announcer;
    std::size_t _maxWatch;
};

} // namespace salon::presence
