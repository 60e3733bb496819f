#include "Dialogue.h"
#include "RawConnection.h"

#include <string>
#include <vector>

using salon::wire::RawConnection;
using salon::wire::Reply;

namespace {

const std::string blank = "\r\n\r\n";
const std::string live = "GET /health/live HTTP/1.1\r\nHost: salon\r\n\r\n";

std::string line(const std::string& method, const std::string& path,
                 const std::string& headers = {}) {
    return method + ' ' + path + " HTTP/1.1\r\nHost: salon\r\n" + headers;
}

std::string registration(const std::string& headers, const std::string& body) {
    return line("POST", "/api/v1/auth/register",
                "Content-Type: application/json\r\n" + headers + "\r\n") +
           body;
}

/// A registration of exactly `size` bytes of JSON.
std::string application(const std::string& username, std::size_t size) {
    auto body = "{\"username\":\"" + username + "\",\"password\":\"correct horse\"";
    body.append(size - body.size() - 1, ' ');
    return body + '}';
}

std::string lengthOf(const std::string& body) {
    return "Content-Length: " + std::to_string(body.size()) + "\r\n";
}

} // namespace

/// HTTP/1.1 as the daemon reads and writes it (RFC 9110, RFC 9112).
class HttpTest : public salon::wire::Dialogue {
    CPPUNIT_TEST_SUITE(HttpTest);
    CPPUNIT_TEST(healthIsTold);
    CPPUNIT_TEST(aConnectionServesManyRequests);
    CPPUNIT_TEST(requestsOfOneWriteAreAnsweredInOrder);
    CPPUNIT_TEST(aRequestMayArriveByteByByte);
    CPPUNIT_TEST(aBodyIsAskedForWhenTheClientWaits);
    CPPUNIT_TEST(anotherExpectationIsRefused);
    CPPUNIT_TEST(headIsGetWithoutItsBody);
    CPPUNIT_TEST(aChunkedBodyIsABody);
    CPPUNIT_TEST(whatIsNotThereIsNotFound);
    CPPUNIT_TEST(anotherMethodIsToldWhichOnesAreAllowed);
    CPPUNIT_TEST(aBodyOfTheLimitIsTakenAndOneByteMoreIsNot);
    CPPUNIT_TEST(aHeadOfTheLimitIsTakenAndOneByteMoreIsNot);
    CPPUNIT_TEST(whatTwoReadersCouldReadDifferentlyIsRefusedAndTheConnectionClosed);
    CPPUNIT_TEST(anAnswerCannotBeSplit);
    CPPUNIT_TEST(aClientOfHttp10IsServed);
    CPPUNIT_TEST(aHalfClosedClientGetsItsAnswers);
    CPPUNIT_TEST_SUITE_END();

public:
    void healthIsTold() {
        for (const auto* path : {"/health/live", "/health/ready"}) {
            const auto reply = salon.http().get(path).is(200);
            CPPUNIT_ASSERT_EQUAL(std::string("ok"), reply.json().text("status"));
            CPPUNIT_ASSERT_EQUAL(std::string("application/json"), reply.header("Content-Type"));
            CPPUNIT_ASSERT_EQUAL(std::string("no-store"), reply.header("Cache-Control"));
            CPPUNIT_ASSERT_EQUAL(std::string("nosniff"), reply.header("X-Content-Type-Options"));
            CPPUNIT_ASSERT(reply.header("Date").ends_with(" GMT"));
            const auto refusal = salon.http().post(path, "{}");
            refusal.isProblem(405, "method_not_allowed");
            CPPUNIT_ASSERT_EQUAL(std::string("GET, HEAD"), refusal.header("Allow"));
        }
    }

    void aConnectionServesManyRequests() {
        RawConnection connection(salon.port());
        for (int i = 0; i < 3; ++i) {
            connection.send(live);
            const auto reply = connection.reply().is(200);
            CPPUNIT_ASSERT(!reply.headers.has("Connection"));
            connection.send(line("GET", "/nowhere", "\r\n"));
            connection.reply().isProblem(404, "not_found"); // which is no reason to close
        }
        connection.send(line("GET", "/health/live", "Connection: close\r\n\r\n"));
        CPPUNIT_ASSERT_EQUAL(std::string("close"), connection.reply().is(200).header("Connection"));
        CPPUNIT_ASSERT_EQUAL(std::string(), connection.untilClosed());
    }

