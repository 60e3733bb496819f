#include "Deadline.h"
#include "Dialogue.h"
#include "Exposition.h"
#include "RawConnection.h"

#include <memory>
#include <string>
#include <vector>

using salon::wire::RawConnection;
using salon::wire::Reply;

namespace {

const std::string live = "GET /health/live HTTP/1.1\r\nHost: salon\r\n\r\n";
const std::string known = "/api/v1/auth/register";
constexpr std::size_t kiB = 1024;

/// The head of a request with a body of that size, or a chunked one (0).
std::string head(const std::string& method, const std::string& path, std::size_t size,
                 const std::string& fields = {}) {
    const auto framing = size > 0 ? "Content-Length: " + std::to_string(size)
                                  : std::string("Transfer-Encoding: chunked");
    return method + " " + path + " HTTP/1.1\r\nHost: salon\r\nContent-Type: application/json\r\n" +
           framing + "\r\n" + fields + "\r\n";
}

/// The answer to a head whose body never comes; it must be the last one.
Reply last(RawConnection& connection) {
    auto reply = connection.reply();
    CPPUNIT_ASSERT_EQUAL(std::string("close"), reply.header("Connection"));
    CPPUNIT_ASSERT_EQUAL(std::string(), connection.untilClosed());
    return reply;
}

} // namespace

/// Bodies of requests: whose are read, and how many are kept at one time.
class BodiesTest : public salon::wire::Dialogue {
    CPPUNIT_TEST_SUITE(BodiesTest);
    CPPUNIT_TEST(whatLeadsNowhereIsAnsweredWithoutItsBody);
    CPPUNIT_TEST(aClientOverItsRateIsAnsweredWithoutItsBody);
    CPPUNIT_TEST(aBodyThatNobodyWantsIsNotAskedFor);
    CPPUNIT_TEST(aBodyThatCameWithItsHeadIsPassedOver);
    CPPUNIT_TEST(aSocketBeginsWithoutABody);
    CPPUNIT_TEST(bodiesAreBoundedTogether);
    CPPUNIT_TEST_SUITE_END();

public:
    void whatLeadsNowhereIsAnsweredWithoutItsBody() {
        for (const std::size_t size : {std::size_t{1}, 128 * kiB, std::size_t{0}}) {
            answerTo(head("POST", "/nowhere", size)).isProblem(404, "not_found");
            answerTo(head("DELETE", known, size)).isProblem(405, "method_not_allowed");
            answerTo(head("POST", "/health/live", size)).isProblem(405, "method_not_allowed");
        }
        // A part of it makes no difference.
        answerTo(head("POST", "/nowhere", 3) + "xy").isProblem(404, "not_found");
    }

    void aClientOverItsRateIsAnsweredWithoutItsBody() {
        CPPUNIT_ASSERT_EQUAL(0, salon.stop());
        salon.start({{"http.rate", "1"}, {"http.trusted_proxies", "127.0.0.1"}});
        const auto ask = [this](std::size_t size) {
            auto connection = std::make_unique<RawConnection>(salon.port());
            connection->send(head("POST", known, size, "X-Forwarded-For: 203.0.113.7\r\n"));
            return connection;
        };
        std::vector<std::unique_ptr<RawConnection>> waiting;
        // While it may, its body is waited for; how many those are hangs on the time that passes.
        for (int i = 0; i < 20; ++i) waiting.push_back(ask(128 * kiB));
        const auto reply = last(*waiting.back());
        reply.isProblem(429, "rate_limited");
        CPPUNIT_ASSERT(!reply.header("Retry-After").empty());
    }

    void aBodyThatNobodyWantsIsNotAskedFor() { // RFC 9110, 10.1.1
        answerTo(head("POST", "/nowhere", 5, "Expect: 100-continue\r\n"))
            .isProblem(404, "not_found");
        RawConnection connection(salon.port());
        connection.send(head("POST", known, 2, "Expect: 100-continue\r\n"));
        connection.reply().is(100);
        connection.send("{}" + live);
        connection.reply().isProblem(400, "bad_request");
        connection.reply().is(200);
    }

    void aBodyThatCameWithItsHeadIsPassedOver() {
        RawConnection connection(salon.port());
        for (const auto& bytes : {head("POST", "/nowhere", 5) + live.substr(0, 5),
                                  head("POST", "/nowhere", 0) + "5\r\nsalut\r\n0\r\n\r\n"}) {
            connection.send(bytes + live);
            const auto reply = connection.reply();
            reply.isProblem(404, "not_found");
            CPPUNIT_ASSERT(reply.header("Connection") != "close");
            connection.reply().is(200);
        }
    }

    void aSocketBeginsWithoutABody() {
        answerTo(head("GET", "/ws", 5)).isProblem(426, "bad_request");
        const std::string opening = "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                                    "Sec-WebSocket-Version: 13\r\n"
                                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
        answerTo(head("GET", "/ws", 5, opening)).isProblem(400, "bad_request");
    }

    void bodiesAreBoundedTogether() {
        CPPUNIT_ASSERT_EQUAL(0, salon.stop());
        salon.start({{"http.bodies", "128KiB"}, {"net.reactors", "1"}});
        const std::string body = "{\"x\":\"" + std::string(100 * kiB, 'x') + "\"}";
        const auto bytes = head("POST", known, body.size()) + body;
        RawConnection first(salon.port());
        first.send(bytes.substr(0, bytes.size() - 1));
        untilReceived(bytes.size() - 1);
        const auto refused = answer(bytes);
        refused.isProblem(503, "unavailable");
        CPPUNIT_ASSERT_EQUAL(std::string("1"), refused.header("Retry-After"));
        CPPUNIT_ASSERT_EQUAL(std::string("close"), refused.header("Connection"));
        // What is small is served all the same.
        RawConnection small(salon.port());
        small.send(head("POST", known, 16 * kiB) + "{}" + std::string(16 * kiB - 2, ' '));
        small.reply().isProblem(400, "bad_request");
        // The first one is not in its own way, and whoever waited for it is served.
        first.send(bytes.substr(bytes.size() - 1));
        first.reply().isProblem(400, "bad_request");
        // The worker lets go of it a moment after its answer.
        auto served = answer(bytes);
        const salon::test::Deadline deadline(salon::test::patience);
        while (served.status == 503 && !deadline.passed()) served = answer(bytes);
        served.isProblem(400, "bad_request");
    }

private:
    /// The daemon has read so much in all.
    void untilReceived(std::size_t bytes) {
        const auto line = salon.logged("metrics are on ");
        const auto port = line.substr(line.rfind(':') + 1);
        const salon::wire::Http metrics(static_cast<std::uint16_t>(std::stoi(port)));
        const salon::test::Deadline deadline(salon::test::patience);
        double received = 0;
        while (received < static_cast<double>(bytes)) {
            CPPUNIT_ASSERT(!deadline.passed());
            received = salon::test::Exposition::parse(metrics.get("/metrics").body)
                           .value("salon_received_bytes_total");
        }
    }
    Reply answer(const std::string& bytes) const {
        RawConnection connection(salon.port());
        connection.send(bytes);
        return connection.reply();
    }
    Reply answerTo(const std::string& bytes) const {
        RawConnection connection(salon.port());
        connection.send(bytes);
        return last(connection);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(BodiesTest);
