#include "net/Server.h"

#include "net/Context.h"
#include "net/Reactor.h"
#include "net/SocketConnection.h"

#include <Poco/Net/NetException.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/SocketAddress.h>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <condition_variable>
#include <stdexcept>

namespace salon::net {

namespace {

class TheHub final : public Hub {
public:
    explicit TheHub(Context& context) : _context(context) {}

    void publish(Topic topic, SharedFrame frame, ConnectionId except) override {
        auto mask = _context.topics.find(topic);
        for (unsigned i = 0; mask != 0; ++i, mask >>= 1) {
            if (mask & 1) _context.reactors[i]->publish(topic, frame, except);
        }
    }
    void send(ConnectionId connection, SharedFrame frame) override {
        if (auto* reactor = of(connection)) reactor->send(connection, std::move(frame));
    }
    void close(ConnectionId connection, Ending ending) override {
        if (auto* reactor = of(connection)) reactor->close(connection, ending);
    }
    void closeSession(std::int64_t user, std::int64_t session, Ending ending) override {
        for (const auto& reactor : _context.reactors) {
            reactor->closeSession({user, session}, ending);
        }
    }
    bool reaches(Topic topic) const override { return _context.topics.find(topic) != 0; }
    void whenRoom(ConnectionId connection, std::function<void()> fn) override {
        if (auto* reactor = of(connection)) {
            reactor->run([reactor, connection, fn = std::move(fn)]() mutable {
                reactor->whenRoom(connection, std::move(fn));
            });
        }
    }

private:
    Reactor* of(ConnectionId connection) {
        if (connection == ConnectionId::none) return nullptr;
        const auto index = reactorOf(connection);
        return index < _context.reactors.size() ? _context.reactors[index].get() : nullptr;
    }
    Context& _context;
};

class PluginRoutes final : public Routes {
public:
    PluginRoutes(Context& context, std::string plugin)
        : _context(context), _plugin(std::move(plugin)) {}
    void add(std::string method, std::string pattern, Access access, HttpHandler handler) override {
        add(method, pattern, access, std::move(handler), false);
    }
    void addHeadOnly(std::string method, std::string pattern, Access access,
                     HttpHandler handler) override {
        add(method, pattern, access, std::move(handler), true);
    }
    void addWebSocket(WebSocketRoute route) override {
        _context.endpoints.add(_plugin, std::move(route));
    }

private:
    void add(const std::string& method, const std::string& pattern, Access access,
             HttpHandler handler, bool headOnly) {
        const auto metrics =
            _context.registry ? RouteMetrics(*_context.registry, pattern, method) : RouteMetrics();
        _context.router.add(_plugin, method, pattern, access, std::move(handler), metrics,
                            headOnly);
    }

