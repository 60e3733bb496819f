#include "Dialogue.h"
#include "RawWebSocket.h"

#include <algorithm>
#include <string>

using salon::wire::Handshake;
using salon::wire::handshakeBytes;
using salon::wire::Headers;
using salon::wire::RawConnection;
using salon::wire::RawWebSocket;
using salon::wire::textBytes;

/// The door to the WebSocket (RFC 6455, 4): who gets in, with what, and what is said first.
class HandshakeTest : public salon::wire::Dialogue {
    CPPUNIT_TEST_SUITE(HandshakeTest);
    CPPUNIT_TEST(theTokenTravelsInAnyOfThreeWays);
    CPPUNIT_TEST(onlySalonsSubprotocolIsAgreedUpon);
    CPPUNIT_TEST(theKeyIsAnsweredAsTheRfcSays);
    CPPUNIT_TEST(withoutAValidTokenThereIsNoWebSocket);
    CPPUNIT_TEST(aForeignOriginIsForbiddenWhateverTokenItHas);
    CPPUNIT_TEST(theOwnOriginAndListedOnesComeIn);
    CPPUNIT_TEST(anotherVersionIsToldTheRightOne);
    CPPUNIT_TEST(aPlainRequestIsToldToUpgrade);
    CPPUNIT_TEST(aBadKeyIsRefused);
    CPPUNIT_TEST(onlyGetOpensAWebSocket);
    CPPUNIT_TEST(aRefusedHandshakeLeavesAConnectionThatWorks);
    CPPUNIT_TEST(welcomeComesFirstWithAllItsMembers);
    CPPUNIT_TEST(framesThatCameWithTheHandshakeAreAnsweredAfterWelcome);
    CPPUNIT_TEST(somebodyIsOnlineWhileASocketLives);
    CPPUNIT_TEST_SUITE_END();

public:
    void theTokenTravelsInAnyOfThreeWays() {
        auto alice = salon.person("alice");
        for (const auto way : {Handshake::Way::header, Handshake::Way::query}) {
            alice.connect({.way = way});
            CPPUNIT_ASSERT_EQUAL(std::string(), alice.subprotocol());
            alice.seesNothing();
        }
        alice.connect({.way = Handshake::Way::subprotocol});
        CPPUNIT_ASSERT_EQUAL(std::string("salon.v1"), alice.subprotocol());
        alice.seesNothing();
    }

    void onlySalonsSubprotocolIsAgreedUpon() {
        const auto alice = salon.person("alice");
        const auto agreed = [&](const std::string& offered) {
            const auto reply = alice.knock({.headers = {{"Sec-WebSocket-Protocol", offered}}});
            return reply.is(101).header("Sec-WebSocket-Protocol");
        };
        CPPUNIT_ASSERT_EQUAL(std::string("salon.v1"), agreed("salon.v1"));
        CPPUNIT_ASSERT_EQUAL(std::string("salon.v1"), agreed("chat,salon.v1 , other"));
        CPPUNIT_ASSERT_EQUAL(std::string(), agreed("chat"));
        // The token is never sent back.
        CPPUNIT_ASSERT_EQUAL(std::string(), agreed("bearer." + alice.token()));
    }

    void theKeyIsAnsweredAsTheRfcSays() {
        const auto reply = salon.person("alice").knock().is(101); // with the key of RFC 6455, 1.3
        CPPUNIT_ASSERT_EQUAL(std::string("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="),
                             reply.header("Sec-WebSocket-Accept"));
        CPPUNIT_ASSERT_EQUAL(std::string("websocket"), reply.header("Upgrade"));
        CPPUNIT_ASSERT_EQUAL(std::string("Upgrade"), reply.header("Connection"));
        for (const auto* name : {"Content-Length", "Transfer-Encoding", "Content-Type"}) {
            CPPUNIT_ASSERT_MESSAGE(name, !reply.headers.has(name));
        }
    }

    void withoutAValidTokenThereIsNoWebSocket() {
        auto alice = salon.person("alice");
        for (const auto* token : {"", "x", "a.b.c", "eyJhbGciOiJub25lIn0.e30."}) {
            alice.setToken(token);
            for (const auto way : {Handshake::Way::header, Handshake::Way::subprotocol,
                                   Handshake::Way::query, Handshake::Way::none}) {
                const auto reply = alice.knock({.way = way});
                reply.isProblem(401, "unauthorized");
                CPPUNIT_ASSERT_EQUAL(std::string("Bearer"), reply.header("WWW-Authenticate"));
            }
        }
    }

