#include "Usage.h"
#include "client/Fleet.h"
#include "client/Offenders.h"
#include "scenarios/Latency.h"
#include "scenarios/Scenarios.h"
#include "store/Seed.h"

#include <sched.h>

#include <future>

// Ten honest talkers among five thousand honest idle connections, and thousands of clients that
// misbehave, each kind from an address of its own. The daemon has the limits of its defaults. An
// offence is a row of offences(), with the ending that the manual promises; without one where it
// depends on how much time this machine leaves the offender (NeighboursTest shows those endings).
//
// In life offenders have machines of their own; here they share a core with the talkers, and their
// thread gets only what time others leave. What that still costs the talkers is not the daemon's
// doing: so they are measured alone, with the offenders at the daemon, and between with the same
// offenders at another daemon, which gets only what time the first one leaves. The verdict is on
// the offenders against none; the one between says how much of it is the machine's, which on two
// cores is most.

namespace salon::bench {

namespace {

constexpr std::size_t honest = 5'000;
constexpr std::size_t talkers = 10;
constexpr unsigned rate = 500; ///< messages a second of all talkers
constexpr std::int64_t firstReader = 6'001;
constexpr std::int64_t readers = 32; ///< users, of whom each has as many sockets as one may
constexpr std::size_t socketsEach = 16;
constexpr std::int64_t firstFeeder = 7'001;
constexpr std::size_t feeders = 4;
constexpr std::int64_t flooder = 8'001;
constexpr std::int64_t fragmenter = 8'002;
constexpr std::int64_t bomber = 8'003;
constexpr std::int64_t inflater = 8'004;
constexpr std::int64_t lastOffender = inflater;

std::string upgrade(const Site& site, std::int64_t user, const std::string& headers = {}) {
    return upgradeRequest(site.mint->mint(user, user), headers);
}

/// A compressed ping that is so long once it is inflated.
std::string compressedPing(std::size_t size) {
    std::string payload = R"({"type":"ping","x":")";
    payload += std::string(size - payload.size() - 2, 'x') + "\"}";
    return clientFrame(0x41, deflated(payload));
}

/// The longest message to each of the readers, by turns.
std::vector<std::string> feed() {
    std::string content;
    for (int i = 0; i < 4000; ++i) content += "\xf0\x9f\x98\x80";
    std::vector<std::string> frames;
    for (std::int64_t reader = 0; reader < readers; ++reader) {
        frames.push_back(clientFrame(1, R"({"type":"dm","to":)" +
                                            std::to_string(firstReader + reader) +
                                            R"(,"content":")" + content + "\"}"));
    }
    return frames;
}

/// A ping of 64 KiB in a thousand fragments.
std::string fragments() {
    constexpr std::size_t size = 65536;
    constexpr std::size_t part = 66;
    std::string payload = R"({"type":"ping","x":")";
    payload += std::string(size - payload.size() - 2, 'x') + "\"}";
    std::string frames;
    for (std::size_t at = 0; at < size; at += part) {
        frames += clientFrame(at == 0 ? 1 : 0, std::string_view(payload).substr(at, part),
                              at + part >= size);
    }
    return frames;
}

std::string repeated(const std::string& frame, std::size_t count) {
    std::string frames;
    for (std::size_t i = 0; i < count; ++i) frames += frame;
    return frames;
}

struct Kind {
    Offence offence;
    const char* ending; ///< the documented one; null for those who leave by themselves
};

