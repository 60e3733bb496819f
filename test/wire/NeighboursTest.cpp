#include "Deadline.h"
#include "Deflation.h"
#include "Dialogue.h"
#include "RawConnection.h"
#include "RawWebSocket.h"

#include <list>
#include <string>

using Poco::Net::WebSocket;
using salon::wire::Compressor;
using salon::wire::frameBytes;
using salon::wire::Person;
using salon::wire::RawConnection;
using salon::wire::RawWebSocket;
using salon::wire::textBytes;

namespace {

constexpr int fin = WebSocket::FRAME_FLAG_FIN;
constexpr int text = WebSocket::FRAME_OP_TEXT;
constexpr int pong = WebSocket::FRAME_OP_PONG;
constexpr int more = WebSocket::FRAME_OP_CONT;
constexpr int compressed = 0x40;
const std::string live = "GET /health/live HTTP/1.1\r\nHost: salon\r\n\r\n";
const std::string asked = textBytes(R"({"type":"ping"})");

std::string repeated(const std::string& bytes, int count) {
    std::string out;
    for (int i = 0; i < count; ++i) out += bytes;
    return out;
}

/// A ping of `size` bytes in parts of `part`.
std::string inFragments(std::size_t size, std::size_t part) {
    std::string payload = R"({"type":"ping","x":")";
    payload += std::string(size - payload.size() - 2, 'x') + "\"}";
    std::string frames;
    for (std::size_t at = 0; at < size; at += part) {
        const int first = (at == 0 ? text : more) | (at + part >= size ? fin : 0);
        frames += frameBytes(first, std::string_view(payload).substr(at, part));
    }
    return frames;
}

} // namespace

