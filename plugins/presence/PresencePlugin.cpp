// Who is there. Connections come and go (PresenceFrames), a user is there while any of his is open
// (People), and whoever watches him is told (Announcer). What outlives the process, a chosen status
// and when somebody was last there, is in PresenceStore.

#include "Announcer.h"
#include "PresenceFrames.h"
#include "Registry.h"

#include "salon/Plugin.h"

#include <chrono>
#include <memory>

namespace salon::presence {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t queued = 4; // there is one turn at a time
constexpr auto markInterval = 1min;

} // namespace

class PresencePlugin final : public Plugin {
public:
    void declare(Settings& settings) override {
        settings.declare({"presence.grace", Setting::Type::duration, "5s",
                          "How long after the last connection has ended a user is shown as there: "
                          "whoever reconnects in time was never away.",
                          10, 3'600'000, true});
        settings.declare({"presence.max_watch", Setting::Type::integer, "1000",
                          "How many users one connection may watch.", 1, 100'000});
    }

    void start(Host& host) override {
        _registry = std::make_shared<Registry>(host);
        _parts = std::make_unique<Parts>(*_registry, host);
        host.frames().sends({"ack", "presence"});
        _parts->frames.add(host.frames());
        host.bus().provide<Presence>(_registry);
        host.timers().every(markInterval, [this] { _parts->announcer.mark(); });
    }

    void stop() override { _parts.reset(); }

private:
    struct Parts {
        Parts(Registry& registry, Host& host)
            : announcer(registry, host.timers(), host.queue("presence", 1, queued)),
              frames(registry, announcer,
                     static_cast<std::size_t>(host.configuration().integer("presence.max_watch"))) {
        }
        Announcer announcer;
        PresenceFrames frames;
    };
    std::shared_ptr<Registry> _registry;
    std::unique_ptr<Parts> _parts;
};

} // namespace salon::presence

using salon::presence::PresencePlugin;
SALON_PLUGIN(PresencePlugin)
