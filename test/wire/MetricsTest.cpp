#include "Exposition.h"
#include "RawConnection.h"
#include "RawWebSocket.h"
#include "Talk.h"
#include "TemporaryFolder.h"

#include "Deadline.h"

#include <Poco/NumberParser.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <thread>

using salon::test::Exposition;
using salon::wire::Http;
using salon::wire::RawWebSocket;

namespace {

std::string contentOf(const std::string& path) {
    std::ifstream file(path);
    CPPUNIT_ASSERT_MESSAGE("there is no " + path, file.good());
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

/// The names that salon-metrics(7) explains: its items in literal.
std::set<std::string> documented() {
    std::set<std::string> names;
    std::istringstream page(contentOf(SALON_SOURCE "/man/salon-metrics.7"));
    for (std::string line; std::getline(page, line);) {
        constexpr std::string_view item = ".It Li ";
        if (!line.starts_with(item)) continue;
        std::string name = line.substr(item.size());
        name.resize(std::min(name.find(' '), name.size()));
        CPPUNIT_ASSERT_MESSAGE(name + " is explained twice", names.insert(name).second);
    }
    return names;
}

std::string joined(const std::set<std::string>& names) {
    std::string text;
    for (const auto& name : names) text += name + '\n';
    return text;
}

std::size_t seriesOf(const Exposition& scrape) {
    std::size_t count = 0;
    for (const auto& [name, family] : scrape.families()) count += family.samples.size();
    return count;
}

} // namespace

/// What the operator's monitoring sees of a daemon that people use.
class MetricsTest : public salon::wire::Talk {
    CPPUNIT_TEST_SUITE(MetricsTest);
    CPPUNIT_TEST(theScrapeHoldsExactlyWhatTheManualExplains);
    CPPUNIT_TEST(nothingElseIsServedThereAndMetricsNowhereElse);
    CPPUNIT_TEST(messagesAndFramesAreCountedOnTheirWay);
    CPPUNIT_TEST(clientsMakeNoLabels);
    CPPUNIT_TEST(connectionsAreCountedInEveryStateAndByTheirEnd);
    CPPUNIT_TEST(requestsAreCountedByRouteMethodAndStatus);
    CPPUNIT_TEST(loginsAreCountedByOutcome);
    CPPUNIT_TEST(hooksAndListenersAreMeasured);
    CPPUNIT_TEST(refusedConnectionsAreCounted);
    CPPUNIT_TEST(aTakenPortIsASentence);
    CPPUNIT_TEST(offIsOff);
    CPPUNIT_TEST_SUITE_END();

public:
    void theScrapeHoldsExactlyWhatTheManualExplains() {
        std::set<std::string> names;
        const auto now = scrape();
        for (const auto& [name, family] : now.families()) names.insert(name);
        CPPUNIT_ASSERT_EQUAL(joined(documented()), joined(names));

        const auto reply = metrics().get("/metrics").is(200);
        CPPUNIT_ASSERT_EQUAL(std::string("text/plain; version=0.0.4; charset=utf-8"),
                             reply.header("Content-Type"));
        for (const auto* name : {"process_cpu_seconds_total", "process_resident_memory_bytes",
                                 "process_open_fds", "process_threads", "process_max_fds"}) {
            CPPUNIT_ASSERT_MESSAGE(name, scrape().value(name) > 0);
        }
        const auto started = scrape().value("process_start_time_seconds");
        CPPUNIT_ASSERT(started > 1.5e9 && started < 1e11);
    }

    void nothingElseIsServedThereAndMetricsNowhereElse() {
        auto alice = salon.person("alice");
        for (const auto* path : {"/", "/health/live", "/health/ready", "/ws", "/api/v1/users/me",
                                 "/metrics/", "/metricsx", "//metrics"}) {
            metrics().get(path).isProblem(404, "not_found");
        }
        metrics().raw(salon::wire::handshakeBytes(alice.token()), 1)[0].is(404);
        metrics().post("/metrics", "{}").isProblem(405, "method_not_allowed");
        CPPUNIT_ASSERT_EQUAL(std::string(),
                             metrics()
                                 .call("GET", "/metrics", {}, {{"Origin", "https://evil.example"}})
                                 .header("Access-Control-Allow-Origin"));
        salon.http().get("/metrics").isProblem(404, "not_found");
    }

