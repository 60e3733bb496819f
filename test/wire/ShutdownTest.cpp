#include "Dialogue.h"
#include "RawWebSocket.h"

#include <Poco/Exception.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/NumberParser.h>

#include <csignal>
#include <list>
#include <map>
#include <set>
#include <string>
#include <vector>

using Poco::Net::WebSocket;
using salon::wire::Json;
using salon::wire::RawConnection;
using salon::wire::RawWebSocket;
using salon::wire::textBytes;

namespace {

const std::string live = "GET /health/live HTTP/1.1\r\nHost: salon\r\n\r\n";

/// The answers that are whole in `bytes`; the rest, which must be none, stays.
std::vector<int> takeStatuses(std::string& bytes) {
    std::vector<int> statuses;
    const std::string length = "\r\nContent-Length: ";
    for (auto end = bytes.find("\r\n\r\n"); end != std::string::npos;
         end = bytes.find("\r\n\r\n")) {
        const auto at = bytes.find(length);
        const auto digits = bytes.find("\r\n", at + length.size());
        const auto body = Poco::NumberParser::parseUnsigned(
            bytes.substr(at + length.size(), digits - at - length.size()));
        if (bytes.size() < end + 4 + body) break;
        statuses.push_back(Poco::NumberParser::parse(bytes.substr(9, 3)));
        bytes.erase(0, end + 4 + body);
    }
    return statuses;
}

} // namespace

/// How the daemon stops: everybody is told, nothing acknowledged is lost, nobody can hold it.
class ShutdownTest : public salon::wire::Dialogue {
    CPPUNIT_TEST_SUITE(ShutdownTest);
    CPPUNIT_TEST(everybodyIsToldAndTheDaemonEnds);
    CPPUNIT_TEST(anInterruptEndsItToo);
    CPPUNIT_TEST(aHangupDoesNotEndIt);
    CPPUNIT_TEST(aClientThatDoesNotAnswerCannotHoldIt);
    CPPUNIT_TEST(aClientThatDoesNotReadCannotHoldIt);
    CPPUNIT_TEST(framesInFlightAreAnsweredOrLostButNeverHalfDone);
    CPPUNIT_TEST(requestsInFlightAreAnsweredOrLostButNeverHalfDone);
    CPPUNIT_TEST_SUITE_END();

public:
    void everybodyIsToldAndTheDaemonEnds() {
        auto alice = salon.person("alice");
        auto bob = salon.person("bob");
        alice.connect();
        bob.connect();
        auto elsewhere = bob.elsewhere();
        elsewhere.connect();
        RawConnection idle(salon.port());
        idle.send(live);
        idle.reply().is(200);
        RawConnection silent(salon.port());
        RawConnection half(salon.port());
        half.send("GET /health/li");
        salon.http().get("/health/ready").is(200); // those before it have been accepted

        salon.signal(SIGTERM);
        for (auto* person : {&alice, &bob, &elsewhere}) {
            CPPUNIT_ASSERT_EQUAL(1001, person->closedWith());
        }
        for (auto* connection : {&idle, &silent, &half}) {
            CPPUNIT_ASSERT_EQUAL(std::string(), connection->untilClosed());
        }
        CPPUNIT_ASSERT_EQUAL(0, salon.stop());
        CPPUNIT_ASSERT(refuses());
    }

    void anInterruptEndsItToo() {
        auto alice = salon.person("alice");
        alice.connect();
        salon.signal(SIGINT);
        CPPUNIT_ASSERT_EQUAL(1001, alice.closedWith());
        salon.logged("stopped");
        CPPUNIT_ASSERT_EQUAL(0, salon.stop());
    }

    void aHangupDoesNotEndIt() {
        auto alice = salon.person("alice");
        alice.connect();
        salon.signal(SIGHUP);
        salon.logged("SIGHUP");
        alice.seesNothing();
    }

    void aClientThatDoesNotAnswerCannotHoldIt() {
        const auto alice = salon.person("alice");
        RawWebSocket deaf(salon.port(), alice.token());
        deaf.next(); // welcome
        salon.signal(SIGTERM);
        CPPUNIT_ASSERT_EQUAL(1001, deaf.closedWith());
        // While the daemon waits for its answer, nobody new comes in.
        CPPUNIT_ASSERT(refuses());
        CPPUNIT_ASSERT_EQUAL(0, salon.stop()); // within ten seconds
    }

