#include "salon/Plugin.h"

namespace {

using namespace salon;

/// Declares a key that another plugin has.
class Clashing final : public Plugin {
public:
    void declare(Settings& settings) override {
        settings.declare({"good.greeting", Setting::Type::text, "hé", "Another's greeting."});
    }
    void start(Host&) override {}
};

} // namespace

SALON_PLUGIN(Clashing)
const salon::Migration SALON_PLUGIN_SCHEMA[] = {{0, nullptr, nullptr, nullptr}};