    void messagesAndFramesAreCountedOnTheirWay() {
        auto [alice, bob] = couple();
        sendAll(alice, bob, {"salut", "ça va?", "bien."});
        for (int i = 0; i < 3; ++i) bob.sees("dm");
        alice.send(bob, "salut", "the-same");
        alice.send(bob, "salut", "the-same");
        bob.sees("dm");
        alice.frame(R"({"type":"ping","id":"x"})");
        alice.sees("pong");
        alice.seesNothing();

        waitUntil(
            [](const Exposition& now) { return now.value("salon_delivery_seconds_count") >= 4; });
        const auto now = scrape();
        is(4, now, "salon_messages_total", {{"kind", "direct"}});
        is(5, now, "salon_frames_received_total", {{"type", "dm"}});
        is(5, now, "salon_frames_sent_total", {{"type", "ack"}});
        is(4, now, "salon_frames_sent_total", {{"type", "dm"}});
        is(2, now, "salon_frames_sent_total", {{"type", "welcome"}});
        is(0, now, "salon_frames_sent_total", {{"type", "unknown"}});
        is(0, now, "salon_frames_received_total", {{"type", "unknown"}});
        is(4, now, "salon_delivery_seconds_count", {});
        CPPUNIT_ASSERT(now.value("salon_received_bytes_total") > 300);
        CPPUNIT_ASSERT(now.value("salon_sent_bytes_total") > 300);
        const Exposition::Labels lane{{"lane", "lane-0"}};
        CPPUNIT_ASSERT(now.value("salon_lane_commit_seconds_count", lane) >= 5);
        CPPUNIT_ASSERT(now.value("salon_lane_batch_writes_sum", lane) >= 5);
        CPPUNIT_ASSERT(now.value("salon_lane_writes_total",
                                 {{"lane", "lane-0"}, {"outcome", "committed"}}) >= 5);
        is(0, now, "salon_lane_waiting", lane);
        is(0, now, "salon_lane_writes_total", {{"lane", "lane-0"}, {"outcome", "failed"}});
    }

    void clientsMakeNoLabels() {
        auto [alice, bob] = couple();
        makeUp(alice, "made up");
        const auto before = seriesOf(scrape());
        makeUp(alice, "invented");
        const auto after = scrape();
        CPPUNIT_ASSERT_EQUAL(before, seriesOf(after));
        is(10, after, "salon_frames_received_total", {{"type", "unknown"}});
        is(2, after, "salon_frames_received_total", {{"type", "invalid"}});
        for (const auto* word : {"made", "invented"}) {
            CPPUNIT_ASSERT(metrics().get("/metrics").body.find(word) == std::string::npos);
        }
    }

    void connectionsAreCountedInEveryStateAndByTheirEnd() {
        auto [alice, bob] = couple();
        is(2, scrape(), "salon_connections", {{"state", "websocket"}});
        is(2, scrape(), "salon_websockets_opened_total", {});
        alice.close(1000);
        bob.vanish();
        RawWebSocket raw(salon.port(), alice.token());
        raw.send(salon::wire::frameBytes(0x82, "binary"));
        CPPUNIT_ASSERT_EQUAL(1003, raw.closedWith());
        waitUntil([](const Exposition& now) {
            return now.value("salon_connections", {{"state", "websocket"}}) == 0 &&
                   now.value("salon_websockets_closed_total", {{"code", "lost"}}) == 1;
        });
        const auto now = scrape();
        is(1, now, "salon_websockets_closed_total", {{"code", "1000"}});
        is(1, now, "salon_websockets_closed_total", {{"code", "1003"}});
        is(0, now, "salon_websockets_closed_total", {{"code", "4413"}});
        is(3, now, "salon_websockets_opened_total", {});
    }