/// All kinds of clients that misbehave, together, while two people talk: each offender gets its own
/// documented end, and the two go on. What it costs them is a benchmark's matter.
class NeighboursTest : public salon::wire::Dialogue {
    CPPUNIT_TEST_SUITE(NeighboursTest);
    CPPUNIT_TEST(eachOffenderHasItsOwnEndAndTheTalkersGoOn);
    CPPUNIT_TEST(whoeverSendsMoreThanHeMayIsReadOnLater);
    CPPUNIT_TEST(aLongMessageCountsAsSeveralFrames);
    CPPUNIT_TEST(pongsWithoutEndAreMisuse);
    CPPUNIT_TEST(aPipelineOfManyRequestsIsAnsweredWhole);
    CPPUNIT_TEST_SUITE_END();

public:
    void eachOffenderHasItsOwnEndAndTheTalkersGoOn() {
        auto alice = salon.person("alice");
        auto bob = salon.person("bob");
        const auto dave = salon.person("dave");
        const auto token = salon.person("mallory").token();
        alice.connect();
        bob.connect();
        int said = 0;
        const auto theyTalk = [&] {
            const auto content = std::to_string(++said);
            alice.send(bob, content);
            CPPUNIT_ASSERT_EQUAL(content, bob.sees("dm").text("content"));
        };

        // Everybody is there before anybody's end is waited for.
        std::list<RawConnection> heads;
        std::list<RawConnection> bodies;
        for (int i = 0; i < 20; ++i) {
            heads.emplace_back(salon.port()).send("GET / HTTP/1.1\r\nX-Slow: ");
            bodies.emplace_back(salon.port())
                .send("POST /api/v1/auth/login HTTP/1.1\r\nHost: salon\r\nContent-Type: "
                      "application/json\r\nContent-Length: 100\r\n\r\n{");
        }
        std::list<RawWebSocket> stuck;
        for (int i = 0; i < 8; ++i) stuck.emplace_back(salon.port(), dave.token(), 4096);
        RawWebSocket flood(salon.port(), token);
        RawWebSocket fragments(salon.port(), token);
        RawWebSocket tooMany(salon.port(), token);
        RawWebSocket tooLarge(salon.port(), token);
        auto bomb = withDeflate(token);
        auto begunBomb = withDeflate(token);
        for (int i = 0; i < 200; ++i) RawConnection(salon.port()); // come and go
        theyTalk();

        flood.send(repeated(asked, 3000));
        fragments.send(repeated(inFragments(32'768, 33), 10));
        tooMany.send(inFragments(2'000, 1));
        tooLarge.send(textBytes(std::string(70'000, 'x')));
        const auto inflatesTo50Million = Compressor(15, false)(std::string(50'000'000, 'x'));
        bomb.send(frameBytes(fin | compressed | text, inflatesTo50Million));
        // It is too long before it is whole.
        begunBomb.send(
            frameBytes(compressed | text, std::string_view(inflatesTo50Million).substr(0, 1000)));
        theyTalk();
        for (int i = 0; i < 100; ++i) alice.send(dave, std::string(4'000, 'x'));
        theyTalk();

        CPPUNIT_ASSERT_EQUAL(1008, flood.closedWith());
        CPPUNIT_ASSERT_EQUAL(1009, tooMany.closedWith());
        CPPUNIT_ASSERT_EQUAL(1009, tooLarge.closedWith());
        CPPUNIT_ASSERT_EQUAL(1009, bomb.closedWith());
        CPPUNIT_ASSERT_EQUAL(1009, begunBomb.closedWith());
        theyTalk();
        fragments.next(); // welcome
        for (int i = 0; i < 10; ++i) CPPUNIT_ASSERT(fragments.next().is("type", "pong"));
        for (auto& head : heads) head.reply().is(408);
        for (auto& body : bodies) body.reply().is(408);
        theyTalk();
        for (auto& socket : stuck) CPPUNIT_ASSERT_EQUAL(4413, socket.closedWith());
        isTurnedAway();
        theyTalk();
    }

    void whoeverSendsMoreThanHeMayIsReadOnLater() {
        RawWebSocket alice(salon.port(), salon.person("alice").token());
        alice.next(); // welcome
        // The burst is 200; what comes after it is refused, and what comes after that is read on a
        // little later, when there is room for it again.
        alice.send(repeated(asked, 201));
        for (int i = 0; i < 200; ++i) CPPUNIT_ASSERT(alice.next().is("type", "pong"));
        int refused = 0;
        for (int i = 0; i < 20; ++i) {
            const auto answer = alice.next();
            if (!answer.is("type", "pong")) ++refused;
            alice.send(asked);
        }
        CPPUNIT_ASSERT(refused < 20);
    }

    void aLongMessageCountsAsSeveralFrames() {
        RawWebSocket alice(salon.port(), salon.person("alice").token());
        alice.next();                                        // welcome
        const auto asked16KiB = inFragments(16'384, 16'384); // counts as two
        alice.send(repeated(asked16KiB, 100));
        for (int i = 0; i < 100; ++i) CPPUNIT_ASSERT(alice.next().is("type", "pong"));
        // No more than the burst if each were one frame.
        int refused = 0;
        alice.send(repeated(asked16KiB, 100));
        for (int i = 0; i < 100; ++i) refused += alice.next().is("code", "rate_limited") ? 1 : 0;
        CPPUNIT_ASSERT(refused > 0);
    }

    void pongsWithoutEndAreMisuse() {
        RawWebSocket alice(salon.port(), salon.person("alice").token());
        alice.next(); // welcome
        alice.send(repeated(frameBytes(fin | pong, ""), 5'000));
        CPPUNIT_ASSERT_EQUAL(1008, alice.closedWith());
    }

    void aPipelineOfManyRequestsIsAnsweredWhole() {
        RawConnection alice(salon.port());
        constexpr int count = 500;
        alice.send(repeated(live, count));
        for (int i = 0; i < count; ++i) alice.reply().is(200);
        alice.send(live);
        alice.reply().is(200);
    }

protected:
    salon::wire::Daemon::Defines defines() const override {
        return {{"http.head_timeout", "2s"},
                {"http.body_timeout", "2s"},
                {"http.max_connections_per_address", "100"},
                {"log.access", "off"},
                {"ws.outbox", "64KiB"}};
    }

private:
    RawWebSocket withDeflate(const std::string& token) {
        auto socket = RawWebSocket::at(salon.port(), "/ws",
                                       "Authorization: Bearer " + token +
                                           "\r\nSec-WebSocket-Extensions: permessage-deflate\r\n");
        socket.opened().is(101);
        return socket;
    }

    /// One connection of this address too many.
    void isTurnedAway() {
        std::list<RawConnection> held;
        const salon::test::Deadline deadline(salon::test::patience);
        while (!deadline.passed() && held.size() < 101) {
            auto& one = held.emplace_back(salon.port());
            one.send(live);
            const auto reply = one.reply();
            if (reply.status == 200) continue;
            reply.isProblem(429, "rate_limited");
            return;
        }
        CPPUNIT_FAIL("as many as one likes are let in");
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(NeighboursTest);
