#include "bus/MessageBus.h"

#include <stdexcept>

namespace salon {

namespace {

Gauge waitingEvents(Metrics* metrics) {
    if (!metrics) return {};
    return metrics->gauge({"salon_events_waiting", "Events that wait for their handlers."});
}

} // namespace

MessageBus::MessageBus(Log& log, std::size_t capacity, Metrics* metrics)
    : _log(log), _events(capacity, waitingEvents(metrics)) {}

std::shared_ptr<HookChannel> MessageBus::hooks(const std::string& name, std::size_t size,
                                               const std::string& plugin) {
    auto channels = _channels.lock();
    auto [entry, made] = channels->try_emplace(name, Named{size, plugin, nullptr, nullptr});
    auto& named = entry->second;
    if (made) named.hooks = std::make_shared<HookChannel>(name, _log);
    check(name, named, size, true, plugin);
    return named.hooks;
}

std::shared_ptr<EventChannel> MessageBus::events(const std::string& name, std::size_t size,
                                                 const std::string& plugin) {
    auto channels = _channels.lock();
    auto [entry, made] = channels->try_emplace(name, Named{size, plugin, nullptr, nullptr});
    auto& named = entry->second;
    if (made) named.events = std::make_shared<EventChannel>(name, _events, _log);
    check(name, named, size, false, plugin);
    return named.events;
}

void MessageBus::check(const std::string& name, const Named& named, std::size_t size, bool hook,
                       const std::string& plugin) const {
    if (hook != static_cast<bool>(named.hooks)) {
        throw std::logic_error(
            name + (hook ? " is an event to the plugin " : " is a hook to the plugin ") +
            named.plugin + (hook ? " and a hook to " : " and an event to ") + plugin);
    }
    if (size != named.size) {
        throw std::logic_error(name + " has " + std::to_string(named.size) +
                               " bytes in the plugin " + named.plugin + " and " +
                               std::to_string(size) + " in " + plugin +
                               ": build both against the same header");
    }
}

std::shared_ptr<detail::ServiceSlot> MessageBus::service(const std::string& name) {
    return (*_services.lock())[name].slot;
}

void MessageBus::provide(const std::string& name, std::shared_ptr<void> object,
                         const std::string& plugin) {
    if (!object) throw std::logic_error("the plugin " + plugin + " provides no object as " + name);
    auto services = _services.lock();
    auto& service = (*services)[name];
    if (!service.provider.empty()) {
        throw std::logic_error("the service " + name + " is provided by the plugin " +
                               service.provider + " already, " + plugin +
                               " cannot provide it too: load one of them");
    }
    service.provider = plugin;
    *service.slot->object.lock() = std::move(object);
}

void MessageBus::revoke(const std::string& name) {
    std::shared_ptr<void> object; // may be destroyed here: outside the locks
    auto services = _services.lock();
    auto& service = (*services)[name];
    service.provider.clear();
    object = std::exchange(*service.slot->object.lock(), nullptr);
}

void PluginBus::withdraw() {
    const auto withdrawals = std::exchange(*_withdrawals.lock(), {});
    for (auto end = withdrawals.rbegin(); end != withdrawals.rend(); ++end) (*end)();
}

Histogram PluginBus::latency(bool hook, const std::string& name) {
    if (!_metrics) return {};
    auto latencies = _latencies.lock();
    // A name is a hook's or an event's, never both.
    const auto [entry, made] = latencies->try_emplace(name);
    if (made && hook) {
        entry->second = _metrics->histogram({"salon_hook_seconds",
                                             "How long a plugin's handlers of a hook took.",
                                             {{"hook", name}, {"plugin", _plugin}}},
                                            Buckets::calls());
    } else if (made) {
        entry->second = _metrics->histogram({"salon_event_seconds",
                                             "How long a plugin's handlers of an event took.",
                                             {{"event", name}, {"plugin", _plugin}}},
                                            Buckets::calls());
    }
    return entry->second;
}

void PluginBus::addBefore(const char* name, std::size_t size, int priority,
                          std::function<Result<void>(void*)> fn) {
    auto hooks = _bus.hooks(name, size, _plugin);
    auto handler = std::make_shared<Handler<HookChannel::Function>>(
        _plugin, priority, std::move(fn), latency(true, name));
    hooks->handlers.add(handler);
    _withdrawals.lock()->push_back([hooks, handler] { hooks->handlers.remove(handler); });
}

void PluginBus::addAfter(const char* name, std::size_t size, std::function<void(const void*)> fn) {
    auto events = _bus.events(name, size, _plugin);
    auto handler = std::make_shared<Handler<EventChannel::Function>>(_plugin, 0, std::move(fn),
                                                                     latency(false, name));
    events->handlers.add(handler);
    _withdrawals.lock()->push_back([events, handler] { events->handlers.remove(handler); });
}

void PluginBus::addService(const char* name, std::shared_ptr<void> object) {
    _bus.provide(name, std::move(object), _plugin);
    _withdrawals.lock()->push_back([this, service = std::string(name)] { _bus.revoke(service); });
}

std::shared_ptr<detail::Channel> PluginBus::channel(const char* name, std::size_t size,
                                                    bool before) {
    if (before) return _bus.hooks(name, size, _plugin);
    return _bus.events(name, size, _plugin);
}

std::shared_ptr<detail::ServiceSlot> PluginBus::slot(const char* name) {
    return _bus.service(name);
}

} // namespace salon
