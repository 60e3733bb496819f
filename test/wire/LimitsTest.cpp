#include "Deadline.h"
#include "Dialogue.h"
#include "RawWebSocket.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <list>
#include <string>

using Poco::Net::WebSocket;
using salon::wire::frameBytes;
using salon::wire::handshakeBytes;
using salon::wire::Person;
using salon::wire::RawConnection;
using salon::wire::RawWebSocket;
using salon::wire::textBytes;

namespace {

constexpr int fin = WebSocket::FRAME_FLAG_FIN;
constexpr int text = WebSocket::FRAME_OP_TEXT;
constexpr int ping = WebSocket::FRAME_OP_PING;
constexpr int pong = WebSocket::FRAME_OP_PONG;
constexpr int more = WebSocket::FRAME_OP_CONT;
const std::string live = "GET /health/live HTTP/1.1\r\nHost: salon\r\n\r\n";
const std::string asked = textBytes(R"({"type":"ping"})");

std::string repeated(const std::string& bytes, int count) {
    std::string out;
    for (int i = 0; i < count; ++i) out += bytes;
    return out;
}

/// A ping of exactly `size` bytes.
std::string pingOf(std::size_t size) {
    std::string payload = R"({"type":"ping","x":")";
    return payload + std::string(size - payload.size() - 2, 'x') + "\"}";
}

/// The first line of an answer to somebody who connects from this address of the loopback network.
std::string answerFrom(const char* source, std::uint16_t port) {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in own{};
    own.sin_family = AF_INET;
    ::inet_pton(AF_INET, source, &own.sin_addr);
    sockaddr_in daemon = own;
    ::inet_pton(AF_INET, "127.0.0.1", &daemon.sin_addr);
    daemon.sin_port = htons(port);
    std::string answer;
    if (::bind(socket, reinterpret_cast<sockaddr*>(&own), sizeof own) == 0 &&
        ::connect(socket, reinterpret_cast<sockaddr*>(&daemon), sizeof daemon) == 0) {
        ::send(socket, live.data(), live.size(), MSG_NOSIGNAL);
        std::array<char, 4096> buffer;
        const auto got = ::recv(socket, buffer.data(), buffer.size(), 0);
        if (got > 0) answer.assign(buffer.data(), static_cast<std::size_t>(got));
    }
    ::close(socket);
    return answer.substr(0, answer.find('\r'));
}

/// A frame with a ping of so many bytes.
std::string longPing(std::size_t size) {
    std::string message = R"({"type":"ping","x":")";
    message += std::string(size - message.size() - 2, 'x') + "\"}";
    return textBytes(message);
}

} // namespace

/// How much is too much, each at its exact edge, and who pays for it: never the others.
class LimitsTest : public salon::wire::Dialogue {
    CPPUNIT_TEST_SUITE(LimitsTest);
    CPPUNIT_TEST(aBurstOfTwiceTheRatePassesAndTheNextFrameIsRefused);
    CPPUNIT_TEST(aClientThatGoesOnIsClosed);
    CPPUNIT_TEST(aLongMessageThatIsRefusedHoldsUpWhatCameBehindIt);
    CPPUNIT_TEST(aClientThatGoesOnWithLongMessagesIsClosedSooner);
    CPPUNIT_TEST(controlPingsCountToo);
    CPPUNIT_TEST(theOldestOfTooManySocketsOfAUserIsReplaced);
    CPPUNIT_TEST(oneConnectionTooManyIsTurnedAwayUntilOneLeaves);
    CPPUNIT_TEST(oneConnectionTooManyOfAnAddressIsTurnedAway);
    CPPUNIT_TEST(aClientWithTooManyRequestsWaits);
    CPPUNIT_TEST(aSocketCountsAsAConnection);
    CPPUNIT_TEST(zeroMeansNoLimit);
    CPPUNIT_TEST(aFrameOfTheLimitIsTakenAndOneByteMoreEndsIt);
    CPPUNIT_TEST(asManyFragmentsAsTheLimitAreTakenAndOneMoreEndsIt);
    CPPUNIT_TEST(whoeverNeverReadsIsClosedAndTheOthersAreServed);
    CPPUNIT_TEST(whoeverAsksAndNeverReadsMustWait);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override {} // each story starts a daemon with limits of its own

