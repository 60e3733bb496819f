#include "host/PluginHost.h"

#include <utility>

namespace salon {

PluginHost::PluginHost(std::string plugin, const HostParts& parts)
    : _plugin(std::move(plugin)), _parts(parts), _log(parts.log(_plugin)),
      _routes(parts.routes(_plugin)), _frames(parts.frames(_plugin)),
      _metrics(parts.metrics, _plugin), _bus(parts.bus, _plugin, &_metrics),
      _timers(parts.timers, _plugin) {}

PluginHost::~PluginHost() {
    withdraw();
}

std::shared_ptr<TaskQueue> PluginHost::queue(const std::string& name, unsigned threads,
                                             std::size_t capacity, TaskQueue::Manner manner) {
    auto queue = std::make_shared<WorkerQueue>(name, threads, capacity, *_log,
                                               QueueMetrics::of(_metrics, _plugin, name), manner);
    _queues.lock()->push_back(queue);
    return queue;
}

void PluginHost::withdraw() {
    _timers.withdraw();
    _parts.reloads.withdraw(_plugin);
    // Last made, first ended: a queue may hand its work to one that was made before it.
    const auto queues = std::exchange(*_queues.lock(), {});
    for (auto end = queues.rbegin(); end != queues.rend(); ++end) (*end)->stop();
    _bus.withdraw();
    _metrics.withdraw();
}

} // namespace salon
