#include "net/EndpointTable.h"

#include <stdexcept>
#include <utility>

namespace salon::net {

EndpointTable::EndpointTable(const Options& options, Metrics* metrics) : _metrics(metrics) {
    WebSocketRoute route;
    route.path = "/ws";
    route.subprotocol = "salon.v1";
    route.outbox = options.outbox;
    route.rate = options.rate;
    if (options.compression) route.compression = WebSocketRoute::Compression::alone;
    route.compressFrom = options.compressFrom;
    auto endpoint = std::make_unique<Endpoint>();
    endpoint->route = std::move(route);
    endpoint->limits = options.webSocket;
    endpoint->metrics = metricsOf("/ws");
    _endpoints.push_back(std::move(endpoint));
}

RouteMetrics EndpointTable::metricsOf(const std::string& path) const {
    return _metrics ? RouteMetrics(*_metrics, path, "GET") : RouteMetrics();
}

void EndpointTable::add(const std::string& plugin, WebSocketRoute route) {
    if (const auto* taken = find(route.path)) {
        throw std::logic_error("the WebSocket " + route.path + " of plugin " + plugin +
                               " is taken by " +
                               (taken->plugin.empty() ? "salond" : "plugin " + taken->plugin));
    }
    if (!route.message) {
        throw std::logic_error("the WebSocket " + route.path + " of plugin " + plugin +
                               " has no handler for its messages");
    }
    auto endpoint = std::make_unique<Endpoint>();
    endpoint->plugin = plugin;
    endpoint->limits = {route.maxMessage, route.maxFragments};
    endpoint->metrics = metricsOf(route.path);
    if (route.open) endpoint->open.push_back(std::move(route.open));
    if (route.close) endpoint->close.push_back(std::move(route.close));
    endpoint->route = std::move(route);
    _endpoints.push_back(std::move(endpoint));
}

const Endpoint* EndpointTable::find(std::string_view path) const {
    // There are few.
    for (const auto& endpoint : _endpoints) {
        if (endpoint->route.path == path) return endpoint.get();
    }
    return nullptr;
}

} // namespace salon::net