    void requestsOfOneWriteAreAnsweredInOrder() {
        const auto alice = salon.person("alice");
        const auto authorization = "Authorization: Bearer " + alice.token() + blank;
        const auto me = line("GET", "/api/v1/users/me", authorization);
        const std::string login = R"({"login":"alice","password":"wrong"})";
        std::string all;
        // An answer of the reactor must not overtake one of a worker or of a hasher.
        const auto wrong = line("POST", "/api/v1/auth/login",
                                "Content-Type: application/json\r\n" + lengthOf(login) + "\r\n") +
                           login;
        all += wrong + live + me + "\r\n" + line("GET", "/nowhere", "\r\n") + me +
               line("PUT", "/api/v1/users/me", "\r\n") + live;
        for (int i = 0; i < 100; ++i) all += me + live;
        all += line("GET", "/health/live", "Connection: close\r\n\r\n") + live;

        RawConnection connection(salon.port());
        connection.send(all);
        for (const int status : {401, 200, 200, 404, 200, 405, 200}) connection.reply().is(status);
        for (int i = 0; i < 100; ++i) {
            CPPUNIT_ASSERT_EQUAL(std::string("alice"),
                                 connection.reply().is(200).json().text("username"));
            CPPUNIT_ASSERT_EQUAL(std::string("ok"),
                                 connection.reply().is(200).json().text("status"));
        }
        connection.reply().is(200);
        CPPUNIT_ASSERT_EQUAL(std::string(), connection.untilClosed()); // nothing after the close
    }

    void aRequestMayArriveByteByByte() {
        RawConnection connection(salon.port());
        const auto body = application("alice", 60);
        for (const char c : registration(lengthOf(body), body)) connection.send({&c, 1});
        connection.reply().is(201);
    }

    void aBodyIsAskedForWhenTheClientWaits() {
        RawConnection connection(salon.port());
        const auto body = application("alice", 100);
        connection.send(registration("Expect: 100-Continue\r\n" + lengthOf(body), ""));
        CPPUNIT_ASSERT_EQUAL(100, connection.reply().status);
        connection.send(body);
        connection.reply().is(201);
        // A client that does not wait is not asked.
        connection.send(registration("Expect: 100-continue\r\n" + lengthOf(body), body));
        connection.reply().is(409);
        // Neither is one whose body would not be taken.
        connection.send(registration("Expect: 100-continue\r\nContent-Length: 9999999\r\n", ""));
        connection.reply().isProblem(413, "too_large");
    }

    void anotherExpectationIsRefused() {
        refuses(417, line("GET", "/health/live", "Expect: a-miracle\r\n\r\n"), "bad_request");
    }

    void headIsGetWithoutItsBody() {
        const auto alice = salon.person("alice");
        for (const auto& rest :
             {"/api/v1/users/me HTTP/1.1\r\nHost: salon\r\nAuthorization: Bearer " + alice.token(),
              std::string("/health/ready HTTP/1.1\r\nHost: salon"),
              std::string("/nowhere HTTP/1.1\r\nHost: salon")}) {
            RawConnection connection(salon.port());
            connection.send("GET " + rest + blank);
            const auto got = connection.reply();
            connection.send("HEAD " + rest + blank + live);
            const auto head = connection.reply(true);
            CPPUNIT_ASSERT_EQUAL(got.status, head.status);
            for (const auto* name : {"Content-Type", "Cache-Control", "X-Content-Type-Options"}) {
                CPPUNIT_ASSERT_EQUAL(got.header(name), head.header(name));
            }
            CPPUNIT_ASSERT_EQUAL(std::to_string(got.body.size()), head.header("Content-Length"));
            connection.reply().is(200); // what follows is the next answer, not a body
        }
    }

    void aChunkedBodyIsABody() {
        const std::string headers = "Transfer-Encoding: chunked\r\n";
        const std::string first = R"({"username":"alice",)";
        const std::string second = R"("password":"correct horse"})";
        const auto body = "14\r\n" + first + "\r\n1B;name=value\r\n" + second +
                          "\r\n0\r\nTrailer: dropped\r\n\r\n";
        CPPUNIT_ASSERT_EQUAL(std::size_t{0x14}, first.size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{0x1b}, second.size());
        const auto replies = salon.http().raw(registration(headers, body) + live, 2);
        replies[0].is(201);
        replies[1].is(200);
    }

    void whatIsNotThereIsNotFound() {
        for (const auto* path :
             {"/", "/api", "/api/v1/users/me/", "/api/v1/users//me", "/API/v1/users/me",
              "/api/v1/../../etc/passwd", "/health", "/health/live/", "/ws/", "//ws"}) {
            const auto reply = salon.http().get(path);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(path, 404, reply.status);
            reply.isProblem(404, "not_found");
            for (const auto* member : {"type", "title", "detail"}) {
                CPPUNIT_ASSERT(!reply.json().text(member).empty());
            }
        }
        // The same path, written otherwise.
        salon.http().get("/%68ealth/live?x=1").is(200);
        salon.http().raw("GET http://salon/health/live HTTP/1.1\r\nHost: x\r\n\r\n", 1)[0].is(200);
    }

