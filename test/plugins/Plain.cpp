#include "salon/Plugin.h"

namespace {

/// Does nothing; what matters is what it depends on.
class Plain final : public salon::Plugin {
public:
    void start(salon::Host&) override {}
};

} // namespace

SALON_PLUGIN(Plain)
const salon::Migration SALON_PLUGIN_SCHEMA[] = {{0, nullptr, nullptr, nullptr}};