    void aForeignOriginIsForbiddenWhateverTokenItHas() {
        auto alice = salon.person("alice");
        const auto own = "127.0.0.1:" + std::to_string(salon.port());
        for (const auto& origin :
             {std::string("https://evil.example"), std::string("null"), std::string("*"),
              std::string("https://chat.example.org.evil.example"),
              std::string("https://chat.example.org:444"), std::string("http://chat.example.org"),
              std::string("http://127.0.0.1"), std::string("http://127.0.0.1:1"),
              "http://" + own + ".evil.example", "http://evil.example/" + own, "http://x@" + own,
              "http://" + own + "/", "file://" + own, own, "//" + own,
              "http://" + own + ", http://evil.example"}) {
            for (const auto way : {Handshake::Way::header, Handshake::Way::subprotocol,
                                   Handshake::Way::query, Handshake::Way::none}) {
                const auto reply = alice.knock({.way = way, .origin = origin});
                CPPUNIT_ASSERT_EQUAL_MESSAGE(origin, 403, reply.status);
                reply.isProblem(403, "forbidden");
            }
        }
        // An empty one is none of the daemon's either.
        const auto reply = alice.knock({.headers = {{"Origin", ""}}});
        reply.isProblem(403, "forbidden");
    }

    void theOwnOriginAndListedOnesComeIn() {
        auto alice = salon.person("alice");
        const auto own = "127.0.0.1:" + std::to_string(salon.port());
        for (const auto& origin :
             {"http://" + own, "https://" + own, std::string("https://chat.example.org"),
              std::string("http://localhost:3000")}) {
            alice.connect({.origin = origin});
            alice.seesNothing();
        }
        // Behind a proxy the own one is the host that the browser asked for.
        alice.knock({.origin = "https://Salon.example", .headers = {{"Host", "salon.example"}}})
            .is(101);
        // It opens the door, and is no key.
        alice.knock({.way = Handshake::Way::none, .origin = "http://" + own}).is(401);
    }

    void anotherVersionIsToldTheRightOne() {
        const auto alice = salon.person("alice");
        for (const auto* version : {"8", "12", "14", "", "13, 8"}) {
            const auto reply = alice.knock({.headers = {{"Sec-WebSocket-Version", version}}});
            reply.isProblem(426, "bad_request");
            CPPUNIT_ASSERT_EQUAL(std::string("13"), reply.header("Sec-WebSocket-Version"));
            // RFC 9110, 15.5.22 and 7.8
            CPPUNIT_ASSERT_EQUAL(std::string("websocket"), reply.header("Upgrade"));
            CPPUNIT_ASSERT_EQUAL(std::string("Upgrade"), reply.header("Connection"));
        }
    }

    void aPlainRequestIsToldToUpgrade() {
        const auto alice = salon.person("alice");
        const auto isTold = [](const salon::wire::Reply& reply) {
            reply.isProblem(426, "bad_request");
            CPPUNIT_ASSERT_EQUAL(std::string("websocket"), reply.header("Upgrade"));
            const auto named = [](const auto& field) {
                return field.first == "Connection" && field.second == "Upgrade";
            };
            CPPUNIT_ASSERT(std::any_of(reply.headers.begin(), reply.headers.end(), named));
        };
        isTold(alice.http().get("/ws"));
        isTold(alice.knock({.headers = {{"Upgrade", "h2c"}}}));
        isTold(alice.knock({.headers = {{"Connection", "keep-alive"}}}));
        auto old = handshakeBytes(alice.token());
        old.replace(old.find("HTTP/1.1"), 8, "HTTP/1.0");
        isTold(salon.http().raw(old, 1)[0]);
        // Other spellings of the same.
        alice.knock({.headers = {{"Connection", "keep-alive, UPGRADE"}, {"Upgrade", "WebSocket"}}})
            .is(101);
    }