    void aBurstOfTwiceTheRatePassesAndTheNextFrameIsRefused() {
        salon.start({{"ws.rate", "3"}, {"ws.heartbeat", "1s"}});
        auto bob = salon.person("bob");
        bob.connect();
        RawWebSocket alice(salon.port(), salon.person("alice").token());
        alice.next(); // welcome
        // In one write, so that no time passes in between.
        alice.send(repeated(asked, 6) +
                   textBytes(R"({"type":"dm","to":"@bob","content":"salut","id":"seventh"})"));
        for (int i = 0; i < 6; ++i) CPPUNIT_ASSERT(alice.next().is("type", "pong"));
        const auto error = alice.next();
        CPPUNIT_ASSERT_EQUAL(std::string("error"), error.text("type"));
        CPPUNIT_ASSERT_EQUAL(std::string("rate_limited"), error.text("code"));
        CPPUNIT_ASSERT_EQUAL(std::string("seventh"), error.text("id"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, error.number("retry_after"));
        bob.seesNothing(); // what was refused is not stored
        // A second later (the heartbeat's ping is the clock) there is room again.
        CPPUNIT_ASSERT_EQUAL(ping, alice.incoming().opcode);
        alice.send(asked);
        CPPUNIT_ASSERT_EQUAL(std::string("pong"), alice.next().text("type"));
    }

    void aClientThatGoesOnIsClosed() {
        salon.start({{"ws.rate", "2"}});
        auto bob = salon.person("bob");
        bob.connect();
        RawWebSocket alice(salon.port(), salon.person("alice").token());
        alice.next(); // welcome
        // Four pass, twenty are refused, one is too many.
        alice.send(repeated(asked, 2) + repeated(textBytes("no JSON"), 2) + repeated(asked, 40));
        for (int i = 0; i < 2; ++i) CPPUNIT_ASSERT(alice.next().is("type", "pong"));
        for (int i = 0; i < 2; ++i) CPPUNIT_ASSERT(alice.next().is("code", "bad_request"));
        for (int i = 0; i < 20; ++i) CPPUNIT_ASSERT(alice.next().is("code", "rate_limited"));
        CPPUNIT_ASSERT_EQUAL(1008, alice.incoming().closeCode());
        CPPUNIT_ASSERT_EQUAL(std::string(), alice.untilClosed());
        bob.seesNothing();
    }

    void aLongMessageThatIsRefusedHoldsUpWhatCameBehindIt() {
        salon.start({{"ws.rate", "10"}});
        RawWebSocket alice(salon.port(), salon.person("alice").token());
        alice.next(); // welcome
        // Of the twenty of a burst six of 32 KiB take eighteen. The one that is refused rests the
        // connection for a tenth of a second, after which there is room for what came with it.
        const auto longOne = longPing(32'768);
        alice.send(repeated(longOne, 6) + repeated(asked, 2) + longOne + asked);
        for (int i = 0; i < 8; ++i) CPPUNIT_ASSERT(alice.next().is("type", "pong"));
        CPPUNIT_ASSERT(alice.next().is("code", "rate_limited"));
        CPPUNIT_ASSERT(alice.next().is("type", "pong"));
    }

    void aClientThatGoesOnWithLongMessagesIsClosedSooner() {
        salon.start({{"ws.rate", "2"}});
        RawWebSocket alice(salon.port(), salon.person("alice").token());
        alice.next(); // welcome
        // One takes three of the four of a burst; of the twenty that may be refused each other one
        // counts for nine.
        alice.send(repeated(longPing(32'768), 10));
        CPPUNIT_ASSERT(alice.next().is("type", "pong"));
        for (int i = 0; i < 2; ++i) CPPUNIT_ASSERT(alice.next().is("code", "rate_limited"));
        CPPUNIT_ASSERT_EQUAL(1008, alice.incoming().closeCode());
    }

    void controlPingsCountToo() {
        salon.start({{"ws.rate", "2"}});
        RawWebSocket alice(salon.port(), salon.person("alice").token());
        alice.next(); // welcome
        alice.send(repeated(frameBytes(fin | ping, ""), 6) + asked);
        for (int i = 0; i < 4; ++i) CPPUNIT_ASSERT_EQUAL(pong, alice.incoming().opcode);
        CPPUNIT_ASSERT_EQUAL(std::string("rate_limited"), alice.next().text("code"));
    }

    void theOldestOfTooManySocketsOfAUserIsReplaced() {
        salon.start({{"ws.max_connections_per_user", "2"}});
        auto first = salon.person("alice");
        auto second = salon.person("alice");
        auto bob = salon.person("bob");
        bob.connect();
        first.connect();
        second.connect();
        first.seesNothing();

        auto third = first.elsewhere();
        third.connect();
        CPPUNIT_ASSERT_EQUAL(4409, first.closedWith());
        second.seesNothing();
        third.seesNothing();
        // Whoever leaves makes room.
        second.close();
        auto fourth = first.elsewhere();
        fourth.connect();
        third.seesNothing();
        bob.seesNothing();
        auto fifth = first.elsewhere();
        fifth.connect();
        CPPUNIT_ASSERT_EQUAL(4409, third.closedWith());
        // A handshake that is refused replaces nobody.
        third.setToken("x");
        third.knock().is(401);
        fourth.seesNothing();
        fifth.seesNothing();
    }

    void oneConnectionTooManyIsTurnedAwayUntilOneLeaves() {
        salon.start({{"http.max_connections", "3"}});
        std::list<RawConnection> held;
        for (int i = 0; i < 3; ++i)
            CPPUNIT_ASSERT_EQUAL(200, statusOf(held.emplace_back(salon.port())));
        for (int i = 0; i < 5; ++i) {
            RawConnection turnedAway(salon.port());
            const auto reply = turnedAway.reply();
            reply.isProblem(503, "unavailable");
            CPPUNIT_ASSERT_EQUAL(std::to_string(reply.json().number("retry_after")),
                                 reply.header("Retry-After"));
            CPPUNIT_ASSERT_EQUAL(std::string("close"), reply.header("Connection"));
            CPPUNIT_ASSERT_EQUAL(std::string(), turnedAway.untilClosed());
        }
        for (auto& connection : held) CPPUNIT_ASSERT_EQUAL(200, statusOf(connection));
        held.pop_front();
        isLetInSoon();
        CPPUNIT_ASSERT_EQUAL(200, statusOf(held.back()));
    }

    void oneConnectionTooManyOfAnAddressIsTurnedAway() {
        salon.start({{"http.max_connections_per_address", "2"}});
        std::list<RawConnection> held;
        for (int i = 0; i < 2; ++i)
            CPPUNIT_ASSERT_EQUAL(200, statusOf(held.emplace_back(salon.port())));
        RawConnection third(salon.port());
        const auto reply = third.reply();
        reply.isProblem(429, "rate_limited");
        CPPUNIT_ASSERT_EQUAL(std::to_string(reply.json().number("retry_after")),
                             reply.header("Retry-After"));
        CPPUNIT_ASSERT_EQUAL(std::string(), third.untilClosed());
        CPPUNIT_ASSERT_EQUAL(std::string("HTTP/1.1 200 OK"), answerFrom("127.0.0.2", salon.port()));
        held.pop_front();
        isLetInSoon();
    }

    void aClientWithTooManyRequestsWaits() {
        salon.start({{"http.rate", "2"}, {"http.trusted_proxies", "127.0.0.1"}});
        const auto ask = [this](const std::string& client, const std::string& path) {
            return salon.http().call("GET", path, {}, {{"X-Forwarded-For", client}});
        };
        for (int i = 0; i < 10; ++i) ask("203.0.113.7", "/api/v1/server").is(200);
        auto last = ask("203.0.113.7", "/api/v1/server");
        // Time passes while one asks.
        for (int i = 0; i < 100 && last.status == 200; ++i) {
            last = ask("203.0.113.7", "/api/v1/server");
        }
        last.isProblem(429, "rate_limited");
        CPPUNIT_ASSERT_EQUAL(std::string("1"), last.header("Retry-After"));
        ask("203.0.113.7", "/ws").isProblem(429, "rate_limited");
        ask("203.0.113.8", "/api/v1/server").is(200);
        ask("203.0.113.7", "/health/ready").is(200);
        for (int i = 0; i < 50; ++i) salon.http().get("/api/v1/server").is(200);
    }

    void aSocketCountsAsAConnection() {
        salon.start({{"http.max_connections_per_address", "2"}});
        auto alice = salon.person("alice");
        alice.connect();
        auto elsewhere = alice.elsewhere();
        elsewhere.connect();
        RawConnection(salon.port()).reply().isProblem(429, "rate_limited");
        elsewhere.vanish(); // without a word
        isLetInSoon();
        alice.seesNothing();
    }

    void zeroMeansNoLimit() {
        salon.start({{"ws.rate", "0"},
                     {"ws.max_connections_per_user", "0"},
                     {"http.max_connections", "0"},
                     {"http.max_connections_per_address", "0"}});
        const auto token = salon.person("alice").token();
        std::list<RawWebSocket> sockets;
        for (int i = 0; i < 40; ++i) sockets.emplace_back(salon.port(), token).next();
        auto& alice = sockets.front();
        for (int round = 0; round < 10; ++round) {
            alice.send(repeated(asked, 500));
            for (int i = 0; i < 500; ++i) CPPUNIT_ASSERT(alice.next().is("type", "pong"));
        }
    }

    void aFrameOfTheLimitIsTakenAndOneByteMoreEndsIt() {
        salon.start({{"ws.max_frame", "1KiB"}});
        const auto token = salon.person("alice").token();
        const auto whole = pingOf(1024);
        RawWebSocket alice(salon.port(), token);
        alice.next(); // welcome
        alice.send(textBytes(whole));
        CPPUNIT_ASSERT(alice.next().is("type", "pong"));
        alice.send(frameBytes(text, whole.substr(0, 1000)) +
                   frameBytes(fin | more, whole.substr(1000)));
        CPPUNIT_ASSERT(alice.next().is("type", "pong"));

        CPPUNIT_ASSERT_EQUAL(1009, endOf(token, textBytes(pingOf(1025))));
        CPPUNIT_ASSERT_EQUAL(1009, endOf(token, frameBytes(text, whole) + frameBytes(more, "x")));
        // Before anything of it has come.
        CPPUNIT_ASSERT_EQUAL(1009,
                             endOf(token, textBytes(std::string(100'000, 'x')).substr(0, 10)));
        CPPUNIT_ASSERT(ponged(alice));
    }

    void asManyFragmentsAsTheLimitAreTakenAndOneMoreEndsIt() {
        salon.start({{"ws.max_fragments", "3"}});
        const auto token = salon.person("alice").token();
        const auto two = frameBytes(text, R"({"type":)") + frameBytes(more, R"("ping")");
        RawWebSocket alice(salon.port(), token);
        alice.next(); // welcome
        for (int i = 0; i < 2; ++i) {
            // A control frame between them is none of them.
            alice.send(two + frameBytes(fin | pong, "") + frameBytes(fin | more, "}"));
            CPPUNIT_ASSERT(alice.next().is("type", "pong"));
        }
        CPPUNIT_ASSERT_EQUAL(
            1009, endOf(token, two + frameBytes(more, "}") + frameBytes(fin | more, " ")));
    }

    void whoeverNeverReadsIsClosedAndTheOthersAreServed() {
        salon.start(
            {{"ws.outbox", "64KiB"}, {"ws.rate", "0"}, {"conversations.max_length", "30000"}});
        auto alice = salon.person("alice");
        auto bob = salon.person("bob");
        RawWebSocket stuck(salon.port(), bob.token(), 65536);
        alice.connect();
        bob.connect();
        const std::string content(30'000, 'x');
        // More than the system keeps for a socket, and the daemon besides.
        constexpr int count = 250;
        for (int i = 1; i <= count; ++i) {
            CPPUNIT_ASSERT_EQUAL(std::int64_t{i}, alice.send(bob, content).number("seq"));
            CPPUNIT_ASSERT_EQUAL(std::int64_t{i}, bob.sees("dm").number("seq"));
        }
        // What the slow one still gets is the beginning without a gap, and then why it ended.
        CPPUNIT_ASSERT_EQUAL(std::string("welcome"), stuck.next().text("type"));
        std::int64_t seq = 0;
        auto frame = stuck.incoming();
        for (; frame.opcode == WebSocket::FRAME_OP_TEXT; frame = stuck.incoming()) {
            const auto json = salon::wire::Json::parse(frame.payload);
            if (!salon::wire::isNews(json)) CPPUNIT_ASSERT_EQUAL(++seq, json.number("seq"));
        }
        CPPUNIT_ASSERT_EQUAL(4413, frame.closeCode());
        CPPUNIT_ASSERT(seq < count);
        CPPUNIT_ASSERT_EQUAL(std::string(), stuck.untilClosed());
        // It was only this connection: its user comes back.
        RawWebSocket again(salon.port(), bob.token());
        CPPUNIT_ASSERT_EQUAL(std::string("welcome"), again.next().text("type"));
    }

    void whoeverAsksAndNeverReadsMustWait() {
        salon.start({{"ws.outbox", "16KiB"}, {"ws.rate", "0"}});
        RawWebSocket alice(salon.port(), salon.person("alice").token(), 65536);
        alice.next(); // welcome
        // Answers of 300 KB and more for an outbox of 16: no reason to close, as it is she who
        // asks.
        const auto payload = R"({"type":"ping","id":")" + std::string(60, 'x') + "\"}";
        alice.send(repeated(textBytes(payload), 5000));
        for (int i = 0; i < 5000; ++i) CPPUNIT_ASSERT(alice.next().is("type", "pong"));
    }

private:
    static int statusOf(RawConnection& connection) {
        connection.send(live);
        return connection.reply().status;
    }

    static bool ponged(RawWebSocket& socket) {
        socket.send(asked);
        return socket.next().is("type", "pong");
    }

    int endOf(const std::string& token, const std::string& bytes) const {
        RawWebSocket socket(salon.port(), token);
        socket.send(bytes);
        const int code = socket.closedWith();
        CPPUNIT_ASSERT_EQUAL(std::string(), socket.untilClosed());
        return code;
    }

    /// The daemon notices by itself that somebody has left, a moment later.
    void isLetInSoon() const {
        const salon::test::Deadline deadline(salon::test::patience);
        int status = 0;
        while (status != 200 && !deadline.passed()) {
            RawConnection connection(salon.port());
            status = statusOf(connection);
        }
        CPPUNIT_ASSERT_EQUAL(200, status);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(LimitsTest);
