#include "app/Service.h"

#include "api/Coverage.h"
#include "api/Publication.h"
#include "app/MainLoop.h"
#include "app/StopDeadline.h"
#include "app/log/PocoLog.h"
#include "bus/MessageBus.h"
#include "host/TimerHeap.h"
#include "metrics/MetricRegistry.h"
#include "metrics/MetricsEndpoint.h"
#include "metrics/ProcessMetrics.h"
#include "net/Server.h"
#include "store/DatabaseStore.h"

#include <unistd.h>

#include <chrono>
#include <memory>
#include <string>

namespace salon {

namespace {

using namespace std::chrono_literals;
constexpr auto farewell = 5s;   // for what is queued to clients
constexpr auto stopLimit = 10s; // for the whole stop

/// A line a request, or none.
class AccessLog final : public Log {
public:
    explicit AccessLog(bool on) : _on(on) {}
    void write(LogLevel level, std::string_view sentence, Fields fields) override {
        _log.write(level, sentence, fields);
    }
    bool enabled(LogLevel level) const override { return _on && _log.enabled(level); }

private:
    PocoLog _log{"access"};
    bool _on;
};

class Service {
public:
    Service(Preparation& preparation, const Signals& signals)
        : _preparation(preparation), _loop(signals, _log), _timers(_log, [this] { _loop.wake(); }),
          _bus(_busLog, MessageBus::eventCapacity, &_metrics),
          _serverBus(_bus, "salond", &_metrics),
          _store(preparation.configuration, _storeLog, &_metrics),
          _server(net::Options(preparation.configuration), _store, _serverBus, _netLog, _accessLog,
                  &_metrics),
          _endpoint(preparation.configuration, _registry, _store, _serverBus, _netLog, _accessLog) {
        registerProcessMetrics(_metrics);
    }

    void start() {
        for (const auto& warning : _preparation.warnings) _log.warning(warning);
        _server.bind();
        _endpoint.bind();
        _preparation.plugins.start(
            hostParts(),
            [this](const std::string& plugin, const Migration* migrations) {
                _store.migrate(plugin, migrations);
            },
            _log);
        try {
            describe();
            _store.start();
            _endpoint.start();
            _server.start();
        } catch (...) {
            _store.stop();
            endPlugins();
            throw;
        }
        if (!_endpoint.place().empty()) _log.information("metrics are on " + _endpoint.place());
        _log.information("listening on " + _server.place());
    }

    void run() {
        _loop.run(_timers, [this] { _reloads.run(); });
    }

    void stop() {
        _log.information("stopping");
        const StopDeadline deadline(stopLimit, [this] {
            _log.error("stopping took too long: ending now, nothing acknowledged is lost");
            flushLogging();
            _exit(1);
        });
        _server.quiesce();
        _store.stop();
        _bus.stop();
        _server.finish(farewell);
        _endpoint.stop();
        endPlugins();
        _log.information("stopped");
        flushLogging();
    }

private:
    HostParts hostParts() {
        return {_preparation.configuration,
                _bus,
                _timers,
                _reloads,
                _store,
                _server.hub(),
                _registry,
                [](const std::string& plugin) { return std::make_unique<PocoLog>(plugin); },
                [this](const std::string& plugin) { return _server.routes(plugin); },
                [this](const std::string& plugin) { return _server.frames(plugin); }};
    }

    /// Once all routes and frames are known.
    void describe() {
        api::Description description;
        const auto add = [&](const std::string& owner, const char* const* parts) {
            for (; *parts; ++parts) description.add(owner, *parts);
        };
        for (const auto& [plugin, parts] : _preparation.plugins.descriptions()) add(plugin, parts);
        add("salond", api::ownParts);
        api::publish(*_server.routes("salond"), description, SALON_VERSION);
        for (const auto& difference :
             api::differences(description, _server.servedRoutes(), _server.frameTypes())) {
            _log.warning("the description of the API is not right: " + difference);
        }
    }

    void endPlugins() {
        _bus.stop();
        _preparation.plugins.stop(_log);
    }

    Preparation& _preparation;
    PocoLog _log{"salond"};
    PocoLog _busLog{"bus"};
    PocoLog _storeLog{"store"};
    PocoLog _netLog{"net"};
    AccessLog _accessLog{_preparation.configuration.text("log.access") == "on"};
    MetricRegistry _registry;
    OwnedMetrics _metrics{_registry, "salond"};
    MainLoop _loop;
    TimerHeap _timers;
    Reloads _reloads{_log};
    MessageBus _bus;
    PluginBus _serverBus;
    store::DatabaseStore _store;
    net::Server _server;
    MetricsEndpoint _endpoint;
};

} // namespace

void serve(Preparation& preparation, const Signals& signals) {
    Service service(preparation, signals);
    service.start();
    service.run();
    service.stop();
}

} // namespace salon
