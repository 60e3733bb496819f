#pragma once

#include "metrics/MetricRegistry.h"
#include "net/Server.h"

#include <optional>
#include <string>

namespace salon {

/// Serves /metrics on an address of its own: a second server with one route, so that a scrape is
/// answered while the other one is full or stuck, and nothing of the chat can be reached there.
class MetricsEndpoint {
public:
    /// The `metrics.` keys.
    static void declare(Settings& settings);

    /// `store` and `bus` are not used by a scrape; every server has them.
    MetricsEndpoint(const Configuration& configuration, MetricRegistry& registry, Store& store,
                    Bus& bus, Log& log, Log& access);

    /// @throws std::runtime_error with one sentence when the address cannot be had
    void bind();
    void start();
    void stop();
    /// Its address, such as `http://127.0.0.1:9464/metrics`; empty when it is off.
    std::string place() const;

private:
    std::optional<net::Server> _server; // none: off
};

} // namespace salon
