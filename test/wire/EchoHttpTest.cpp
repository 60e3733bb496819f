#include "EchoDialogue.h"
#include "RawConnection.h"

#include <string>
#include <utility>
#include <vector>

using namespace salon::wire;
using namespace std::string_literals;

namespace {

/// A request to /echo/http; `headers` are lines with their CR LF.
std::string request(const std::string& method, const std::string& headers = {},
                    const std::string& body = {}) {
    return method + " /echo/http HTTP/1.1\r\nHost: salon\r\n" + headers + "\r\n" + body;
}

std::string withLength(const std::string& method, const std::string& body) {
    return request(method, "Content-Length: " + std::to_string(body.size()) + "\r\n", body);
}

const std::string chunked = "Transfer-Encoding: chunked\r\n";
const std::string last = request("GET", "Connection: close\r\n");

} // namespace

/// HTTP/1.1 (RFC 9112), case by case, at a path that tells what it was asked.
class EchoHttpTest : public EchoDialogue {
    CPPUNIT_TEST_SUITE(EchoHttpTest);
    CPPUNIT_TEST(everyMethodArrivesWithItsBody);
    CPPUNIT_TEST(headIsAnsweredLikeGetWithoutABody);
    CPPUNIT_TEST(optionsNamesTheMethods);
    CPPUNIT_TEST(targetsAreReadInEveryForm);
    CPPUNIT_TEST(chunkedBodiesAreRead);
    CPPUNIT_TEST(pipelinedBodiesArriveWhereTheyBelong);
    CPPUNIT_TEST(bodiesArriveInAnyPieces);
    CPPUNIT_TEST(whatIsToleratedIsTolerated);
    CPPUNIT_TEST(aBodyIsAskedFor);
    CPPUNIT_TEST(badHeadsAreRefused);
    CPPUNIT_TEST(badBodiesAreRefused);
    CPPUNIT_TEST(aRefusalEndsTheConnection);
    CPPUNIT_TEST(connectionsStayOpenAsTheRfcSays);
    CPPUNIT_TEST_SUITE_END();

public:
    void everyMethodArrivesWithItsBody() {
        const std::string bytes("all \0 of \xff it\r\n", 14);
        for (const auto* method : {"GET", "POST", "PUT", "PATCH", "DELETE"}) {
            for (const auto& body : {""s, "salut"s, bytes, std::string(100'000, 'x')}) {
                const auto reply = one(withLength(method, body)).json();
                CPPUNIT_ASSERT_EQUAL(std::string(method), reply.text("method"));
                CPPUNIT_ASSERT_EQUAL(body.size(), characters(reply.text("body")));
            }
        }
        for (const auto* method : {"BREW", "get", "TRACE", "CONNECT", "M-SEARCH"}) {
            const auto reply = one(request(method));
            reply.isProblem(405, "method_not_allowed");
            CPPUNIT_ASSERT_EQUAL("DELETE, GET, HEAD, PATCH, POST, PUT"s, reply.header("Allow"));
        }
    }

    void headIsAnsweredLikeGetWithoutABody() {
        RawConnection connection(salon.port());
        connection.send(request("HEAD") + last);
        const auto head = connection.reply(true).is(200);
        CPPUNIT_ASSERT_EQUAL("application/json"s, head.header("Content-Type"));
        const auto size = R"({"method":"HEAD","path":"/echo/http","body":""})"s.size();
        CPPUNIT_ASSERT_EQUAL(std::to_string(size), head.header("Content-Length"));
        CPPUNIT_ASSERT_EQUAL("GET"s, connection.reply().is(200).json().text("method"));
    }

    void optionsNamesTheMethods() {
        const auto reply = one(request("OPTIONS")).is(204);
        CPPUNIT_ASSERT_EQUAL("DELETE, GET, HEAD, PATCH, POST, PUT"s, reply.header("Allow"));
        CPPUNIT_ASSERT(!reply.headers.has("Content-Length"));
        one("OPTIONS * HTTP/1.1\r\nHost: salon\r\n\r\n").is(404);
        one("GET * HTTP/1.1\r\nHost: salon\r\n\r\n").is(400);
    }

    void targetsAreReadInEveryForm() { // RFC 9112, 3.2
        for (const auto* target : {"/echo/http", "/echo/http?", "/echo/http?a=b&c=%7a",
                                   "/%65cho/%68ttp", "http://salon/echo/http",
                                   "HTTP://other:8080/echo/http?x", "https://[::1]:1/echo/http"}) {
            const auto reply = one("GET "s + target + " HTTP/1.1\r\nHost: salon\r\n\r\n").is(200);
            CPPUNIT_ASSERT_EQUAL("/echo/http"s, reply.json().text("path"));
        }
        for (const auto* target :
             {"echo/http", "/echo/http#fragment", "/echo%2fhttp", "/echo/%", "/echo/%4",
              "/echo/%zz", "/echo/http?a=%zz", "/echo/%00", "/echo/%ff", "http://",
              "http:///echo/http", "http://:80/echo/http", "http://user@salon/echo/http",
              "ftp://salon/echo/http", "//", "/echo/ht\ttp", "/echo/h\xc3\xa9"}) {
            const auto status = one("GET "s + target + " HTTP/1.1\r\nHost: salon\r\n\r\n").status;
            CPPUNIT_ASSERT_MESSAGE(target, status == 400 || status == 404);
        }
    }

    void chunkedBodiesAreRead() { // RFC 9112, 7.1
        const std::vector<std::pair<std::string, std::string>> bodies{
            {"0\r\n\r\n", ""},
            {"5\r\nsalut\r\n0\r\n\r\n", "salut"},
            {"1\r\ns\r\n1\r\na\r\n3\r\nlut\r\n0\r\n\r\n", "salut"},
            {"00005\r\nsalut\r\n000\r\n\r\n", "salut"},
            {"A\r\n0123456789\r\n0\r\n\r\n", "0123456789"},
            {"a\r\n0123456789\r\n0\r\n\r\n", "0123456789"},
            {"5;name\r\nsalut\r\n0;last\r\n\r\n", "salut"},
            {"5;name=value;other=\"quoted; \\\" text\"\r\nsalut\r\n0\r\n\r\n", "salut"},
            {"5 ; name = value\r\nsalut\r\n0\r\n\r\n", "salut"},
            {"4\r\n\r\n\r\n\r\n0\r\n\r\n", "\r\n\r\n"},
            {"5\r\nsalut\r\n0\r\nTrailer: x\r\nContent-Length: 99\r\n\r\n", "salut"},
            {"5\r\nsalut\r\n0\r\nHost: another\r\nTransfer-Encoding: gzip\r\n\r\n", "salut"}};
        for (const auto& [bytes, body] : bodies) {
            CPPUNIT_ASSERT_EQUAL(body, bodyOf(request("POST", chunked, bytes)));
        }
        CPPUNIT_ASSERT_EQUAL("x"s, bodyOf(request("PUT", "transfer-ENCODING:  Chunked \t\r\n",
                                                  "1\r\nx\r\n0\r\n\r\n")));
        CPPUNIT_ASSERT_EQUAL("x"s,
                             bodyOf(request("PUT", chunked + "Trailer: X-Sum\r\nTE: trailers\r\n",
                                            "1\r\nx\r\n0\r\nX-Sum: 1\r\n\r\n")));
    }

    void pipelinedBodiesArriveWhereTheyBelong() {
        std::string all;
        for (int i = 0; i < 50; ++i) {
            const auto body = "body " + std::to_string(i);
            all += withLength("POST", body);
            all += request("PUT", chunked, "3\r\nabc\r\n0\r\nX: y\r\n\r\n") + request("DELETE");
        }
        RawConnection connection(salon.port());
        connection.send(all + last);
        for (int i = 0; i < 50; ++i) {
            CPPUNIT_ASSERT_EQUAL("body " + std::to_string(i),
                                 connection.reply().is(200).json().text("body"));
            CPPUNIT_ASSERT_EQUAL("abc"s, connection.reply().is(200).json().text("body"));
            CPPUNIT_ASSERT_EQUAL("DELETE"s, connection.reply().is(200).json().text("method"));
        }
        connection.reply().is(200);
        CPPUNIT_ASSERT_EQUAL(""s, connection.untilClosed());
    }

    void bodiesArriveInAnyPieces() {
        const auto all = withLength("POST", "salut") +
                         request("PUT", chunked, "2;x=y\r\nsa\r\n3\r\nlut\r\n0\r\nT: x\r\n\r\n") +
                         request("GET");
        for (const std::size_t piece : {1, 2, 3, 5, 17}) {
            RawConnection connection(salon.port());
            for (std::size_t i = 0; i < all.size(); i += piece) {
                connection.send(std::string_view(all).substr(i, piece));
            }
            CPPUNIT_ASSERT_EQUAL("salut"s, connection.reply().is(200).json().text("body"));
            CPPUNIT_ASSERT_EQUAL("salut"s, connection.reply().is(200).json().text("body"));
            CPPUNIT_ASSERT_EQUAL(""s, connection.reply().is(200).json().text("body"));
        }
    }

    void whatIsToleratedIsTolerated() {
        for (const auto& bytes :
             {"\r\n\r\n" + request("GET"), // RFC 9112, 2.2
              request("GET", "X:\r\nX-Empty: \t \r\n"), request("GET", "X: a\tb \xc3\xa9 \xff\r\n"),
              request("GET", "!#$%&'*+-.^_`|~09azAZ: x\r\n"),
              request("GET", "Content-Length: 0\r\n"), request("GET", "Content-Length: 000\r\n"),
              request("GET", "Accept: a\r\nAccept: b\r\n"),
              "GET /echo/http HTTP/1.1\r\nhOST:salon:80\r\n\r\n"s,
              "GET /echo/http HTTP/1.1\r\nHost:\r\n\r\n"s,
              "GET /echo/http HTTP/1.7\r\nHost: salon\r\n\r\n"s,
              request("GET", "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\n")}) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(bytes, 200, one(bytes).status);
        }
    }

    void aBodyIsAskedFor() { // RFC 9110, 10.1.1
        RawConnection connection(salon.port());
        for (const auto& [headers, body] : {std::pair{"Content-Length: 5\r\n"s, "salut"s},
                                            {chunked, "5\r\nsalut\r\n0\r\n\r\n"s}}) {
            connection.send(request("POST", "Expect: 100-continue\r\n" + headers));
            CPPUNIT_ASSERT_EQUAL(100, connection.reply().status);
            connection.send(body);
            CPPUNIT_ASSERT_EQUAL("salut"s, connection.reply().is(200).json().text("body"));
        }
        // Nothing to wait for.
        connection.send(request("POST", "Expect: 100-continue\r\nContent-Length: 0\r\n"));
        connection.reply().is(200);
        connection.send(request("GET", "Expect: 100-continue\r\n"));
        connection.reply().is(200);
        connection.send("POST /echo/http HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n"
                        "Connection: keep-alive\r\n\r\nx");
        CPPUNIT_ASSERT_EQUAL("x"s, connection.reply().is(200).json().text("body"));
        connection.send(request("GET", "Expect: 200-ok\r\n"));
        connection.reply().is(417);
    }

    void badHeadsAreRefused() {
        for (const auto& [status, bytes] : std::vector<std::pair<int, std::string>>{
                 {400, "GET /echo/http HTTP/1.1\nHost: salon\n\n"},
                 {400, "GET /echo/http HTTP/1.1\r\nHost: salon\n\r\n"},
                 {400, "GET /echo/http\r\n\r\n"},
                 {400, "GET  /echo/http HTTP/1.1\r\nHost: salon\r\n\r\n"},
                 {400, "GET /echo/http  HTTP/1.1\r\nHost: salon\r\n\r\n"},
                 {400, "GET\t/echo/http\tHTTP/1.1\r\nHost: salon\r\n\r\n"},
                 {400, " GET /echo/http HTTP/1.1\r\nHost: salon\r\n\r\n"},
                 {400, "G(T /echo/http HTTP/1.1\r\nHost: salon\r\n\r\n"},
                 {400, "GET /echo/http http/1.1\r\nHost: salon\r\n\r\n"},
                 {400, "GET /echo/http HTTP/1.10\r\nHost: salon\r\n\r\n"},
                 {400, "GET /echo/http HTTP/1\r\nHost: salon\r\n\r\n"},
                 {505, "GET /echo/http HTTP/2.0\r\nHost: salon\r\n\r\n"},
                 {505, "GET /echo/http HTTP/0.9\r\nHost: salon\r\n\r\n"},
                 {400, "GET /echo/http HTTP/1.1\r\n\r\n"}, // no Host
                 {400, "GET /echo/http HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"},
                 {400, "GET /echo/http HTTP/1.1\r\nHost: a b\r\n\r\n"},
                 {400, "GET /echo/http HTTP/1.1\r\nHost: a/b\r\n\r\n"},
                 {400, "GET /echo/http HTTP/1.1\r\nHost: a:x\r\n\r\n"},
                 {400, "GET /echo/http HTTP/1.1\r\nHost: user@a\r\n\r\n"},
                 {400, request("GET", "Folded: a\r\n b\r\n")}, // obs-fold, RFC 9112, 5.2
                 {400, request("GET", "Folded: a\r\n\tb\r\n")},
                 {400, request("GET", " Led: by space\r\n")},
                 {400, request("GET", "Space : x\r\n")},
                 {400, request("GET", "no colon\r\n")},
                 {400, request("GET", ": no name\r\n")},
                 {400, request("GET", "Na\xc3\xafve: x\r\n")},
                 {400, request("GET", "X: a\rb\r\n")},
                 {400, request("GET", "X: a"s + '\0' + "b\r\n")},
                 {400, request("GET", "X: \x1b[0m\r\n")},
                 {400, request("GET", "X: \x7f\r\n")}}) {
            refuses(status, bytes);
        }
    }

    void badBodiesAreRefused() { // RFC 9112, 6.3 and 7.1: where two readers could disagree
        for (const auto& [status, headers, body] :
             std::vector<std::tuple<int, std::string, std::string>>{
                 {400, "Content-Length: 1\r\n" + chunked, "0\r\n\r\n"},
                 {400, chunked + "Content-Length: 0\r\n", "0\r\n\r\n"},
                 {400, "Content-Length: 1\r\nContent-Length: 1\r\n", "x"},
                 {400, "Content-Length: 1\r\nContent-Length: 2\r\n", "xy"},
                 {400, "Content-Length: 1, 1\r\n", "x"},
                 {400, "Content-Length: +1\r\n", "x"},
                 {400, "Content-Length: -1\r\n", "x"},
                 {400, "Content-Length: 1 1\r\n", "x"},
                 {400, "Content-Length: 0x1\r\n", "x"},
                 {400, "Content-Length: 1.0\r\n", "x"},
                 {400, "Content-Length: \r\n", ""},
                 {413, "Content-Length: 18446744073709551617\r\n", "x"},
                 {501, "Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"},
                 {400, "Transfer-Encoding: chunked, chunked\r\n", "0\r\n\r\n"},
                 {400, "Transfer-Encoding: chunked\r\n" + chunked, "0\r\n\r\n"},
                 {400, "Transfer-Encoding: identity\r\n", ""},
                 {400,
                  "Transfer-Encoding: \x0b"
                  "chunked\r\n",
                  ""},
                 {400, "Transfer-Encoding:\r\n", ""},
                 {400, chunked, "\r\n0\r\n\r\n"},
                 {400, chunked, "x\r\n"},
                 {400, chunked, "-1\r\n"},
                 {400, chunked, "+1\r\nx\r\n"},
                 {400, chunked, "0x1\r\nx\r\n"},
                 {400, chunked, " 1\r\nx\r\n"},
                 {400, chunked, "1 x\r\nx\r\n"},
                 {400, chunked, "1,\r\nx\r\n"},
                 {400, chunked, "1\nx\r\n"},
                 {400, chunked, "1\rx\r\n"},
                 {400, chunked, "1\r\nxy\r\n"},
                 {400, chunked, "1\r\nx\n"},
                 {400, chunked, "00000000000000001\r\nx\r\n"},
                 {413, chunked, "ffffffffffffffff\r\n"},
                 {400, chunked, "1;a\nb\r\nx\r\n"},
                 {400, chunked, "0\r\nno colon\r\n\r\n"},
                 {400, chunked, "0\r\n folded: x\r\n\r\n"},
                 {400, chunked, "0\r\nX : y\r\n\r\n"},
                 {400, chunked, "0\r\nX: y\n\r\n"}}) {
            // A control character in a field is seen before its meaning.
            const bool control = headers.find('\x0b') != std::string::npos;
            refuses(control ? 400 : status, request("POST", headers, body));
        }
        refuses(400, "POST /echo/http HTTP/1.0\r\n" + chunked + "\r\n0\r\n\r\n");
    }

    void aRefusalEndsTheConnection() {
        const auto all = salon.http().raw(request("GET", "X : y\r\n") + last);
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, all.find("HTTP/1.1 400"));
        CPPUNIT_ASSERT_EQUAL(std::string::npos, all.find("HTTP/1.1 200"));
    }

