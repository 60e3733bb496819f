#include "metrics/MetricsEndpoint.h"

#include <chrono>
#include <utility>

namespace salon {

namespace {

using namespace std::chrono_literals;

net::Options optionsOf(const Configuration& configuration) {
    net::Options options;
    options.name = "metrics";
    options.chat = false;
    options.address = configuration.text("metrics.address");
    options.port = static_cast<std::uint16_t>(configuration.integer("metrics.port"));
    options.maxConnections = 32;
    options.http.maxBody = 1024;
    options.headTimeout = 10s;
    options.bodyTimeout = 10s;
    options.idleTimeout = 120s; // scrapes are commonly a minute apart
    options.writeTimeout = 30s;
    options.reactors = 1;
    options.workers = 1;
    return options;
}

} // namespace

void MetricsEndpoint::declare(Settings& settings) {
    settings.declare({.key = "metrics.serve",
                      .type = Setting::Type::choice,
                      .standard = "on",
                      .sentence = "Whether /metrics is served, for Prometheus and its like.",
                      .choices = {"on", "off"}});
    settings.declare({.key = "metrics.address",
                      .standard = "127.0.0.1",
                      .sentence =
                          "The address that /metrics, and nothing else, is served on; it tells "
                          "everybody who reaches it how busy the server is.",
                      .form = "an IPv4 or IPv6 address of this machine",
                      .fits = [](const std::string& value) {
                          return net::PeerAddress::parse(value).has_value();
                      }});
    settings.declare({.key = "metrics.port",
                      .type = Setting::Type::integer,
                      .standard = "9464",
                      .sentence = "The port of /metrics; 0 takes a free one and logs it.",
                      .least = 0,
                      .most = 65535});
}

MetricsEndpoint::MetricsEndpoint(const Configuration& configuration, MetricRegistry& registry,
                                 Store& store, Bus& bus, Log& log, Log& access) {
    if (configuration.text("metrics.serve") == "off") return;
    _server.emplace(optionsOf(configuration), store, bus, log, access);
    _server->routes("salond")->add(
        "GET", "/metrics", Access::open,
        [&registry](const HttpRequest&, const Responder& responder) {
            responder.send({200, registry.text(), ExpositionWriter::contentType, {}});
        });
}

void MetricsEndpoint::bind() {
    if (_server) _server->bind();
}

void MetricsEndpoint::start() {
    if (_server) _server->start();
}

void MetricsEndpoint::stop() {
    if (!_server) return;
    _server->quiesce();
    _server->finish(1s);
}

std::string MetricsEndpoint::place() const {
    return _server ? _server->place() + "/metrics" : std::string();
}

} // namespace salon
