#pragma once

#include "net/Options.h"
#include "net/RouteMetrics.h"
#include "salon/WebSockets.h"
#include "websocket/WebSocketCodec.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace salon::net {

/// One path that WebSockets are opened at, as its connections use it.
struct Endpoint {
    std::string plugin; ///< empty: the daemon's own, `/ws`
    /// Without a message handler, messages are frames of the table of frame types.
    WebSocketRoute route;
    WebSocketLimits limits;
    RouteMetrics metrics; ///< of what is answered to who asks for one
    std::vector<std::function<void(Connection&)>> open;
    std::vector<std::function<void(ConnectionId, const Principal&)>> close;
};

/// The WebSocket endpoints; filled before the sockets open, then only read.
class EndpointTable {
public:
    /// Without `metrics` nothing is counted.
    explicit EndpointTable(const Options& options, Metrics* metrics = nullptr);

    /// `/ws`.
    Endpoint& own() { return *_endpoints.front(); }
    const Endpoint& own() const { return *_endpoints.front(); }
    /// @throws std::logic_error when the path is taken, naming both plugins
    void add(const std::string& plugin, WebSocketRoute route);
    /// Null when none is opened there.
    const Endpoint* find(std::string_view path) const;

private:
    RouteMetrics metricsOf(const std::string& path) const;

    Metrics* const _metrics;
    std::vector<std::unique_ptr<Endpoint>> _endpoints;
};

} // namespace salon::net