    void anotherMethodIsToldWhichOnesAreAllowed() {
        auto reply = salon.http().get("/api/v1/auth/login");
        reply.isProblem(405, "method_not_allowed");
        CPPUNIT_ASSERT_EQUAL(std::string("POST"), reply.header("Allow"));
        reply = salon.http().call("BREW", "/api/v1/users/me");
        reply.isProblem(405, "method_not_allowed");
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, reply.header("Allow").find("GET, HEAD"));
        salon.http().call("get", "/health/live").is(405); // methods have case
    }

    void aBodyOfTheLimitIsTakenAndOneByteMoreIsNot() {
        // The default, 128 KiB, which needs many reads.
        const auto large = application("alice", 128 << 10);
        salon.http().post("/api/v1/auth/register", large).is(201);
        refuses(413, registration("Content-Length: 131073\r\n", ""), "too_large");

        startAgain({{"http.max_body", "1KiB"}});
        const auto whole = application("bob", 1024);
        salon.http().post("/api/v1/auth/register", whole).is(201);
        refuses(413, registration("Content-Length: 1025\r\n", whole), "too_large");
        refuses(413, registration("Content-Length: 99999999999999999999999\r\n", ""), "too_large");
        const auto chunks = "200\r\n" + whole.substr(0, 512) + "\r\n200\r\n" + whole.substr(512);
        const std::string chunked = "Transfer-Encoding: chunked\r\n";
        salon.http().raw(registration(chunked, chunks + "\r\n0\r\n\r\n"), 1)[0].is(409);
        refuses(413, registration(chunked, chunks + "\r\n1\r\n"), "too_large");
        refuses(413, registration(chunked, "ffffffffffffffff\r\n"), "too_large");
    }

    void aHeadOfTheLimitIsTakenAndOneByteMoreIsNot() {
        constexpr std::size_t most = 16384;
        const auto headOf = [](std::size_t size) {
            auto head = line("GET", "/health/live", "X: ");
            head.append(size - head.size() - 4, 'x');
            return head + blank;
        };
        salon.http().raw(headOf(most), 1)[0].is(200);
        refuses(431, headOf(most + 1), "too_large");
        refuses(414, "GET /" + std::string(most, 'x'), "too_large"); // before its end is seen
        std::string fields;
        for (int i = 0; i < 99; ++i) fields += "X: 1\r\n";
        salon.http().raw(line("GET", "/health/live", fields + "\r\n"), 1)[0].is(200);
        refuses(431, line("GET", "/health/live", fields + "X: 1\r\n\r\n"), "too_large");
    }

    void whatTwoReadersCouldReadDifferentlyIsRefusedAndTheConnectionClosed() {
        const std::string chunked = "Transfer-Encoding: chunked\r\n";
        const std::vector<std::string> bad{
            registration("Content-Length: 5\r\n" + chunked, "0\r\n\r\n"),
            registration(chunked + "Content-Length: 5\r\n", "0\r\n\r\n"),
            registration("Content-Length: 2\r\nContent-Length: 2\r\n", "{}"),
            registration("Content-Length: 2\r\nContent-Length: 3\r\n", "{}"),
            registration("Content-Length: 2, 2\r\n", "{}"),
            registration("Content-Length: +2\r\n", "{}"),
            registration("Content-Length: -2\r\n", "{}"),
            registration("Content-Length: 0x2\r\n", "{}"),
            registration("Content-Length:\r\n", "{}"),
            registration("Content-Length : 2\r\n", "{}"),
            registration(" Content-Length: 2\r\n", "{}"),
            registration("X: 1\r\n Content-Length: 2\r\n", "{}"), // a folded line
            registration("Content-Length\r\n", "{}"),
            registration("X: a\rb\r\n", ""),
            registration(std::string("X: a\0b\r\n", 8), ""),
            registration(chunked, "2\n{}\r\n0\r\n\r\n"),
            registration(chunked, "2\r\n{}x\r\n0\r\n\r\n"),
            registration(chunked, "x\r\n"),
            registration(chunked, "-2\r\n{}\r\n0\r\n\r\n"),
            registration(chunked, "0x2\r\n{}\r\n0\r\n\r\n"),
            registration(chunked, "10000000000000002\r\n{}\r\n0\r\n\r\n"),
            registration(chunked, "0\r\nno trailer\r\n\r\n"),
            "POST /api/v1/auth/register HTTP/1.0\r\n" + chunked + "\r\n0\r\n\r\n",
            "GET /health/live HTTP/1.1\nHost: salon\n\n",
            "GET /health/live HTTP/1.1\r\nHost: salon\n\r\n",
            "GET /health/live HTTP/1.1\r\n\r\n",
            "GET /health/live HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
            "GET /health/live HTTP/1.1\r\nHost: a b\r\n\r\n",
            "GET /health/live\r\n\r\n",
            "GET  /health/live HTTP/1.1\r\nHost: salon\r\n\r\n",
            "GET /health/live http/1.1\r\nHost: salon\r\n\r\n",
            "GET /health/live HTTP/1.1 \r\nHost: salon\r\n\r\n",
            "G(ET /health/live HTTP/1.1\r\nHost: salon\r\n\r\n",
            "GET health/live HTTP/1.1\r\nHost: salon\r\n\r\n",
            "GET /health%2flive HTTP/1.1\r\nHost: salon\r\n\r\n",
            "GET /health%00 HTTP/1.1\r\nHost: salon\r\n\r\n",
            "GET /health%ff HTTP/1.1\r\nHost: salon\r\n\r\n",
            "GET /health%4 HTTP/1.1\r\nHost: salon\r\n\r\n",
            "GET /health/live#x HTTP/1.1\r\nHost: salon\r\n\r\n",
        };
        for (const auto& bytes : bad) refuses(400, bytes, "bad_request");
        for (const auto* coding : {"gzip", "chunked, gzip", "chunked, chunked", "identity"}) {
            refuses(400, registration("Transfer-Encoding: " + std::string(coding) + "\r\n", ""),
                    "bad_request");
        }
        refuses(501, registration("Transfer-Encoding: gzip, chunked\r\n", ""), "bad_request");
        refuses(505, "GET /health/live HTTP/2.0\r\nHost: salon\r\n\r\n", "bad_request");
        refuses(505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "bad_request");
    }

    void anAnswerCannotBeSplit() {
        // What a client writes into a path or a header must not become a header of the answer.
        const auto reply = salon.http().raw(line("GET", "/x%0d%0aSet-Cookie:%20a=b", "\r\n"), 1)[0];
        reply.isProblem(404, "not_found");
        CPPUNIT_ASSERT(!reply.headers.has("Set-Cookie"));
    }

    void aClientOfHttp10IsServed() {
        RawConnection once(salon.port());
        once.send("GET /health/live HTTP/1.0\r\n\r\n");
        CPPUNIT_ASSERT_EQUAL(std::string("close"), once.reply().is(200).header("Connection"));
        CPPUNIT_ASSERT_EQUAL(std::string(), once.untilClosed());

        RawConnection kept(salon.port());
        for (int i = 0; i < 2; ++i) {
            kept.send("GET /health/live HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
            CPPUNIT_ASSERT_EQUAL(std::string("keep-alive"),
                                 kept.reply().is(200).header("Connection"));
        }
    }

    void aHalfClosedClientGetsItsAnswers() {
        const auto alice = salon.person("alice");
        const auto me =
            line("GET", "/api/v1/users/me", "Authorization: Bearer " + alice.token() + blank);
        const auto body = application("bob", 100);
        RawConnection connection(salon.port());
        connection.send(me + live + registration(lengthOf(body), body) + me);
        connection.finishSending();
        for (const int status : {200, 200, 201, 200}) connection.reply().is(status);
        CPPUNIT_ASSERT_EQUAL(std::string(), connection.untilClosed());

        RawConnection half(salon.port());
        half.send("GET /health/li");
        half.finishSending();
        CPPUNIT_ASSERT_EQUAL(std::string(), half.untilClosed());
    }

private:
    void startAgain(salon::wire::Daemon::Defines defines) {
        CPPUNIT_ASSERT_EQUAL(0, salon.stop());
        salon.start(std::move(defines));
    }

    /// One refusal, then the end: what follows is never taken for a request.
    void refuses(int status, const std::string& bytes, const std::string& code) const {
        RawConnection connection(salon.port());
        connection.send(bytes + live);
        const auto reply = connection.reply();
        CPPUNIT_ASSERT_EQUAL_MESSAGE(bytes.substr(0, 200), status, reply.status);
        reply.isProblem(status, code);
        CPPUNIT_ASSERT_EQUAL(std::string("close"), reply.header("Connection"));
        CPPUNIT_ASSERT_EQUAL(std::string(), connection.untilClosed());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(HttpTest);
