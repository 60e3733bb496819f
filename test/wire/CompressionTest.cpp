#include "Deflation.h"
#include "EchoDialogue.h"
#include "Talk.h"

#include <string>

using namespace salon::wire;

namespace {

const std::string alone =
    "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

std::string offering(const Person& somebody, const std::string& offer = "permessage-deflate") {
    return "Authorization: Bearer " + somebody.token() + "\r\nSec-WebSocket-Extensions: " + offer +
           "\r\n";
}

} // namespace

/// Compression at /ws: each message by itself, and only those that are worth it.
class CompressionTest : public Talk {
    CPPUNIT_TEST_SUITE(CompressionTest);
    CPPUNIT_TEST(itIsAgreedUponWithoutTakeover);
    CPPUNIT_TEST(aLongMessageIsCompressedForWhoeverAskedAndPlainForOthers);
    CPPUNIT_TEST(messagesUnderTheThresholdAreNotCompressed);
    CPPUNIT_TEST(whatAClientCompressesIsRead);
    CPPUNIT_TEST(aBombEndsItAtTheLimitOfAMessage);
    CPPUNIT_TEST(itCanBeSwitchedOff);
    CPPUNIT_TEST(theThresholdIsConfigured);
    CPPUNIT_TEST_SUITE_END();

public:
    void itIsAgreedUponWithoutTakeover() {
        const auto alice = salon.person("alice");
        const auto answered = [&](const std::string& offer) {
            return RawWebSocket::at(salon.port(), "/ws", offering(alice, offer))
                .opened()
                .is(101)
                .header("Sec-WebSocket-Extensions");
        };
        CPPUNIT_ASSERT_EQUAL(alone, answered("permessage-deflate; client_max_window_bits"));
        CPPUNIT_ASSERT_EQUAL(alone + "; server_max_window_bits=10",
                             answered("permessage-deflate; server_max_window_bits=10"));
        CPPUNIT_ASSERT_EQUAL(std::string(), answered("permessage-deflate; x=1"));
        CPPUNIT_ASSERT_EQUAL(std::string(), answered("x-webkit-deflate-frame"));
        RawWebSocket::at(salon.port(), "/ws", offering(alice, "permessage-deflate; ="))
            .opened()
            .isProblem(400, "bad_request");
    }

    void aLongMessageIsCompressedForWhoeverAskedAndPlainForOthers() {
        auto [alice, bob] = couple();
        auto wide = opened(bob, "permessage-deflate");
        auto narrow = opened(bob, "permessage-deflate; server_max_window_bits=9");
        const std::string content(3000, 'a');
        alice.send(bob, content);
        CPPUNIT_ASSERT_EQUAL(content, bob.sees("dm").text("content"));
        for (const auto& [socket, bits] : {std::pair{&wide, 15}, std::pair{&narrow, 9}}) {
            const auto frame = messageOf(*socket);
            CPPUNIT_ASSERT(frame.compressed);
            CPPUNIT_ASSERT(frame.payload.size() < 500);
            Decompressor decompress(bits);
            const auto dm = Json::parse(decompress(frame.payload));
            CPPUNIT_ASSERT_EQUAL(content, dm.text("content"));
        }
    }

    void messagesUnderTheThresholdAreNotCompressed() {
        auto [alice, bob] = couple();
        auto socket = opened(bob, "permessage-deflate");
        alice.send(bob, "salut");
        const auto frame = messageOf(socket);
        CPPUNIT_ASSERT(!frame.compressed);
        CPPUNIT_ASSERT_EQUAL(std::string("salut"), Json::parse(frame.payload).text("content"));
    }

    void whatAClientCompressesIsRead() {
        const auto alice = salon.person("alice");
        auto socket = opened(alice, "permessage-deflate");
        for (int i = 0; i < 3; ++i) {
            Compressor compress(15, false);
            const auto asked = R"({"type":"ping","id":)" + std::to_string(i) + "}";
            const auto payload = compress(asked);
            if (i == 2) {
                socket.send(frameBytes(rsv1 | textFrame, payload.substr(0, 4)));
                socket.send(frameBytes(fin | pingFrame, "between"));
                CPPUNIT_ASSERT_EQUAL(std::string("between"), socket.incoming().payload);
                socket.send(frameBytes(fin | continuation, payload.substr(4)));
            } else {
                socket.send(frameBytes(fin | rsv1 | textFrame, payload));
            }
            CPPUNIT_ASSERT_EQUAL(std::int64_t{i}, socket.next().number("id"));
        }
    }

    void aBombEndsItAtTheLimitOfAMessage() {
        const auto alice = salon.person("alice");
        const auto send = [&](std::size_t size) {
            auto socket = opened(alice, "permessage-deflate");
            Compressor compress(15, false);
            auto text = std::string(R"({"type":"ping","id":"x"})");
            text.append(size - text.size(), ' ');
            socket.send(frameBytes(fin | rsv1 | textFrame, compress(text)));
            return socket;
        };
        CPPUNIT_ASSERT_EQUAL(std::string("pong"), send(65'536).next().text("type"));
        CPPUNIT_ASSERT_EQUAL(1009, send(65'537).closedWith());
        CPPUNIT_ASSERT_EQUAL(1009, send(50'000'000).closedWith());
    }

    void itCanBeSwitchedOff() {
        CPPUNIT_ASSERT_EQUAL(0, salon.stop());
        salon.start({{"ws.compression", "off"}});
        const auto alice = salon.person("alice");
        auto socket = RawWebSocket::at(salon.port(), "/ws", offering(alice));
        CPPUNIT_ASSERT(!socket.opened().is(101).headers.has("Sec-WebSocket-Extensions"));
        socket.next(); // welcome
        socket.send(frameBytes(fin | rsv1 | textFrame, std::string(1, '\0')));
        CPPUNIT_ASSERT_EQUAL(1002, socket.closedWith());
    }

    void theThresholdIsConfigured() {
        CPPUNIT_ASSERT_EQUAL(0, salon.stop());
        salon.start({{"ws.compress_from", "1"}});
        auto [alice, bob] = couple();
        auto socket = opened(bob, "permessage-deflate");
        alice.send(bob, std::string(100, 'a'));
        CPPUNIT_ASSERT(messageOf(socket).compressed);
    }

private:
    /// A socket that has been welcomed.
    RawWebSocket opened(const Person& somebody, const std::string& offer) const {
        auto socket = RawWebSocket::at(salon.port(), "/ws", offering(somebody, offer));
        socket.opened().is(101);
        const auto welcome = socket.incoming();
        Decompressor decompress;
        const auto text = welcome.compressed ? decompress(welcome.payload) : welcome.payload;
        CPPUNIT_ASSERT_EQUAL(std::string("welcome"), Json::parse(text).text("type"));
        return socket;
    }

    /// The next frame that is no news of presence.
    static Incoming messageOf(RawWebSocket& socket) {
        for (;;) {
            auto frame = socket.incoming();
            if (frame.compressed || !isNews(Json::parse(frame.payload))) return frame;
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(CompressionTest);
