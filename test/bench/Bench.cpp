#include "Bench.h"

#include "Fleet.h"
#include "Latency.h"
#include "Load.h"
#include "Memory.h"
#include "Seed.h"

#include <algorithm>
#include <cmath>
#include <iostream>

namespace salon::bench {

namespace {

constexpr std::size_t idleConnections = 10'000;
constexpr std::size_t wantedPairs = 10'000;
/// What either process needs beside the clients' sockets.
constexpr std::size_t spareDescriptors = 1000;

std::string percent(double part) {
    return std::to_string(std::lround(part * 100)) + " %";
}

} // namespace

Bench::Bench(const Options& options, std::optional<unsigned> serverCore, std::size_t descriptors)
    : _options(options), _server(options, serverCore),
      _manyPairs(std::min(wantedPairs, (descriptors - spareDescriptors) / 2)) {}

Report Bench::run() {
    // The first start makes the schema and the key.
    _server.start();
    _server.stop();
    _mint = std::make_unique<TokenMint>(_server.keyFile());
    seed(_server.database(), static_cast<std::int64_t>(std::max(idleConnections, _manyPairs * 2)),
         idleConnections);
    if (_options.wants("idle")) idle();
    if (_options.wants("memory")) memory();
    if (_options.wants("latency")) latency();
    if (_options.wants("load")) load("direct messages, 100 pairs", 100, 16, 60'000);
    if (_options.wants("pairs")) {
        load("direct messages, many pairs", _manyPairs, 1, std::nullopt);
        _report.note(
            "many pairs: " + std::to_string(_manyPairs) + " of " + std::to_string(wantedPairs) +
            ", as many as both processes have descriptors for; one message in flight each");
    }
    return _report;
}

void Bench::idle() {
    std::cerr << "idle daemon\n";
    const auto result = measureIdle(_server);
    _report.atMost("ready after its start, median", result.readyMilliseconds, "ms", 300);
    _report.plain("ready after its start, slowest", result.slowestMilliseconds, "ms");
    _report.atMost("memory of an idle daemon", static_cast<double>(result.bytes) / (1 << 20), "MiB",
                   32);
}

void Bench::memory() {
    std::cerr << idleConnections << " idle connections\n";
    _server.start();
    {
        Fleet fleet(_server.port(), *_mint);
        const auto result = measureMemory(fleet, _server, idleConnections);
        _report.atMost("memory of an idle connection", result.bytesPerConnection / 1024, "KiB",
                       1.5);
        _report.atLeast("new connections", result.connectionsPerSecond, "1/s", 10'000);
        _report.plain("new connection, daemon's processor", result.microsecondsEach, "us");
        _report.note("new connections: the generator used " + percent(result.ownShare) +
                     " of a core");
        _report.check("memory", result.settled, "the daemon's memory did not come to rest");
    }
    _server.stop();
}

void Bench::latency() {
    std::cerr << "latency at 1,000 messages a second\n";
    _server.start();
    {
        Fleet fleet(_server.port(), *_mint);
        fleet.connect(200, std::chrono::seconds(30));
        const auto result = measureLatency(fleet, _server, _options, 1000);
        _report.atMost("delivery at 1,000 a second, p50", result.median, "ms", 1);
        _report.atMost("delivery at 1,000 a second, p99", result.percentile99, "ms", 5);
        _report.plain("delivery at 1,000 a second, most", result.most, "ms");
        _report.check("latency", result.sent == result.delivered,
                      std::to_string(result.delivered) + " of " + std::to_string(result.sent) +
                          " messages were delivered");
    }
    _server.stop();
}

void Bench::load(const std::string& name, std::size_t pairs, unsigned inFlight,
                 std::optional<double> budget) {
    std::cerr << name << '\n';
    const auto rowsBefore = countMessages(_server.database());
    const auto bytesBefore = _server.bytesOnDisk();
    _server.start();
    LoadResult result;
    {
        Fleet fleet(_server.port(), *_mint);
        fleet.connect(pairs * 2, std::chrono::seconds(60));
        result = measureLoad(fleet, _server, _options, inFlight);
    }
    _server.stop();
    const auto rows = countMessages(_server.database()) - rowsBefore;
    const auto bytes = _server.bytesOnDisk() - bytesBefore;

    const auto count = static_cast<double>(std::max<std::int64_t>(1, result.acknowledgedInWindow));
    const auto seconds = result.window.clock.count();
    const auto rate = static_cast<double>(result.acknowledgedInWindow) / seconds;
    if (budget) {
        _report.atLeast(name + ", acks", rate, "1/s", *budget);
    } else {
        _report.plain(name + ", acks", rate, "1/s");
    }
    _report.plain(name + ", deliveries", static_cast<double>(result.deliveredInWindow) / seconds,
                  "1/s");
    _report.plain(name + ", daemon's processor", result.window.server * 1e6 / count, "us/message");
    _report.plain(name + ", on disk",
                  static_cast<double>(bytes) / static_cast<double>(std::max<std::int64_t>(1, rows)),
                  "bytes/message");
    _report.note(name + ": the daemon used " + percent(result.window.server / seconds) +
                 " of a core, the generator " + percent(result.window.own / seconds));
    _report.check(name, result.whole && rows == result.acknowledged,
                  "sent " + std::to_string(result.sent) + ", acknowledged " +
                      std::to_string(result.acknowledged) + ", delivered " +
                      std::to_string(result.delivered) + ", stored " + std::to_string(rows) +
                      ", refused " + std::to_string(result.refused) + " " + result.refusal);
    _report.check(name, result.window.own / seconds < 0.95, "the generator was the limit");
}

} // namespace salon::bench
