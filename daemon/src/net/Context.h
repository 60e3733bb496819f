#pragma once

#include "host/WorkerQueue.h"
#include "http/Router.h"
#include "net/Admission.h"
#include "net/EndpointTable.h"
#include "net/FrameTable.h"
#include "net/NetMetrics.h"
#include "net/Options.h"
#include "net/RequestLimit.h"
#include "net/TopicTable.h"
#include "salon/Bus.h"
#include "salon/Guarded.h"
#include "salon/Log.h"
#include "salon/Principal.h"
#include "salon/Store.h"

#include <atomic>
#include <memory>
#include <unordered_map>
#include <vector>

namespace salon::net {

class Reactor;

/// What all reactors share. Read-only once they run, but for the members that guard themselves.
struct Context {
    /// Without `theMetrics` nothing is counted.
    Context(Options theOptions, Store& theStore, Bus& bus, Log& theLog, Log& access,
            Metrics* theMetrics);
    ~Context();

    /// Requests and loads that may wait for a worker; one more is answered `unavailable`.
    static constexpr std::size_t workerQueueCapacity = 65536;

    const Options options;
    Store& store;
    Log& log;
    Log& accessLog;
    Metrics* const registry;
    const NetMetrics metrics;
    ServiceRef<Authenticator> authenticator;
    Router router;
    EndpointTable endpoints;
    FrameTable frames;
    TopicTable topics;
    Admission admission;
    RequestLimit requests;
    WorkerQueue workers;
    /// WebSocket connections of each user, oldest first; kept only under a limit.
    Guarded<std::unordered_map<std::int64_t, std::vector<ConnectionId>>> users;
    std::vector<std::unique_ptr<Reactor>> reactors;
    std::atomic<bool> ready = false; ///< what /health/ready says
};

/// The reactor that a connection belongs to, from its id.
constexpr unsigned reactorOf(ConnectionId id) {
    return static_cast<unsigned>(static_cast<std::uint64_t>(id) >> 56) - 1;
}

} // namespace salon::net
