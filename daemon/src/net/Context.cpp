#include "net/Context.h"

#include "net/Reactor.h"
#include "net/SocketConnection.h"

namespace salon::net {

Context::Context(Options theOptions, Store& theStore, Bus& bus, Log& theLog, Log& access,
                 Metrics* theMetrics)
    : options(std::move(theOptions)), store(theStore), log(theLog), accessLog(access),
      registry(theMetrics), metrics(theMetrics ? NetMetrics(*theMetrics) : NetMetrics()),
      authenticator(bus.service<Authenticator>()), endpoints(options, theMetrics),
      frames(theMetrics), admission(options.maxConnections, options.maxConnectionsPerAddress),
      requests(options.requestRate),
      workers(options.chat ? "worker" : options.name + "-worker", options.workers,
              workerQueueCapacity, theLog,
              theMetrics ? QueueMetrics::of(*theMetrics, "salond", "worker") : QueueMetrics{}) {}

Context::~Context() = default;

} // namespace salon::net