std::vector<Kind> offences(const Site& site) {
    using std::chrono::milliseconds;
    std::vector<std::string> stuck;
    for (std::int64_t i = 0; i < readers; ++i) stuck.push_back(upgrade(site, firstReader + i));
    std::vector<std::string> feeding;
    for (std::size_t i = 0; i < feeders; ++i) {
        feeding.push_back(upgrade(site, firstFeeder + static_cast<std::int64_t>(i)));
    }
    const auto ping = clientFrame(1, R"({"type":"ping"})");
    const std::string compressing = "Sec-WebSocket-Extensions: permessage-deflate\r\n";
    return {
        {{.name = "heads that never end",
          .source = "127.0.0.2",
          .clients = 2'000,
          .first = {"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "},
          .more = {"x"},
          .pace = milliseconds(1'000)},
         "408"},
        {{.name = "bodies a byte at a time",
          .source = "127.0.0.3",
          .clients = 2'000,
          .first = {"POST /api/v1/auth/login HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                    "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"},
          .more = {" "},
          .pace = milliseconds(1'000)},
         "408"},
        {{.name = "sockets that never read",
          .source = "127.0.0.4",
          .clients = static_cast<std::size_t>(readers) * socketsEach - 12,
          .receiveBuffer = 4096,
          .first = std::move(stuck),
          .reads = false},
         nullptr},
        {{.name = "who feed those",
          .source = "127.0.0.5",
          .clients = feeders,
          .first = std::move(feeding),
          .more = feed(),
          .pace = milliseconds(50)},
         nullptr},
        {{.name = "who come and go", .source = "127.0.0.6", .clients = 500, .leaves = true},
         nullptr},
        {{.name = "100,000 frames a second",
          .source = "127.0.0.7",
          .clients = 1,
          .first = {upgrade(site, flooder)},
          .more = {repeated(ping, 500)},
          .pace = milliseconds(5)},
         "1008"},
        {{.name = "a thousand fragments",
          .source = "127.0.0.8",
          .clients = 1,
          .first = {upgrade(site, fragmenter)},
          .more = {repeated(fragments(), 8)}},
         nullptr},
        {{.name = "compressed bombs of 50 MB",
          .source = "127.0.0.9",
          .clients = 8,
          .first = {upgrade(site, bomber, compressing)},
          .more = {compressedPing(50'000'000)}},
         "1009"},
        {{.name = "64 KiB out of a hundred bytes",
          .source = "127.0.0.10",
          .clients = 8,
          .first = {upgrade(site, inflater, compressing)},
          .more = {repeated(compressedPing(65'536), 100)}},
         "1008"},
    };
}

std::vector<Offence> offencesOf(const std::vector<Kind>& kinds) {
    std::vector<Offence> list;
    list.reserve(kinds.size());
    for (const auto& kind : kinds) list.push_back(kind.offence);
    return list;
}

void tell(Stage& stage, const Kind& kind, std::size_t begun, const Endings& endings) {
    std::string text;
    bool good = true;
    for (const auto& [ending, count] : endings) {
        text += (text.empty() ? "" : ", ") + std::to_string(count) + " times " + ending;
        good = good && (!kind.ending || ending == kind.ending || ending == "still there");
    }
    good = good && (!kind.ending || endings.contains(kind.ending));
    stage.report.note("neighbours, " + kind.offence.name + ": " + std::to_string(begun) +
                      " connections, ended " + (text.empty() ? "by nothing" : text));
    stage.report.check("neighbours", good,
                       kind.offence.name + " should end with " +
                           (kind.ending ? kind.ending : "nothing") + ", not " + text);
}

ServerProcess::Defines limits() {
    return {{"http.max_connections", "16384"},
            {"http.max_connections_per_address", "4096"},
            {"http.body_timeout", "10s"},
            // The honest ones came in one moment, and so would all their pings; what those cost is
            // measured with the connections.
            {"ws.heartbeat", "10m"},
            {"ws.outbox", "256KiB"},
            {"ws.rate", "100"},
            {"ws.max_connections_per_user", std::to_string(socketsEach)},
            {"store.lane_queue", "8192"}};
}

/// The talkers' times while the offenders are somewhere.
LatencyResult beside(Offenders& offenders, Fleet& fleet, const Stage& stage,
                     const ServerProcess& server) {
    auto options = stage.options;
    options.warmUp = std::chrono::seconds(3);
    options.duration = std::max(options.duration, std::chrono::milliseconds(12'000));
    auto crowd = std::async(std::launch::async, [&] {
        const sched_param none{};
        ::sched_setscheduler(0, SCHED_IDLE, &none);
        offenders.run(options.warmUp + options.duration + std::chrono::seconds(1));
    });
    auto result = measureLatency(fleet, server, options, rate, talkers);
    crowd.get();
    return result;
}

/// The same with the offenders at a daemon of their own.
LatencyResult besideAnother(Fleet& fleet, const Stage& stage, const ServerProcess& server) {
    Site other(stage.options, stage.core);
    other.prepare();
    seedPeople(*other.database, lastOffender, 0);
    other.server.start(limits());
    other.server.giveWay();
    LatencyResult result;
    {
        Offenders offenders(other.server.port(), offencesOf(offences(other)));
        result = beside(offenders, fleet, stage, server);
    }
    other.server.stop();
    return result;
}

void reportTimes(Report& report, const std::string& when, const LatencyResult& result) {
    report.plain("ten talkers " + when + ", p50", result.median, "ms");
    report.plain("ten talkers " + when + ", p99", result.percentile99, "ms");
    report.check("neighbours", result.sent == result.delivered, "messages were lost");
    report.note("ten talkers " + when + ": " + result.window.told());
}

} // namespace

void neighbours(Stage& stage) {
    auto& site = stage.site();
    auto& server = site.server;
    auto& report = stage.report;
    server.start(limits());
    {
        Fleet fleet(server.port(), *site.mint, {.sources = {"127.0.1.1", "127.0.1.2"}});
        fleet.connect(honest + talkers, std::chrono::seconds(60));
        server.waitForRest();
        const auto alone = measureLatency(fleet, server, stage.options, rate, talkers);
        const auto elsewhere = besideAnother(fleet, stage, server);

        const auto kinds = offences(site);
        const auto before = server.resident();
        Offenders offenders(server.port(), offencesOf(kinds));
        const auto here = beside(offenders, fleet, stage, server);
        const auto taken = server.mostResident() - before;
        offenders.readAtLast(std::chrono::seconds(5));

        reportTimes(report, "alone", alone);
        reportTimes(report, "with bad neighbours at another daemon", elsewhere);
        reportTimes(report, "with bad neighbours", here);
        report.atMost("p99 with bad neighbours to alone", here.percentile99 / alone.percentile99,
                      "times", 1.2);
        report.plain("p99 with them at another daemon to alone",
                     elsewhere.percentile99 / alone.percentile99, "times");
        report.atMost("memory that bad neighbours take", static_cast<double>(taken) / (1 << 20),
                      "MiB", 96);
        for (std::size_t i = 0; i < kinds.size(); ++i) {
            tell(stage, kinds[i], offenders.begun(i), offenders.endings(i));
        }
    }
    server.stop();
}

} // namespace salon::bench
