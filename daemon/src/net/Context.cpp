#include "net/Context.h"

#include "net/Reactor.h"
#include "net/SocketConnection.h"

namespace salon::net {

Context::Context(const Configuration& configuration, Store& theStore, Bus& bus, Log& theLog,
                 Log& access)
    : options(configuration), store(theStore), log(theLog), accessLog(access),
      authenticator(bus.service<Authenticator>()), endpoints(options),
      admission(options.maxConnections, options.maxConnectionsPerAddress),
      workers("worker", options.workers, workerQueueCapacity, theLog) {}

Context::~Context() = default;

} // namespace salon::net
