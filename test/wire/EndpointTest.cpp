#include "Deflation.h"
#include "EchoDialogue.h"

#include <string>

using namespace salon::wire;

namespace {

std::string binary(const std::string& payload) {
    return frameBytes(fin | binaryFrame, payload);
}

std::string bearer(const Person& somebody) {
    return "Authorization: Bearer " + somebody.token() + "\r\n";
}

} // namespace

/// A WebSocket that a plugin registered, with limits of its own (/echo/small of
/// test/plugins/Echo.cpp).
class EndpointTest : public EchoDialogue {
    CPPUNIT_TEST_SUITE(EndpointTest);
    CPPUNIT_TEST(anOpenOneNeedsNoTokenAndAnotherDoes);
    CPPUNIT_TEST(thePluginIsToldWhoComes);
    CPPUNIT_TEST(itsSubprotocolIsAgreedUpon);
    CPPUNIT_TEST(theHandshakeIsAsStrictAsElsewhere);
    CPPUNIT_TEST(whatItDoesNotTakeEndsIt);
    CPPUNIT_TEST(itsOwnLimitsHold);
    CPPUNIT_TEST(tooManyMessagesEndIt);
    CPPUNIT_TEST(eachMessageIsCompressedByItself);
    CPPUNIT_TEST(smallMessagesAreNotCompressed);
    CPPUNIT_TEST(itEndsWithItsSession);
    CPPUNIT_TEST(whatWaitsForRoomComesInItsOrder);
    CPPUNIT_TEST(anotherPluginCannotTakeItsPath);
    CPPUNIT_TEST_SUITE_END();

public:
    void anOpenOneNeedsNoTokenAndAnotherDoes() {
        RawWebSocket::at(salon.port(), "/echo").opened().is(101);
        RawWebSocket::at(salon.port(), "/echo", "Authorization: Bearer x\r\n").opened().is(101);
        RawWebSocket::at(salon.port(), "/echo/small").opened().isProblem(401, "unauthorized");
        RawWebSocket::at(salon.port(), "/echo/small", "Authorization: Bearer x\r\n")
            .opened()
            .isProblem(401, "unauthorized");
    }

    void thePluginIsToldWhoComes() {
        const auto alice = salon.person("alice");
        const auto greeting = std::to_string(alice.id());
        CPPUNIT_ASSERT_EQUAL(greeting, small(alice).incoming().payload);
        auto byQuery = RawWebSocket::at(salon.port(), "/echo/small?token=" + alice.token());
        CPPUNIT_ASSERT_EQUAL(greeting, byQuery.incoming().payload);
        // What is said to everybody at /ws is not said here.
        auto socket = small(alice);
        socket.incoming();
        socket.send(binary("x"));
        CPPUNIT_ASSERT_EQUAL(std::string("x"), socket.incoming().payload);
    }

    void itsSubprotocolIsAgreedUpon() {
        const auto agreed = [&](const std::string& offered) {
            return RawWebSocket::at(salon.port(), "/echo",
                                    "Sec-WebSocket-Protocol: " + offered + "\r\n")
                .opened()
                .is(101)
                .header("Sec-WebSocket-Protocol");
        };
        CPPUNIT_ASSERT_EQUAL(std::string("echo"), agreed("salon.v1, echo"));
        CPPUNIT_ASSERT_EQUAL(std::string(), agreed("salon.v1"));
    }

    void theHandshakeIsAsStrictAsElsewhere() {
        const auto reply = salon.http().get("/echo");
        reply.isProblem(426, "bad_request");
        CPPUNIT_ASSERT_EQUAL(std::string("websocket"), reply.header("Upgrade"));
        salon.http().post("/echo", "{}").isProblem(405, "method_not_allowed");
        RawWebSocket::at(salon.port(), "/echo", "Origin: https://evil.example\r\n")
            .opened()
            .isProblem(403, "forbidden");
        salon.http().get("/echo/").isProblem(404, "not_found");
    }

    void whatItDoesNotTakeEndsIt() {
        const auto alice = salon.person("alice");
        auto socket = small(alice);
        socket.send(textBytes("x"));
        CPPUNIT_ASSERT_EQUAL(1003, socket.closedWith());
    }

    void itsOwnLimitsHold() {
        const auto alice = salon.person("alice");
        const std::string most(1024, 'x');
        auto socket = small(alice);
        socket.incoming();
        socket.send(binary(most));
        CPPUNIT_ASSERT_EQUAL(most, socket.incoming().payload);
        std::string four = frameBytes(binaryFrame, "1");
        for (const auto* part : {"2", "3"}) four += frameBytes(continuation, part);
        socket.send(four + frameBytes(fin | continuation, "4"));
        CPPUNIT_ASSERT_EQUAL(std::string("1234"), socket.incoming().payload);
        socket.send(binary(most + 'x'));
        CPPUNIT_ASSERT_EQUAL(1009, socket.closedWith());
        auto another = small(alice);
        another.send(four + frameBytes(continuation, "4") + frameBytes(fin | continuation, "5"));
        CPPUNIT_ASSERT_EQUAL(1009, another.closedWith());
        // A compressed message is as long as what it inflates to.
        Compressor compress(15, false);
        auto third = small(alice, "Sec-WebSocket-Extensions: permessage-deflate\r\n");
        third.send(frameBytes(fin | rsv1 | binaryFrame, compress(most + 'x')));
        CPPUNIT_ASSERT_EQUAL(1009, third.closedWith());
    }

