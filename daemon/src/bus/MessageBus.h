#pragma once

#include "bus/BusChannel.h"
#include "bus/EventQueue.h"

#include "salon/Bus.h"
#include "salon/Guarded.h"
#include "salon/Log.h"
#include "salon/Metrics.h"

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace salon {

/// The one bus of the process (salon/Bus.h says what it does). Plugins never see it: each is given
/// a PluginBus, which knows whose a registration is and withdraws it.
class MessageBus {
public:
    static constexpr std::size_t eventCapacity = 65536;

    /// Without `metrics` nothing is measured.
    explicit MessageBus(Log& log, std::size_t capacity = eventCapacity, Metrics* metrics = nullptr);

    /// Delivers every event that was told and ends the events' thread; what is told later is
    /// dropped. Idempotent; never from a handler.
    void stop() { _events.stop(); }

    /// The channel of a name; made by the first who asks. `plugin` is who asks.
    /// @throws std::logic_error naming both plugins, when the name has another size or is of the
    /// other kind
    std::shared_ptr<HookChannel> hooks(const std::string& name, std::size_t size,
                                       const std::string& plugin);
    std::shared_ptr<EventChannel> events(const std::string& name, std::size_t size,
                                         const std::string& plugin);

    std::shared_ptr<detail::ServiceSlot> service(const std::string& name);
    /// @throws std::logic_error naming both plugins, when there is a provider
    void provide(const std::string& name, std::shared_ptr<void> object, const std::string& plugin);
    void revoke(const std::string& name);

private:
    struct Named {
        std::size_t size;
        std::string plugin; // who used the name first
        std::shared_ptr<HookChannel> hooks;
        std::shared_ptr<EventChannel> events;
    };
    struct Service {
        std::shared_ptr<detail::ServiceSlot> slot = std::make_shared<detail::ServiceSlot>();
        std::string provider; // empty: none
    };

    void check(const std::string& name, const Named& named, std::size_t size, bool hook,
               const std::string& plugin) const;

    Log& _log;
    EventQueue _events;
    Guarded<std::map<std::string, Named>> _channels;
    Guarded<std::map<std::string, Service>> _services;
};

/// A plugin's view of the bus.
class PluginBus final : public Bus {
public:
    /// Without `metrics`, which are the plugin's own, its handlers are not measured.
    PluginBus(MessageBus& bus, std::string plugin, Metrics* metrics = nullptr)
        : _bus(bus), _plugin(std::move(plugin)), _metrics(metrics) {}
    ~PluginBus() override { withdraw(); }
    PluginBus(const PluginBus&) = delete;
    PluginBus& operator=(const PluginBus&) = delete;

    /// Ends every registration; when it returns, none of the plugin's handlers is running. Never
    /// from one of them.
    void withdraw();

protected:
    void addBefore(const char* name, std::size_t size, int priority,
                   std::function<Result<void>(void*)> fn) override;
    void addAfter(const char* name, std::size_t size, std::function<void(const void*)> fn) override;
    void addService(const char* name, std::shared_ptr<void> object) override;
    std::shared_ptr<detail::Channel> channel(const char* name, std::size_t size,
                                             bool before) override;
    std::shared_ptr<detail::ServiceSlot> slot(const char* name) override;

private:
    /// How long this plugin's handlers of one hook or event take, however many they are.
    Histogram latency(bool hook, const std::string& name);

    MessageBus& _bus;
    const std::string _plugin;
    Metrics* const _metrics;
    Guarded<std::map<std::string, Histogram>> _latencies;
    Guarded<std::vector<std::function<void()>>> _withdrawals;
};

} // namespace salon
