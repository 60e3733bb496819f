#include "Deadline.h"
#include "Dialogue.h"
#include "Exposition.h"
#include "RawConnection.h"

#include <Poco/Net/NetException.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/NumberParser.h>
#include <Poco/Timespan.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

using salon::wire::RawConnection;

namespace {

const std::string live = "GET /health/live HTTP/1.1\r\nHost: salon\r\n\r\n";

} // namespace

/// HTTP clients that are slow, on purpose or not: how long the daemon waits for them, and with how
/// much.
class HttpPatienceTest : public salon::wire::Dialogue {
    CPPUNIT_TEST_SUITE(HttpPatienceTest);
    CPPUNIT_TEST(aSlowHeadIsGivenUp);
    CPPUNIT_TEST(aSlowBodyIsGivenUp);
    CPPUNIT_TEST(anIdleConnectionIsClosed);
    CPPUNIT_TEST(aClientThatNeverReadsIsNotReadOn);
    CPPUNIT_TEST(whoeverTakesNoAnswerGetsNoTimeByAskingOn);
    CPPUNIT_TEST(answersThatWaitAreBounded);
    CPPUNIT_TEST_SUITE_END();

public:
    void aSlowHeadIsGivenUp() {
        startAgain({{"http.head_timeout", "1s"}});
        isGivenUp("GET /health/live HTTP/1.1\r\nX: ");
        // One that has sent nothing at all has nothing to be told.
        CPPUNIT_ASSERT_EQUAL(std::string(), RawConnection(salon.port()).untilClosed());
    }

    void aSlowBodyIsGivenUp() {
        startAgain({{"http.body_timeout", "1s"}});
        isGivenUp("POST /api/v1/auth/register HTTP/1.1\r\nHost: salon\r\n"
                  "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{");
    }

    void anIdleConnectionIsClosed() {
        startAgain({{"http.idle_timeout", "1s"}});
        RawConnection connection(salon.port());
        connection.send(live);
        connection.reply().is(200);
        CPPUNIT_ASSERT_EQUAL(std::string(), connection.untilClosed());
    }