    void connectionsStayOpenAsTheRfcSays() { // RFC 9112, 9.3
        const auto stays = [&](const std::string& bytes) {
            RawConnection connection(salon.port());
            connection.send(bytes + last);
            connection.reply().is(200);
            return !connection.untilClosed().empty();
        };
        CPPUNIT_ASSERT(stays(request("GET")));
        CPPUNIT_ASSERT(stays(request("GET", "Connection: keep-alive\r\n")));
        CPPUNIT_ASSERT(stays(request("GET", "Connection: foo\r\n")));
        CPPUNIT_ASSERT(!stays(request("GET", "Connection: close\r\n")));
        CPPUNIT_ASSERT(!stays(request("GET", "Connection: foo, CLOSE\r\n")));
        CPPUNIT_ASSERT(!stays(request("GET", "Connection: keep-alive\r\nConnection: close\r\n")));
        CPPUNIT_ASSERT(!stays("GET /echo/http HTTP/1.0\r\n\r\n"));
        CPPUNIT_ASSERT(stays("GET /echo/http HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
    }

private:
    static std::size_t characters(const std::string& text) {
        std::size_t count = 0;
        for (const char c : text) count += (c & 0xc0) != 0x80;
        return count;
    }

    Reply one(const std::string& bytes) const { return salon.http().raw(bytes, 1)[0]; }

    std::string bodyOf(const std::string& bytes) const {
        const auto replies = salon.http().raw(bytes + last, 2);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(bytes, 200, replies[0].status);
        CPPUNIT_ASSERT_EQUAL("GET"s, replies[1].is(200).json().text("method"));
        return replies[0].json().text("body");
    }

    /// Once, and nothing that follows is taken for a request.
    void refuses(int status, const std::string& bytes) const {
        const auto all = salon.http().raw(bytes + last);
        const auto line = "HTTP/1.1 " + std::to_string(status);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(bytes, line, all.substr(0, line.size()));
        CPPUNIT_ASSERT_MESSAGE(bytes, all.find("Connection: close\r\n") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(bytes, std::string::npos, all.find("HTTP/1.1 200", 1));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(EchoHttpTest);
