#include "Dialogue.h"
#include "RawConnection.h"
#include "RawWebSocket.h"

#include <csignal>
#include <set>
#include <sstream>
#include <string>
#include <vector>

using salon::wire::Handshake;
using salon::wire::Json;
using salon::wire::RawConnection;
using salon::wire::Reply;

/// The log as a machine reads it, whatever clients send: one JSON object a line, nothing secret.
class LogTest : public salon::wire::Dialogue {
    CPPUNIT_TEST_SUITE(LogTest);
    CPPUNIT_TEST(hostileRequestsStayInTheirLineAndMember);
    CPPUNIT_TEST(longPathsAndMethodsAreCut);
    CPPUNIT_TEST(everyAnswerBearsTheIdOfItsLine);
    CPPUNIT_TEST(tokensInTheQueryAreCutEverywhere);
    CPPUNIT_TEST(credentialsReachNoLine);
    CPPUNIT_TEST_SUITE_END();

public:
    void hostileRequestsStayInTheirLineAndMember() {
        const std::vector<std::string> paths = {
            "/%00",
            "/%0a%7b%22level%22:%22error%22%7d",
            "/%22,%22user%22:%221",
            "/%5c%22%5c",
            "/%ff%fe%c0%af",
            "/%ed%a0%80",
            "/%f4%90%80%80",
            "/%e2%80%a8%e2%80%ae",
            "/%1b%5b31m",
            "/%7f%c2%85",
            "/{\"a\":1}",
        };
        for (const auto& path : paths) {
            for (const auto& agent : {std::string("x\" \\ \t{}"), std::string("\xff\xfe\xc0"),
                                      std::string("\x1b[31m"), std::string(4000, '"')}) {
                RawConnection connection(salon.port());
                connection.send("GET " + path + " HTTP/1.1\r\nHost: salon\r\nUser-Agent: " + agent +
                                "\r\n\r\n");
                CPPUNIT_ASSERT_MESSAGE(path, connection.reply().status >= 400);
            }
        }
        std::size_t requests = 0;
        for (const auto& line : lines()) {
            for (const auto* member : {"time", "level", "source", "message"}) line.text(member);
            if (!line.is("message", "request")) continue;
            ++requests;
            CPPUNIT_ASSERT_EQUAL(std::string("information"), line.text("level"));
            CPPUNIT_ASSERT_EQUAL(std::string("-"), line.text("user"));
        }
        CPPUNIT_ASSERT_EQUAL(paths.size() * 4, requests);
    }

    void longPathsAndMethodsAreCut() {
        std::string path = "/";
        for (int i = 0; i < 200; ++i) path += "\u00e9";
        std::string sent = "/";
        for (int i = 0; i < 200; ++i) sent += "%c3%a9";
        const std::string method(300, 'M');
        for (const auto& line :
             {"GET " + std::string(1, '/') + std::string(255, 'a'),
              "GET " + std::string(1, '/') + std::string(256, 'a'), "GET " + sent, method + " /"}) {
            salon.http().raw(line + " HTTP/1.1\r\nHost: salon\r\n\r\n", 1);
        }
        std::vector<std::string> cut;
        for (const auto& line : lines()) {
            if (!line.is("message", "request")) continue;
            cut.push_back(line.text(line.is("method", "GET") ? "path" : "method"));
        }
        CPPUNIT_ASSERT_EQUAL(std::size_t{4}, cut.size());
        const std::string a(255, 'a');
        CPPUNIT_ASSERT_EQUAL("/" + a, cut[0]);
        CPPUNIT_ASSERT_EQUAL("/" + a + "\u2026", cut[1]);
        // Not through a character.
        CPPUNIT_ASSERT_EQUAL(path.substr(0, 255) + "\u2026", cut[2]);
        CPPUNIT_ASSERT_EQUAL(method.substr(0, 256) + "\u2026", cut[3]);
    }

