#include "Journal.h"

#include "salon/Plugin.h"

#include <memory>
#include <stdexcept>

namespace {

using namespace salon;

/// Needs `good` at its start and at its stop, which fails.
class Follower final : public Plugin {
public:
    void start(Host& host) override {
        _journal = host.bus().service<test::Journal>().hold();
        _greeter = host.bus().service<test::Greeter>();
        _journal->add("follower hears " + _greeter.hold()->greet());
    }
    void stop() override {
        _journal->add(_greeter ? "follower stops first" : "follower stops too late");
        throw std::runtime_error("the follower does not want to stop");
    }

private:
    std::shared_ptr<test::Journal> _journal;
    ServiceRef<test::Greeter> _greeter;
};

} // namespace

SALON_PLUGIN(Follower)
const salon::Migration SALON_PLUGIN_SCHEMA[] = {{0, nullptr, nullptr, nullptr}};
