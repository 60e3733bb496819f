#include "Journal.h"

#include "salon/Plugin.h"

#include <chrono>
#include <stdexcept>

namespace {

using namespace salon;

/// Fails in the middle of its start, after it has registered something.
class Thrower final : public Plugin {
public:
    void start(Host& host) override {
        host.bus().before<test::Asked>(-1, [](test::Asked&) -> Result<void> {
            return Error{Code::rejected, "thrower is still there"};
        });
        host.timers().every(std::chrono::milliseconds(1), [] {});
        throw std::runtime_error("the moon is full");
    }
    void stop() override { throw std::logic_error("stopped although it never started"); }
};

} // namespace

SALON_PLUGIN(Thrower)
const salon::Migration SALON_PLUGIN_SCHEMA[] = {{0, nullptr, nullptr, nullptr}};
