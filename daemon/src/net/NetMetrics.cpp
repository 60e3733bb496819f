#include "net/NetMetrics.h"

#include <map>
#include <string>

namespace salon::net {

NetMetrics::NetMetrics(Metrics& metrics)
    : live(metrics, "/health/live", "GET"), ready(metrics, "/health/ready", "GET"),
      unrouted(metrics, "none", "none") {
    constexpr std::array states = {"http", "websocket", "closing"};
    for (std::size_t i = 0; i < states.size(); ++i) {
        connections[i] = metrics.gauge(
            {"salon_connections", "Connections at this time.", {{"state", states[i]}}});
    }
    accepted = metrics.counter({"salon_connections_accepted_total", "Connections taken."});
    const auto refused = [&](const char* reason) {
        return metrics.counter({"salon_connections_refused_total",
                                "Connections that there was no room for.",
                                {{"reason", reason}}});
    };
    serverFull = refused("server_full");
    addressFull = refused("address_full");
    outOfDescriptors = refused("descriptors");
    receivedBytes = metrics.counter({"salon_received_bytes_total", "Bytes read from connections."});
    sentBytes = metrics.counter({"salon_sent_bytes_total", "Bytes written to connections."});
    opened = metrics.counter({"salon_websockets_opened_total", "WebSocket connections opened."});
    std::map<std::uint16_t, Counter> byCode; // several endings share one
    for (std::size_t i = 1; i < endings; ++i) {
        const auto code = describe(static_cast<Ending>(i)).code;
        const auto [place, fresh] = byCode.try_emplace(code);
        if (fresh) {
            place->second = metrics.counter(
                {"salon_websockets_closed_total",
                 "WebSocket connections ended, by close code.",
                 {{"code", code == 0 ? std::string("lost") : std::to_string(code)}}});
        }
        ended[i] = place->second;
    }
    delivery = metrics.histogram(
        {"salon_delivery_seconds", "How long what a client sent took to its recipients' sockets."},
        Buckets::latency());
}

} // namespace salon::net
