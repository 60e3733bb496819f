#pragma once

#include "bus/MessageBus.h"
#include "host/Reloads.h"
#include "host/TimerHeap.h"
#include "host/WorkerQueue.h"
#include "metrics/MetricRegistry.h"

#include "salon/Guarded.h"
#include "salon/Host.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace salon {

/// What every plugin's Host is made of. All of it outlives the hosts.
struct HostParts {
    const Configuration& configuration;
    MessageBus& bus;
    TimerHeap& timers;
    Reloads& reloads;
    Store& store;
    Hub& hub;
    MetricRegistry& metrics;
    std::function<std::unique_ptr<Log>(const std::string& plugin)> log;
    std::function<std::unique_ptr<Routes>(const std::string& plugin)> routes;
    std::function<std::unique_ptr<Frames>(const std::string& plugin)> frames;
};

/// One plugin's Host: it makes what is the plugin's own and remembers it, so that plugins write no
/// clean-up.
class PluginHost final : public Host {
public:
    PluginHost(std::string plugin, const HostParts& parts);
    ~PluginHost() override;

    const std::string& plugin() const override { return _plugin; }
    const Configuration& configuration() const override { return _parts.configuration; }
    Log& log() override { return *_log; }
    Bus& bus() override { return _bus; }
    Store& store() override { return _parts.store; }
    Routes& http() override { return *_routes; }
    Frames& frames() override { return *_frames; }
    Hub& hub() override { return _parts.hub; }
    Timers& timers() override { return _timers; }
    Metrics& metrics() override { return _metrics; }
    void onReload(std::function<void()> fn) override { _parts.reloads.add(_plugin, std::move(fn)); }
    std::shared_ptr<TaskQueue> queue(const std::string& name, unsigned threads,
                                     std::size_t capacity, TaskQueue::Manner manner) override;

    /// Ends the timers and reloads, runs what the queues hold and ends them, then withdraws from
    /// the bus and from the scrape: when it returns nothing calls into the plugin any more (routes
    /// and frames end with the server). Idempotent.
    void withdraw();

private:
    const std::string _plugin;
    const HostParts _parts;
    std::unique_ptr<Log> _log;
    std::unique_ptr<Routes> _routes;
    std::unique_ptr<Frames> _frames;
    OwnedMetrics _metrics;
    PluginBus _bus;
    PluginTimers _timers;
    Guarded<std::vector<std::shared_ptr<WorkerQueue>>> _queues;
};

} // namespace salon
