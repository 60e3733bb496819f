#pragma once

#include "http/ByteBudget.h"
#include "http/HttpReader.h"
#include "net/ProxyList.h"
#include "salon/Settings.h"
#include "websocket/WebSocketCodec.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace salon::net {

/// The `http.`, `net.` and `ws.` settings, read once, or what another server of this process is to
/// be. A limit of 0 is none.
struct Options {
    std::string name = "http"; ///< what the keys of its address begin with
    bool chat = true;          ///< serves WebSockets and /health
    std::string address;
    std::uint16_t port = 0;
    std::vector<std::string> origins;
    ProxyList trustedProxies;
    std::size_t maxConnections = 0;
    std::size_t maxConnectionsPerAddress = 0;
    std::uint32_t requestRate = 0; ///< a second, of one network
    HttpLimits http;
    std::shared_ptr<ByteBudget> answers; ///< bytes of HTTP answers; null: without a bound
    std::chrono::milliseconds headTimeout{};
    std::chrono::milliseconds bodyTimeout{};
    std::chrono::milliseconds idleTimeout{};
    std::chrono::milliseconds writeTimeout{};
    unsigned reactors = 1;
    unsigned workers = 4;
    WebSocketLimits webSocket;
    std::size_t outbox = 0; ///< bytes
    bool compression = false;
    std::size_t compressFrom = 0; ///< bytes
    std::chrono::milliseconds heartbeat{};
    std::uint32_t rate = 0; ///< frames a second
    std::size_t maxConnectionsPerUser = 0;

    static void declare(Settings& settings);
    explicit Options(const Configuration& configuration);
    Options() = default;
};

} // namespace salon::net