    void everyAnswerBearsTheIdOfItsLine() {
        auto alice = salon.person("alice");
        std::set<std::string> ids;
        const auto note = [&](const Reply& reply) {
            const auto id = reply.header("X-Request-Id");
            CPPUNIT_ASSERT_MESSAGE(std::to_string(reply.status) + " has no id", !id.empty());
            CPPUNIT_ASSERT_MESSAGE(id + " was used before", ids.insert(id).second);
        };
        note(alice.http().get("/api/v1/users/me").is(200));
        note(salon.http().get("/health/live").is(200));
        note(salon.http().get("/nothing").is(404));
        note(salon.http().call("PUT", "/health/live", "{}").is(405));
        note(salon.http().get("/ws").is(426));
        note(alice.knock().is(101));
        note(alice.knock({.way = Handshake::Way::none}).is(401));
        note(salon.http().raw("GET / HTTP/1.1\r\n\r\n", 1)[0].is(400));
        note(salon.http().raw("rubbish\r\n\r\n", 1)[0].is(400));
        note(salon.http().call("OPTIONS", "/api/v1/users/me").is(204));
        std::set<std::string> logged;
        for (const auto& line : lines()) {
            if (line.is("message", "request")) logged.insert(line.text("id"));
        }
        for (const auto& id : ids) CPPUNIT_ASSERT_MESSAGE(id, logged.count(id) == 1);
    }

    void tokensInTheQueryAreCutEverywhere() {
        auto alice = salon.person("alice");
        alice.connect({.way = Handshake::Way::query});
        const auto& token = alice.token();
        for (const auto* path :
             {"/ws", "/nothing", "/api/v1/users/me", "/health/live", "/metrics"}) {
            salon.http().get(path + ("?token=" + token));
            salon.http().get(path + ("?x=1&token=" + token + "#token=" + token));
        }
        // The absolute form of a target, and targets that cannot be read.
        for (const auto& target : {"http://salon/ws?token=" + token, "ws?token=" + token,
                                   "/%zz?token=" + token, "/a b?token=" + token}) {
            RawConnection connection(salon.port());
            connection.send("GET " + target + " HTTP/1.1\r\nHost: salon\r\n\r\n");
            connection.reply();
        }
        holdsNone({token});
    }

    void credentialsReachNoLine() {
        const auto password = std::string("an unusual secret");
        const auto made = salon.http()
                              .post("/api/v1/auth/register",
                                    R"({"username":"carol","password":")" + password + "\"}")
                              .is(201);
        const auto token = made.json().text("access_token");
        const auto set = made.header("Set-Cookie");
        const auto cookie = set.substr(set.find('=') + 1, set.find(';') - set.find('=') - 1);
        CPPUNIT_ASSERT(cookie.size() > 20);
        for (const auto* path : {"/api/v1/auth/refresh", "/api/v1/auth/login", "/nothing", "/ws"}) {
            salon.http(token).call("POST", path,
                                   R"({"login":"carol","password":")" + password + "x\"}",
                                   {{"Cookie", "salon_refresh=" + cookie},
                                    {"User-Agent", "agent-secret"},
                                    {"Content-Type", "application/json"}});
            // Bad requests are told apart from good ones, not what was in them.
            salon.http().raw("POST " + std::string(path) + " HTTP/1.1\r\nAuthorization: Bearer " +
                                 token + "\r\nCookie: salon_refresh=" + cookie + "\r\n\r\n",
                             1);
        }
        auto alice = salon.person("alice");
        alice.connect();
        alice.frame(R"({"type":"login","password":")" + password + "\",\"token\":\"" + token +
                    "\"}");
        alice.isRefused("bad_request");
        holdsNone({token, cookie, password, "agent-secret", "Bearer"});
    }

protected:
    salon::wire::Daemon::Defines defines() const override {
        return {{"log.format", "json"}, {"log.level", "trace"}, {"log.access", "on"}};
    }

private:
    /// The whole log of the daemon's life so far, each line parsed.
    std::vector<Json> lines() {
        salon.signal(SIGHUP); // something that is logged, after all of that
        salon.logged("SIGHUP");
        std::vector<Json> all;
        std::istringstream text(salon.log());
        for (std::string line; std::getline(text, line);) all.push_back(Json::parse(line));
        return all;
    }

    void holdsNone(const std::vector<std::string>& secrets) {
        lines();
        const auto log = salon.log();
        for (const auto& secret : secrets) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(log, std::string::npos, log.find(secret));
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(LogTest);
