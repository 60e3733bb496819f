#include "Dialogue.h"
#include "RawWebSocket.h"

using Poco::Net::WebSocket;
using salon::wire::frameBytes;
using salon::wire::RawWebSocket;
using salon::wire::textBytes;

namespace {

constexpr int pong = int{WebSocket::FRAME_FLAG_FIN} | int{WebSocket::FRAME_OP_PONG};

} // namespace

/// A client that is there and one that is not, told apart within two heartbeats of a second.
class HeartbeatTest : public salon::wire::Dialogue {
    CPPUNIT_TEST_SUITE(HeartbeatTest);
    CPPUNIT_TEST(aSilentClientIsPingedAndThenClosed);
    CPPUNIT_TEST(aClientThatAnswersLives);
    CPPUNIT_TEST_SUITE_END();

public:
    void aSilentClientIsPingedAndThenClosed() {
        auto alice = salon.person("alice");
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, alice.connect().number("heartbeat"));
        CPPUNIT_ASSERT_EQUAL(int{WebSocket::FRAME_OP_PING}, alice.incoming().opcode);
        const auto end = alice.incoming();
        CPPUNIT_ASSERT_EQUAL(int{WebSocket::FRAME_OP_CLOSE}, end.opcode);
        CPPUNIT_ASSERT_EQUAL(4408, end.closeCode());
    }

    void aClientThatAnswersLives() {
        const auto alice = salon.person("alice");
        RawWebSocket ponging(salon.port(), alice.token());
        RawWebSocket talking(salon.port(), alice.token());
        RawWebSocket dripping(salon.port(), alice.token());
        for (auto* socket : {&ponging, &talking, &dripping}) socket->next(); // welcome
        const auto frame = textBytes(R"({"type":"ping"})");
        std::size_t dripped = 0;
        // Three pings are four seconds: whoever were not believed would be gone after two.
        for (int i = 0; i < 3; ++i) {
            for (auto* socket : {&ponging, &talking, &dripping}) {
                CPPUNIT_ASSERT_EQUAL(int{WebSocket::FRAME_OP_PING}, socket->incoming().opcode);
            }
            ponging.send(frameBytes(pong, ""));
            talking.send(frame);
            CPPUNIT_ASSERT_EQUAL(std::string("pong"), talking.next().text("type"));
            // Any byte is a sign of life, also one that completes nothing.
            dripping.send(frame.substr(dripped++, 1));
        }
        dripping.send(frame.substr(dripped));
        ponging.send(frame);
        CPPUNIT_ASSERT_EQUAL(std::string("pong"), dripping.next().text("type"));
        CPPUNIT_ASSERT_EQUAL(std::string("pong"), ponging.next().text("type"));
    }

protected:
    salon::wire::Daemon::Defines defines() const override { return {{"ws.heartbeat", "1s"}}; }
};

CPPUNIT_TEST_SUITE_REGISTRATION(HeartbeatTest);