    void tooManyMessagesEndIt() {
        const auto alice = salon.person("alice");
        auto socket = small(alice);
        std::string all;
        for (int i = 0; i < 1000; ++i) all += binary("x");
        socket.send(all);
        // A burst is twice what a second may have.
        for (int i = 0; i < 21; ++i) CPPUNIT_ASSERT_EQUAL(binaryFrame, socket.incoming().opcode);
        CPPUNIT_ASSERT_EQUAL(1008, socket.closedWith());
    }

    void eachMessageIsCompressedByItself() {
        const auto alice = salon.person("alice");
        const std::string alone =
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
        auto socket = small(
            alice, "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n");
        CPPUNIT_ASSERT_EQUAL(alone, socket.opened().header("Sec-WebSocket-Extensions"));
        auto narrow = small(
            alice, "Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=9\r\n");
        CPPUNIT_ASSERT_EQUAL(alone + "; server_max_window_bits=9",
                             narrow.opened().header("Sec-WebSocket-Extensions"));
        const std::string text(500, 'a');
        const auto comesBack = [&](RawWebSocket& from, int bits) {
            from.incoming();
            Compressor compress(15, false);
            for (int i = 0; i < 3; ++i) {
                from.send(frameBytes(fin | rsv1 | binaryFrame, compress(text)));
                const auto frame = from.incoming();
                CPPUNIT_ASSERT(frame.compressed);
                CPPUNIT_ASSERT(frame.payload.size() < text.size());
                Decompressor decompress(bits);
                CPPUNIT_ASSERT_EQUAL(text, decompress(frame.payload));
            }
        };
        comesBack(socket, 15);
        comesBack(narrow, 9);
    }

    void smallMessagesAreNotCompressed() {
        const auto alice = salon.person("alice");
        auto socket = small(alice, "Sec-WebSocket-Extensions: permessage-deflate\r\n");
        socket.incoming();
        for (const std::size_t size : {63, 64}) {
            socket.send(binary(std::string(size, 'a')));
            CPPUNIT_ASSERT_EQUAL(size == 64, socket.incoming().compressed);
        }
        // Nor what would become longer.
        std::string noise;
        for (int i = 0; i < 200; ++i) noise += static_cast<char>(i * i * 41 + i / 7);
        socket.send(binary(noise));
        const auto frame = socket.incoming();
        CPPUNIT_ASSERT(!frame.compressed);
        CPPUNIT_ASSERT_EQUAL(noise, frame.payload);
    }

    void itEndsWithItsSession() {
        const auto alice = salon.person("alice");
        auto socket = small(alice);
        socket.incoming();
        alice.http().post("/api/v1/auth/logout", "{}").is(204);
        CPPUNIT_ASSERT_EQUAL(4401, socket.closedWith());
    }

    void whatWaitsForRoomComesInItsOrder() {
        constexpr int many = 60; // of 64 that the outbox holds, and more than the system does
        auto socket = RawWebSocket::at(salon.port(), "/echo/later");
        socket.send(textBytes(std::to_string(many)) + textBytes("and?"));
        salon.http().get("/health/live").is(200);
        for (int i = 0; i < many; ++i) {
            CPPUNIT_ASSERT_EQUAL(std::size_t{1} << 20, socket.incoming().payload.size());
        }
        for (const std::string expected : {"now", "first", "second"}) {
            CPPUNIT_ASSERT_EQUAL(expected, socket.incoming().payload);
        }
        salon.logged("no room for that");
        // Where there is room nothing waits.
        socket.send(textBytes("1"));
        socket.incoming();
        for (const std::string expected : {"first", "second"}) {
            CPPUNIT_ASSERT_EQUAL(expected, socket.incoming().payload);
        }
    }

    void anotherPluginCannotTakeItsPath() {
        const auto outcome = salon.runHere(
            {}, {{"plugins.load", "auth," SALON_BUILD "/test/plugins/lib/echo.so," SALON_BUILD
                                  "/test/plugins/lib/usurper.so"}});
        CPPUNIT_ASSERT(outcome.code != 0);
        CPPUNIT_ASSERT_MESSAGE(outcome.errors,
                               outcome.errors.find("the WebSocket /echo of plugin usurper is taken "
                                                   "by plugin echo") != std::string::npos);
    }

private:
    RawWebSocket small(const Person& somebody, const std::string& headers = {}) const {
        auto socket = RawWebSocket::at(salon.port(), "/echo/small", bearer(somebody) + headers);
        socket.opened().is(101);
        return socket;
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(EndpointTest);