    Context& _context;
    std::string _plugin;
};

class PluginFrames final : public Frames {
public:
    PluginFrames(Context& context, std::string plugin)
        : _context(context), _plugin(std::move(plugin)) {}
    void on(std::string type, FrameHandler handler) override {
        _context.frames.add(_plugin, std::move(type), std::move(handler));
    }
    void sends(std::vector<std::string> types) override {
        for (const auto& type : types) _context.frames.addSent(type);
    }
    void onOpen(std::function<void(Connection&)> handler) override {
        _context.endpoints.own().open.push_back(std::move(handler));
    }
    void onClose(std::function<void(ConnectionId, const Principal&)> handler) override {
        _context.endpoints.own().close.push_back(std::move(handler));
    }

private:
    Context& _context;
    std::string _plugin;
};

/// As many descriptors as the system lets this process have; every connection takes one.
void raiseDescriptorLimit(std::size_t wanted, Log& log) {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    constexpr std::size_t others = 128; // the store, the log, plugins
    if (wanted != 0 && wanted + others > limit.rlim_cur) {
        log.warning("http.max_connections is more than the descriptors that this process may open: "
                    "raise LimitNOFILE",
                    {{"http.max_connections", std::to_string(wanted)},
                     {"descriptors", std::to_string(limit.rlim_cur)}});
    }
}

/// What every accepted socket inherits, without a system call for each.
void prepareListener(int descriptor) {
    const int on = 1;
    ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    // What the kernel holds and has not sent: without a bound it grows to megabytes for a client
    // that never reads, which neither ws.outbox nor anybody else counts.
    const int unsent = 128 * 1024;
    ::setsockopt(descriptor, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent, sizeof unsent);
}

[[noreturn]] void cannotListen(const Options& options, const Poco::Exception& problem) {
    throw std::runtime_error(
        "cannot listen on " + options.address + ':' + std::to_string(options.port) + " (" +
        problem.displayText() + "): set " + options.name +
        ".address to an address of this machine and " + options.name + ".port to a free port");
}

} // namespace

struct Server::Parts {
    Parts(Options options, Store& store, Bus& bus, Log& log, Log& access, Metrics* metrics)
        : context(std::move(options), store, bus, log, access, metrics), hub(context) {
        for (unsigned i = 0; i < context.options.reactors; ++i) {
            context.reactors.push_back(std::make_unique<Reactor>(context, i));
        }
    }
    Context context;
    TheHub hub;
    Poco::Net::ServerSocket listener;
    std::uint16_t port = 0;
    bool running = false;
};

void Server::declare(Settings& settings) {
    Options::declare(settings);
}

Server::Server(Options options, Store& store, Bus& bus, Log& log, Log& access, Metrics* metrics)
    : _parts(std::make_unique<Parts>(std::move(options), store, bus, log, access, metrics)) {}

Server::~Server() {
    abort();
}

void Server::abort() {
    _parts->running = false;
    _parts->context.ready = false;
    for (const auto& reactor : _parts->context.reactors) reactor->abort();
    for (const auto& reactor : _parts->context.reactors) reactor->join();
    _parts->context.workers.stop();
}

Hub& Server::hub() {
    return _parts->hub;
}

std::unique_ptr<Routes> Server::routes(std::string plugin) {
    return std::make_unique<PluginRoutes>(_parts->context, std::move(plugin));
}

std::unique_ptr<Frames> Server::frames(std::string plugin) {
    return std::make_unique<PluginFrames>(_parts->context, std::move(plugin));
}

const std::vector<Router::Served>& Server::servedRoutes() const {
    return _parts->context.router.served();
}

std::vector<std::string> Server::frameTypes() const {
    return _parts->context.frames.types();
}

void Server::bind() {
    const auto& options = _parts->context.options;
    try {
        auto host = options.address;
        if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
        const Poco::Net::SocketAddress address(host, options.port);
        if (address.family() == Poco::Net::SocketAddress::IPv6) {
            _parts->listener.bind6(address, true, false, false);
        } else {
            _parts->listener.bind(address, true, false);
        }
        _parts->port = _parts->listener.address().port();
    } catch (const Poco::Exception& problem) {
        cannotListen(options, problem);
    }
}

std::string Server::place() const {
    auto host = _parts->context.options.address;
    if (host.find(':') != std::string::npos && host.front() != '[') host = "[" + host + "]";
    return "http://" + host + ":" + std::to_string(_parts->port);
}

void Server::start() {
    auto& context = _parts->context;
    if (context.options.chat) raiseDescriptorLimit(context.options.maxConnections, context.log);
    try {
        _parts->listener.listen(4096);
    } catch (const Poco::Exception& problem) {
        // Another one was quicker: to bind is not yet to have the port.
        cannotListen(context.options, problem);
    }
    _parts->listener.setBlocking(false);
    prepareListener(_parts->listener.impl()->sockfd());
    context.reactors.front()->listenOn(_parts->listener.impl()->sockfd());
    _parts->running = true;
    context.ready = true;
    try {
        for (const auto& reactor : context.reactors) reactor->start();
    } catch (...) {
        abort(); // the first of them serves already, and what it calls is about to end
        throw;
    }
}

void Server::quiesce() {
    _parts->context.ready = false;
    if (!_parts->running) return;
    for (const auto& reactor : _parts->context.reactors) reactor->quiesce();
    // Closing would free its number while a reactor still holds it; this refuses as well.
    ::shutdown(_parts->listener.impl()->sockfd(), SHUT_RDWR);
}

void Server::finish(std::chrono::milliseconds deadline) {
    if (!_parts->running) return;
    _parts->running = false;
    auto& reactors = _parts->context.reactors;
    for (const auto& reactor : reactors) reactor->finish();
    // The reactors end by themselves; whoever has not by the deadline is cut off.
    std::mutex lock;
    std::condition_variable ended;
    bool all = false;
    std::thread guard([&] {
        std::unique_lock hold(lock);
        if (!ended.wait_for(hold, deadline, [&] { return all; })) {
            for (const auto& reactor : reactors) reactor->abort();
        }
    });
    for (const auto& reactor : reactors) reactor->join();
    {
        const std::lock_guard hold(lock);
        all = true;
    }
    ended.notify_all();
    guard.join();
    _parts->context.workers.stop();
}

} // namespace salon::net