    void requestsAreCountedByRouteMethodAndStatus() {
        auto alice = salon.person("alice");
        alice.http().get("/api/v1/users/" + std::to_string(alice.id())).is(200);
        alice.http().get("/api/v1/users/4711").is(404);
        salon.http().get("/api/v1/users/1").is(401);
        salon.http().get("/health/live").is(200);
        salon.http().raw("GET / HTTP/9.9\r\n\r\n", 1)[0].is(505);
        const auto now = scrape();
        for (const auto* status : {"200", "404", "401"}) {
            is(1, now, "salon_http_requests_total",
               {{"route", "/api/v1/users/{user}"}, {"method", "GET"}, {"status", status}});
        }
        is(3, now, "salon_http_request_seconds_count",
           {{"route", "/api/v1/users/{user}"}, {"method", "GET"}});
        is(1, now, "salon_http_requests_total",
           {{"route", "/health/live"}, {"method", "GET"}, {"status", "200"}});
        is(1, now, "salon_http_requests_total",
           {{"route", "none"}, {"method", "none"}, {"status", "505"}});
        is(1, now, "salon_http_requests_total",
           {{"route", "/api/v1/auth/register"}, {"method", "POST"}, {"status", "201"}});
        const Exposition::Labels workers{{"plugin", "salond"}, {"queue", "worker"}};
        CPPUNIT_ASSERT(now.value("salon_queue_wait_seconds_count", workers) >= 4);
    }

    void loginsAreCountedByOutcome() {
        auto alice = salon.person("alice");
        const auto login = [&](const std::string& password) {
            return salon.http().post("/api/v1/auth/login",
                                     R"({"login":"alice","password":")" + password + "\"}");
        };
        const auto before = scrape().value("salon_logins_total", {{"outcome", "succeeded"}});
        login("a wrong one").is(401);
        salon.http().post("/api/v1/auth/login", R"({"login":"alice"})").is(400);
        salon.http()
            .post("/api/v1/auth/login", R"({"login":"nobody","password":"a wrong one"})")
            .is(401);
        auto again = salon.person("alice"); // the name is taken: a login
        const auto now = scrape();
        is(before + 1, now, "salon_logins_total", {{"outcome", "succeeded"}});
        is(2, now, "salon_logins_total", {{"outcome", "wrong"}});
        is(1, now, "salon_logins_total", {{"outcome", "invalid"}});
        is(0, now, "salon_logins_total", {{"outcome", "limited"}});
        const Exposition::Labels hashers{{"plugin", "auth"}, {"queue", "hasher"}};
        CPPUNIT_ASSERT(now.value("salon_queue_wait_seconds_count", hashers) >= 3);
    }

    void hooksAndListenersAreMeasured() {
        auto [alice, bob] = couple();
        alice.send(bob, "salut");
        alice.send(bob, "merde");
        salon.logged("content=m****");
        waitUntil([](const Exposition& now) {
            return now.value("salon_event_seconds_count",
                             {{"event", "message.sent"}, {"plugin", "censor"}}) == 2;
        });
        is(2, scrape(), "salon_hook_seconds_count",
           {{"hook", "message.send"}, {"plugin", "censor"}});
        is(0, scrape(), "salon_hook_seconds_count",
           {{"hook", "message.edit"}, {"plugin", "censor"}});
    }

    void refusedConnectionsAreCounted() {
        restartWith("http.max_connections", "1");
        const salon::wire::RawConnection only(salon.port());
        waitUntil([](const Exposition& now) {
            return now.value("salon_connections", {{"state", "http"}}) == 1;
        });
        salon.http().get("/health/live").is(503);
        is(1, scrape(), "salon_connections_refused_total", {{"reason", "server_full"}});
    }