    void aClientThatNeverReadsIsNotReadOn() {
        startAgain({{"log.access", "off"}}); // tens of thousands of lines
        Poco::Net::StreamSocket socket(Poco::Net::SocketAddress("127.0.0.1", salon.port()));
        socket.setBlocking(false);
        std::string many;
        while (many.size() < 65536) many += live;
        // Its answers fill what the system and the daemon keep for it; from then on it must wait.
        constexpr std::size_t most = std::size_t{64} << 20;
        std::size_t sent = 0;
        const Poco::Timespan aWhile(500'000);
        while (sent < most && socket.poll(aWhile, Poco::Net::Socket::SELECT_WRITE)) {
            const auto offset = sent % live.size(); // whole requests, however the writes are cut
            const int count =
                socket.sendBytes(many.data() + offset, static_cast<int>(many.size() - live.size()));
            if (count > 0) sent += static_cast<std::size_t>(count);
        }
        CPPUNIT_ASSERT_MESSAGE("64 MiB of requests were read, and none of their answers",
                               sent < most);
        salon.http().get("/health/live").is(200);
        // Once it reads, it is served on: more comes than was kept for it anywhere.
        constexpr std::size_t enough = std::size_t{12} << 20;
        std::array<char, 65536> buffer;
        std::size_t received = 0;
        const salon::test::Deadline deadline(salon::test::patience);
        while (received < enough && !deadline.passed()) {
            if (!socket.poll(Poco::Timespan(deadline.milliseconds() * 1000L),
                             Poco::Net::Socket::SELECT_READ)) {
                break;
            }
            const int count = socket.receiveBytes(buffer.data(), static_cast<int>(buffer.size()));
            if (count == 0) break;
            if (count > 0) received += static_cast<std::size_t>(count);
        }
        CPPUNIT_ASSERT(received >= enough);
    }

    void whoeverTakesNoAnswerGetsNoTimeByAskingOn() {
        startAgain({{"http.write_timeout", "1s"}});
        RawConnection other(salon.port());
        const auto takenByOther = [&] {
            const auto before = sent();
            other.send(live);
            other.reply().is(200);
            return sent() - before;
        };
        takenByOther();
        const auto answer = takenByOther();
        Poco::Net::StreamSocket deaf(Poco::Net::SocketAddress::IPv4);
        deaf.setReceiveBufferSize(4096);
        deaf.connect(Poco::Net::SocketAddress("127.0.0.1", salon.port()));
        // Once the system takes nothing at all of further answers, the daemon has them.
        const salon::test::Deadline deadline(3 * salon::test::patience);
        const auto before = sent();
        const double burst = 8;
        double expected = 0;
        double missing = 0;
        for (double last = -1; last <= 0 || missing < last + burst * answer;) {
            CPPUNIT_ASSERT(!deadline.passed());
            last = missing;
            const auto read = received() + burst * static_cast<double>(live.size());
            for (int i = 0; i < 8; ++i) asksOn(deaf);
            while (received() < read) CPPUNIT_ASSERT(!deadline.passed());
            takenByOther();
            expected += (burst + 1) * answer;
            missing = expected - (sent() - before);
            if (missing > 8192) break; // more, and it would not be read
        }
        bool ended = false;
        const Poco::Timespan pace(300'000);
        for (int i = 0; i < 20 && !ended; ++i) {
            ended = !asksOn(deaf) || deaf.poll(pace, Poco::Net::Socket::SELECT_ERROR);
        }
        CPPUNIT_ASSERT(ended);
    }

    void answersThatWaitAreBounded() {
        startAgain({{"http.answers", "1MiB"}, {"http.write_timeout", "2s"}, {"ws.rate", "0"}});
        auto alice = salon.person("alice");
        const auto path = longTalk(alice);
        const auto request = "GET " + path + " HTTP/1.1\r\nHost: salon\r\nAuthorization: Bearer " +
                             alice.token() + "\r\n\r\n";
        const auto whole = alice.http().get(path).is(200).body.size();
        CPPUNIT_ASSERT(whole > (768U << 10) && whole < (1024U << 10));
        Poco::Net::StreamSocket slow(Poco::Net::SocketAddress::IPv4);
        slow.setReceiveBufferSize(16384);
        slow.connect(Poco::Net::SocketAddress("127.0.0.1", salon.port()));
        slow.sendBytes(request.data(), static_cast<int>(request.size()));
        CPPUNIT_ASSERT(slow.poll(Poco::Timespan(salon::test::patience.count() * 1000),
                                 Poco::Net::Socket::SELECT_READ));
        // No room for a second one; what is small has no need of any.
        const auto refusal = alice.http().get(path);
        refusal.isProblem(503, "unavailable");
        CPPUNIT_ASSERT_EQUAL(std::string("1"), refusal.header("Retry-After"));
        alice.http().get("/api/v1/users/me").is(200);
        // Who takes it bit by bit has no more time than who takes nothing, while room is short.
        const salon::test::Deadline deadline(salon::test::patience);
        const Poco::Timespan pace(100'000);
        auto taken = take(slow, 16384);
        while (alice.http().get(path).status != 200) {
            CPPUNIT_ASSERT(!deadline.passed());
            slow.poll(pace, Poco::Net::Socket::SELECT_ERROR);
            taken += take(slow, 16384);
        }
        for (std::size_t more = 1; more > 0; taken += more) more = take(slow, 65536);
        CPPUNIT_ASSERT(taken < whole);
    }

private:
    /// @returns the path of a page of 50 messages that are as long as may be
    std::string longTalk(salon::wire::Person& alice) {
        const auto bob = salon.person("bob");
        alice.connect();
        std::string content;
        for (int i = 0; i < 4000; ++i) content += "\xf0\x9f\x98\x80";
        std::int64_t conversation = 0;
        for (int i = 0; i < 50; ++i) conversation = alice.send(bob, content).number("conversation");
        return "/api/v1/conversations/" + std::to_string(conversation) + "/messages";
    }

    /// At most so many bytes. @returns how many came; 0 when the daemon has ended it
    static std::size_t take(Poco::Net::StreamSocket& socket, int most) {
        std::string buffer(static_cast<std::size_t>(most), '\0');
        try {
            return static_cast<std::size_t>(std::max(socket.receiveBytes(buffer.data(), most), 0));
        } catch (const Poco::IOException&) {
            return 0;
        }
    }

    static bool asksOn(Poco::Net::StreamSocket& socket) {
        try {
            return socket.sendBytes(live.data(), static_cast<int>(live.size())) > 0;
        } catch (const Poco::IOException&) {
            return false;
        }
    }

    double metric(const std::string& name) {
        const std::string words = "metrics are on http://127.0.0.1:";
        const auto line = salon.logged(words);
        const auto digits = line.substr(line.find(words) + words.size());
        const auto port = Poco::NumberParser::parseUnsigned(digits.substr(0, digits.find('/')));
        const salon::wire::Http metrics(static_cast<std::uint16_t>(port));
        return salon::test::Exposition::parse(metrics.get("/metrics").is(200).body).value(name);
    }
    double sent() { return metric("salon_sent_bytes_total"); }
    double received() { return metric("salon_received_bytes_total"); }

    void startAgain(salon::wire::Daemon::Defines defines) {
        CPPUNIT_ASSERT_EQUAL(0, salon.stop());
        salon.start(std::move(defines));
    }

    /// Answered with 408, although a byte comes every now and then.
    void isGivenUp(const std::string& beginning) const {
        Poco::Net::StreamSocket socket(Poco::Net::SocketAddress("127.0.0.1", salon.port()));
        socket.setReceiveTimeout(Poco::Timespan(salon::test::patience.count() * 1000));
        const salon::test::Deadline deadline(salon::test::patience);
        socket.sendBytes(beginning.data(), static_cast<int>(beginning.size()));
        const Poco::Timespan pace(100'000);
        while (!socket.poll(pace, Poco::Net::Socket::SELECT_READ)) {
            CPPUNIT_ASSERT(!deadline.passed());
            socket.sendBytes("x", 1);
        }
        std::string answer;
        std::array<char, 4096> buffer;
        for (int count = 1; count > 0;) {
            count = socket.receiveBytes(buffer.data(), static_cast<int>(buffer.size()));
            answer.append(buffer.data(), static_cast<std::size_t>(std::max(count, 0)));
        }
        CPPUNIT_ASSERT_MESSAGE(answer, answer.starts_with("HTTP/1.1 408 Request Timeout\r\n"));
        CPPUNIT_ASSERT(answer.find("\r\nConnection: close\r\n") != std::string::npos);
        const auto problem = salon::wire::Json::parse(answer.substr(answer.find("\r\n\r\n") + 4));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{408}, problem.number("status"));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(HttpPatienceTest);
