#include "salon/Plugin.h"
#include "salon/WebSockets.h"

// Wants a WebSocket's path that another plugin has.

namespace {

class Usurper final : public salon::Plugin {
public:
    void start(salon::Host& host) override {
        host.http().addWebSocket(
            {.path = "/echo", .message = [](salon::Connection&, std::string_view, bool) {}});
    }
};

} // namespace

SALON_PLUGIN(Usurper)
const salon::Migration SALON_PLUGIN_SCHEMA[] = {{0, nullptr, nullptr, nullptr}};