    void aTakenPortIsASentence() {
        const auto port = std::to_string(metricsPort());
        const auto outcome =
            salon.runHere({}, {{"metrics.port", port},
                               {"store.url", "sqlite:" + salon.folder().file("other.db")}});
        CPPUNIT_ASSERT_EQUAL(1, outcome.code);
        CPPUNIT_ASSERT_MESSAGE(outcome.errors, outcome.errors.starts_with(
                                                   "salond: cannot listen on 127.0.0.1:" + port));
        CPPUNIT_ASSERT_MESSAGE(
            outcome.errors,
            outcome.errors.ends_with("set metrics.address to an address of this machine and "
                                     "metrics.port to a free port\n"));
    }

    void offIsOff() {
        restartWith("metrics.serve", "off");
        CPPUNIT_ASSERT_MESSAGE(salon.log(),
                               salon.log().find("metrics are on") == std::string::npos);
        salon.http().get("/metrics").isProblem(404, "not_found");
        const auto threads = "/proc/" + std::to_string(salon.pid()) + "/task";
        for (const auto& thread : std::filesystem::directory_iterator(threads)) {
            const auto name = contentOf(thread.path() / "comm");
            CPPUNIT_ASSERT_MESSAGE(name, !name.starts_with("metrics"));
        }
    }

protected:
    salon::wire::Daemon::Defines defines() const override {
        // All plugins, and one with hooks beside them.
        const auto folder = _plugins.path() / "lib";
        std::filesystem::remove_all(folder);
        std::filesystem::create_directory(folder);
        const std::filesystem::path built(SALON_BUILD);
        std::string names;
        for (const auto& entry : std::filesystem::directory_iterator(built / "plugins")) {
            if (entry.path().extension() != ".so") continue;
            std::filesystem::create_symlink(entry.path(), folder / entry.path().filename());
            names += entry.path().stem().string() + ',';
        }
        std::filesystem::create_symlink(built / "test/plugins/lib/censor.so", folder / "censor.so");
        auto defines = Talk::defines();
        defines["plugins.directory"] = folder;
        defines["plugins.load"] = names + "censor";
        defines["store.lanes"] = "1"; // so that lane-0 has all writes, on a server too
        return defines;
    }

private:
    std::uint16_t metricsPort() {
        const std::string words = "metrics are on http://127.0.0.1:";
        const auto line = salon.logged(words);
        const auto digits = line.substr(line.find(words) + words.size());
        return static_cast<std::uint16_t>(
            Poco::NumberParser::parseUnsigned(digits.substr(0, digits.find('/'))));
    }
    Http metrics() { return Http(metricsPort()); }
    Exposition scrape() { return Exposition::parse(metrics().get("/metrics").is(200).body); }

    /// Types, paths and methods that nobody knows.
    void makeUp(salon::wire::Person& person, const std::string& word) {
        for (int i = 0; i < 5; ++i) {
            const auto number = std::to_string(i);
            person.frame(R"({"type":")" + word + R"(\"} 1\n)" + number + R"(","id":"x"})");
            person.isRefused("bad_request");
            salon.http().get("/" + word.substr(0, 4) + "/" + number).is(404);
            salon.http().call("X" + number, "/api/v1/users/me").is(405);
        }
        person.frame("no JSON, " + word);
        person.isRefused("bad_request");
    }

    static void is(double expected, const Exposition& scrape, const std::string& name,
                   const Exposition::Labels& labels) {
        CPPUNIT_ASSERT_MESSAGE(name + " is not there", scrape.has(name, labels));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(name, expected, scrape.value(name, labels));
    }

    /// What is counted after the client was answered.
    template <class Condition> void waitUntil(const Condition& condition) {
        const salon::test::Deadline deadline(salon::test::patience);
        while (!condition(scrape())) {
            CPPUNIT_ASSERT_MESSAGE(metrics().get("/metrics").body, !deadline.passed());
            std::this_thread::yield();
        }
    }

    salon::test::TemporaryFolder _plugins;
};

CPPUNIT_TEST_SUITE_REGISTRATION(MetricsTest);