    void aBadKeyIsRefused() {
        const auto alice = salon.person("alice");
        for (const auto* key : {"", "x", "dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25j",
                                "dGhlIHNhbXBsZSBub25jZSE=", "dGhlIHNhbXBsZSBub25j!Q=="}) {
            const auto reply = alice.knock({.headers = {{"Sec-WebSocket-Key", key}}});
            CPPUNIT_ASSERT_EQUAL_MESSAGE(key, 400, reply.status);
            reply.isProblem(400, "bad_request");
        }
        auto twice = handshakeBytes(alice.token());
        twice.insert(twice.find("Authorization"),
                     "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
        salon.http().raw(twice, 1)[0].isProblem(400, "bad_request");
    }

    void onlyGetOpensAWebSocket() {
        const auto alice = salon.person("alice");
        for (const auto* method : {"POST", "PUT", "CONNECT"}) {
            auto bytes = handshakeBytes(alice.token());
            bytes.replace(0, 3, method);
            const auto reply = salon.http().raw(bytes, 1)[0];
            reply.isProblem(405, "method_not_allowed");
            CPPUNIT_ASSERT_EQUAL(std::string("GET"), reply.header("Allow"));
        }
    }

    void aRefusedHandshakeLeavesAConnectionThatWorks() {
        const auto alice = salon.person("alice");
        RawConnection connection(salon.port());
        connection.send(handshakeBytes("x"));
        connection.reply().isProblem(401, "unauthorized");
        connection.send("GET /health/live HTTP/1.1\r\nHost: salon\r\n\r\n");
        connection.reply().is(200);
        connection.send(handshakeBytes(alice.token()));
        connection.reply().is(101);
    }

    void welcomeComesFirstWithAllItsMembers() {
        auto alice = salon.person("alice");
        const auto welcome = alice.connect();
        CPPUNIT_ASSERT_EQUAL(std::string("salon.v1"), welcome.text("protocol"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{25}, welcome.number("heartbeat"));
        CPPUNIT_ASSERT(welcome.number("session") > 0);
        const auto user = welcome.object("user");
        CPPUNIT_ASSERT_EQUAL(std::string("alice"), user.text("username"));
        CPPUNIT_ASSERT_EQUAL(std::string("alice"), user.text("display_name"));
        CPPUNIT_ASSERT(user.flag("online"));
        CPPUNIT_ASSERT(user.isNull("email"));
        alice.seesNothing();
        // Again, of somebody whom the daemon has to look up.
        salon.kill();
        salon.restart();
        CPPUNIT_ASSERT_EQUAL(welcome.dump(), alice.connect().dump());
    }

    void framesThatCameWithTheHandshakeAreAnsweredAfterWelcome() {
        const auto alice = salon.person("alice");
        salon.kill();
        salon.restart(); // so that welcome has to wait for the store
        RawConnection connection(salon.port());
        std::string frames;
        for (int i = 0; i < 20; ++i) {
            frames += textBytes(R"({"type":"ping","id":)" + std::to_string(i) + "}");
        }
        connection.send(handshakeBytes(alice.token()) + frames);
        connection.reply().is(101);
        const auto next = [&] {
            const auto head = connection.bytes(2);
            auto length = static_cast<std::size_t>(static_cast<unsigned char>(head[1]));
            if (length == 126) {
                const auto more = connection.bytes(2);
                length = static_cast<std::size_t>(static_cast<unsigned char>(more[0])) << 8 |
                         static_cast<unsigned char>(more[1]);
            }
            return salon::wire::Json::parse(connection.bytes(length));
        };
        CPPUNIT_ASSERT_EQUAL(std::string("welcome"), next().text("type"));
        for (int i = 0; i < 20; ++i) {
            const auto pong = next();
            CPPUNIT_ASSERT_EQUAL(std::string("pong"), pong.text("type"));
            CPPUNIT_ASSERT_EQUAL(std::int64_t{i}, pong.number("id"));
        }
    }

    void somebodyIsOnlineWhileASocketLives() {
        auto alice = salon.person("alice");
        const auto online = [&] {
            return alice.http().get("/api/v1/users/me").is(200).json().flag("online");
        };
        CPPUNIT_ASSERT(!online());
        alice.connect();
        auto elsewhere = alice.elsewhere();
        elsewhere.connect();
        CPPUNIT_ASSERT(online());
        CPPUNIT_ASSERT_EQUAL(1000, elsewhere.close());
        CPPUNIT_ASSERT(online());
        CPPUNIT_ASSERT_EQUAL(1000, alice.close());
        CPPUNIT_ASSERT(!online());
    }

protected:
    salon::wire::Daemon::Defines defines() const override {
        return {{"http.origins", "https://chat.example.org, http://localhost:3000"}};
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(HandshakeTest);
