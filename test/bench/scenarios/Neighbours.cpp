#include "Usage.h"
#include "client/Fleet.h"
#include "client/Offenders.h"
#include "scenarios/Latency.h"
#include "scenarios/Scenarios.h"

#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include <future>

// Ten honest talkers among five thousand honest idle connections, alone and then beside thousands
// of clients that misbehave, each kind from an address of its own. The daemon has the limits of its
// defaults. An offence is a row of offences(), its ending a word of `ends`.

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

std::string upgrade(const Site& site, std::int64_t user) {
    return upgradeRequest(site.mint->mint(user, user));
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
         "4413"},
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
         "1008"},
    };
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

} // namespace

void neighbours(Stage& stage) {
    auto& site = stage.site();
    auto& server = site.server;
    auto& report = stage.report;
    server.start({{"http.max_connections", "16384"},
                  {"http.max_connections_per_address", "4096"},
                  {"http.body_timeout", "10s"},
                  // The honest ones came in one moment, and so would all their pings; what those
                  // cost is measured with the connections.
                  {"ws.heartbeat", "10m"},
                  {"ws.outbox", "256KiB"},
                  {"ws.rate", "100"},
                  {"ws.max_connections_per_user", "16"},
                  {"store.lane_queue", "8192"}});
    {
        Fleet fleet(server.port(), *site.mint, {.sources = {"127.0.1.1", "127.0.1.2"}});
        fleet.connect(honest + talkers, std::chrono::seconds(60));
        server.waitForRest();
        const auto bytes = server.memory().anonymous;
        const auto alone = measureLatency(fleet, server, stage.options, rate, talkers);

        const auto kinds = offences(site);
        std::vector<Offence> list;
        list.reserve(kinds.size());
        for (const auto& kind : kinds) list.push_back(kind.offence);
        Offenders offenders(server.port(), std::move(list));
        auto options = stage.options;
        options.warmUp = std::chrono::seconds(3);
        options.duration = std::max(options.duration, std::chrono::milliseconds(12'000));
        auto crowd = std::async(std::launch::async, [&] {
            // The talkers' times must not wait for the offenders' turn.
            const sched_param ordinary{};
            ::sched_setscheduler(0, SCHED_OTHER, &ordinary);
            ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()),
                          ::getpriority(PRIO_PROCESS, 0) + 10);
            offenders.run(options.warmUp + options.duration + std::chrono::seconds(1));
        });
        const auto beside = measureLatency(fleet, server, options, rate, talkers);
        const auto most = server.memory().anonymous;
        crowd.get();
        offenders.readAtLast(std::chrono::seconds(5));

        report.plain("ten talkers alone, p50", alone.median, "ms");
        report.plain("ten talkers alone, p99", alone.percentile99, "ms");
        report.plain("ten talkers beside bad neighbours, p50", beside.median, "ms");
        report.plain("ten talkers beside bad neighbours, p99", beside.percentile99, "ms");
        report.atMost("ten talkers beside bad neighbours, p99 to alone",
                      beside.percentile99 / alone.percentile99, "times", 1.2);
        report.atMost("memory that bad neighbours take",
                      static_cast<double>(most - bytes) / (1 << 20), "MiB", 96);
        report.check("neighbours", alone.sent == alone.delivered && beside.sent == beside.delivered,
                     "messages were lost");
        for (std::size_t i = 0; i < kinds.size(); ++i) {
            tell(stage, kinds[i], offenders.begun(i), offenders.endings(i));
        }
        report.used("neighbours", beside.window);
    }
    server.stop();
}

} // namespace salon::bench