    void aClientThatDoesNotReadCannotHoldIt() {
        CPPUNIT_ASSERT_EQUAL(0, salon.stop());
        salon.start({{"ws.outbox", "64MiB"}, {"conversations.max_length", "30000"}});
        auto alice = salon.person("alice");
        auto bob = salon.person("bob");
        alice.connect();
        const std::string content(30'000, 'x');
        for (int i = 0; i < 50; ++i) alice.send(bob, content);
        RawWebSocket stuck(salon.port(), alice.token(), 65536);
        stuck.next(); // welcome
        std::string requests;
        for (int i = 0; i < 12; ++i) {
            requests += textBytes(R"({"type":"dm_history","with":"@bob"})");
        }
        stuck.send(requests); // answers of 18 MB
        for (int i = 0; i < 3; ++i) stuck.next();

        salon.signal(SIGTERM);
        CPPUNIT_ASSERT_EQUAL(1001, alice.closedWith());
        CPPUNIT_ASSERT_EQUAL(0, salon.stop()); // within ten seconds
    }

    void framesInFlightAreAnsweredOrLostButNeverHalfDone() {
        constexpr int count = 400;
        auto alice = salon.person("alice");
        auto bob = salon.person("bob");
        const auto frameOf = [&](int i) {
            return textBytes(R"({"type":"dm","to":"@bob","content":"salut","id":"m)" +
                             std::to_string(i) + "\"}");
        };
        RawWebSocket first(salon.port(), alice.token());
        first.next(); // welcome
        std::string frames;
        for (int i = 0; i < count; ++i) frames += frameOf(i);
        first.send(frameOf(0));
        std::map<std::string, Json> acks;
        take(first.next(), acks);
        first.send(frames);
        salon.signal(SIGTERM);
        auto incoming = first.incoming();
        for (; incoming.opcode == WebSocket::FRAME_OP_TEXT; incoming = first.incoming()) {
            take(Json::parse(incoming.payload), acks);
        }
        CPPUNIT_ASSERT_EQUAL(1001, incoming.closeCode());
        CPPUNIT_ASSERT_EQUAL(std::string(), first.untilClosed());
        CPPUNIT_ASSERT_EQUAL(0, salon.stop());

        salon.restart();
        RawWebSocket second(salon.port(), alice.token());
        second.next(); // welcome
        second.send(frames);
        std::map<std::string, Json> again;
        for (int i = 0; i < count; ++i) take(second.next(), again);
        CPPUNIT_ASSERT_EQUAL(std::size_t{count}, again.size());
        for (const auto& [id, ack] : acks) CPPUNIT_ASSERT_EQUAL(ack.dump(), again[id].dump());
        std::set<std::int64_t> seqs;
        for (const auto& [id, ack] : again) seqs.insert(ack.number("seq"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{count}, seqs.size());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, *seqs.begin());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{count}, *seqs.rbegin());
        salon.verifyStore();
    }

    void requestsInFlightAreAnsweredOrLostButNeverHalfDone() {
        constexpr int count = 60;
        const auto alice = salon.person("alice");
        const auto bob = salon.person("bob");
        const auto conversation = std::to_string(
            alice.http()
                .post("/api/v1/conversations", "{\"with\":" + std::to_string(bob.id()) + "}")
                .json()
                .number("id"));
        const auto path = "/api/v1/conversations/" + conversation + "/messages";
        const auto bodyOf = [](int i) {
            return R"({"content":"salut","id":"m)" + std::to_string(i) + "\"}";
        };
        std::string requests;
        for (int i = 0; i < count; ++i) {
            const auto body = bodyOf(i);
            requests += "POST " + path + " HTTP/1.1\r\nHost: salon\r\nAuthorization: Bearer " +
                        alice.token() + "\r\nContent-Type: application/json\r\nContent-Length: " +
                        std::to_string(body.size()) + "\r\n\r\n" + body;
        }
        RawConnection connection(salon.port());
        connection.send(requests);
        connection.reply().is(201);
        salon.signal(SIGTERM);
        auto rest = connection.untilClosed();
        const auto statuses = takeStatuses(rest);
        CPPUNIT_ASSERT_EQUAL_MESSAGE("half an answer", std::string(), rest);
        CPPUNIT_ASSERT_EQUAL(0, salon.stop());

        salon.restart();
        for (int i = 0; i < count; ++i) {
            const auto reply = alice.http().post(path, bodyOf(i));
            const auto answered = static_cast<std::size_t>(i) <= statuses.size();
            const int before = i == 0     ? 201
                               : answered ? statuses[static_cast<std::size_t>(i) - 1]
                                          : 0;
            CPPUNIT_ASSERT(before == 0 || before == 201 || before == 503);
            // Told that it was stored: it is. Not told: it may be, or it is now.
            if (before == 201) reply.is(200);
            if (before == 503) reply.is(201);
            CPPUNIT_ASSERT_EQUAL(std::int64_t{i + 1}, reply.json().number("seq"));
        }
    }

protected:
    salon::wire::Daemon::Defines defines() const override { return {{"ws.rate", "0"}}; }

private:
    bool refuses() const {
        try {
            Poco::Net::StreamSocket(Poco::Net::SocketAddress("127.0.0.1", salon.port()));
        } catch (const Poco::Exception&) {
            return true;
        }
        return false;
    }

    /// Keeps an `ack` under its id; anything else must be a refusal because of the stop.
    static void take(const Json& frame, std::map<std::string, Json>& acks) {
        if (frame.is("type", "ack")) {
            acks[frame.text("id")] = frame;
        } else {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(frame.dump(), std::string("unavailable"),
                                         frame.text("code"));
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ShutdownTest);
