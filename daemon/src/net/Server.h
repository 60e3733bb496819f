#pragma once

#include "http/Router.h"
#include "net/Options.h"

#include "salon/Bus.h"
#include "salon/Frames.h"
#include "salon/Http.h"
#include "salon/Hub.h"
#include "salon/Log.h"
#include "salon/Metrics.h"
#include "salon/Settings.h"
#include "salon/Store.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace salon::net {

/// Everything that has to do with sockets: the listener, the reactors, the workers that run HTTP
/// handlers and loads, the routes, the frame table and the hub.
class Server {
public:
    /// The `http.`, `net.` and `ws.` keys.
    static void declare(Settings& settings);

    /// `bus` is where the Authenticator is looked up; `access` gets a line a request. Without
    /// `metrics` nothing is counted.
    Server(Options options, Store& store, Bus& bus, Log& log, Log& access,
           Metrics* metrics = nullptr);
    ~Server();

    Hub& hub();
    /// What a plugin registers its routes and frames with; `plugin` is named when two collide.
    std::unique_ptr<Routes> routes(std::string plugin);
    std::unique_ptr<Frames> frames(std::string plugin);
    /// What was registered with them so far.
    const std::vector<Router::Served>& servedRoutes() const;
    std::vector<std::string> frameTypes() const;

    /// Binds the address (so that a port in use fails before plugins start). @throws
    /// std::runtime_error with one sentence
    void bind();
    /// Where it was bound: `http://127.0.0.1:8080`.
    std::string place() const;
    /// Listens and starts the reactors and workers.
    void start();
    /// No new connections, no more bytes are read; requests under way go on.
    void quiesce();
    /// After the lanes have drained: what is queued is sent, every WebSocket is closed with 1001,
    /// until the deadline at the latest; then the reactors and workers end.
    void finish(std::chrono::milliseconds deadline);

private:
    void abort();
    struct Parts;
    std::unique_ptr<Parts> _parts;
};

} // namespace salon::net
