#include "http/HttpReader.h"

#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

using salon::Code;
using salon::net::BodyBudget;
using salon::net::HttpLimits;
using salon::net::HttpReader;
using salon::net::percentDecode;
using salon::net::queryParameter;
using namespace std::string_literals;

namespace {

using State = HttpReader::State;

const std::string host = "Host: a\r\n";

std::string get(const std::string& target) {
    return "GET " + target + " HTTP/1.1\r\n" + host + "\r\n";
}

/// A request with these further lines of head.
std::string with(const std::string& lines, const std::string& body = "") {
    return "POST /p HTTP/1.1\r\n" + host + lines + "\r\n" + body;
}

std::string chunked(const std::string& body) {
    return with("Transfer-Encoding: chunked\r\n", body);
}

/// Feeds bytes in pieces, each in memory of its own; returns what was not taken.
std::string feed(HttpReader& reader, std::string_view bytes, std::size_t piece) {
    std::string left;
    while (!bytes.empty()) {
        left.append(bytes.substr(0, piece));
        bytes.remove_prefix(std::min(piece, bytes.size()));
        const std::vector<char> memory(left.begin(), left.end());
        std::string_view input(memory.data(), memory.size());
        const auto state = reader.feed(input);
        CPPUNIT_ASSERT(state == reader.state());
        if (state == State::head || state == State::body) CPPUNIT_ASSERT(input.empty());
        left = input;
    }
    return left;
}

/// What came of a request, in one line.
std::string outcome(const HttpReader& reader) {
    switch (reader.state()) {
    case State::head:
        return "head";
    case State::body:
        return "body";
    case State::bad: {
        const bool large = reader.status() == 413 || reader.status() == 431;
        const auto code = reader.status() == 503 ? Code::unavailable
                          : large                ? Code::tooLarge
                                                 : Code::badRequest;
        CPPUNIT_ASSERT(reader.error().code == code);
        CPPUNIT_ASSERT(!reader.error().message.empty());
        CPPUNIT_ASSERT(!reader.keepAlive() && !reader.expectsContinue());
        return std::to_string(reader.status());
    }
    case State::complete:
        break;
    }
    std::string line(reader.method());
    line.append(" ").append(reader.path());
    if (!reader.query().empty()) line.append("?").append(reader.query());
    if (!reader.body().empty()) line.append(" ").append(reader.body());
    return line;
}

struct Row {
    const char* name;
    std::string bytes;
    std::string outcome;
    std::string left = {}; // bytes that are not this request's
};

void check(const std::vector<Row>& rows, const HttpLimits& limits = {}) {
    for (const auto& row : rows) {
        for (const std::size_t piece : {row.bytes.size(), 1ul, 2ul, 3ul, 5ul, 17ul}) {
            HttpReader reader(limits);
            const auto left = feed(reader, row.bytes, piece);
            const auto message = std::string(row.name) + ", in pieces of " + std::to_string(piece);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(message, row.outcome, outcome(reader));
            if (reader.state() != State::bad) CPPUNIT_ASSERT_EQUAL_MESSAGE(message, row.left, left);
        }
    }
}

/// A reader that has been fed.
struct Fed {
    explicit Fed(std::string_view bytes) : reader(limits) { reader.feed(bytes); }
    HttpLimits limits;
    HttpReader reader;
};

} // namespace

class HttpReaderTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(HttpReaderTest);
    CPPUNIT_TEST(requestLinesAreRead);
    CPPUNIT_TEST(requestLinesAreStrict);
    CPPUNIT_TEST(pathsAreDecoded);
    CPPUNIT_TEST(targetsAreStrict);
    CPPUNIT_TEST(linesEndWithCrLf);
    CPPUNIT_TEST(fieldsAreStrict);
    CPPUNIT_TEST(thereIsOneHost);
    CPPUNIT_TEST(lengthsAreStrict);
    CPPUNIT_TEST(chunkedBodiesAreRead);
    CPPUNIT_TEST(chunkedBodiesAreStrict);
    CPPUNIT_TEST(limitsOfTheHeadHold);
    CPPUNIT_TEST(limitsOfTheBodyHold);
    CPPUNIT_TEST(theNextRequestIsLeft);
    CPPUNIT_TEST(aHeadCanBeReadWithoutItsBody);
    CPPUNIT_TEST(bodiesShareABudgetBeyondAFreePart);
    CPPUNIT_TEST(fieldsAreFoundWithoutCase);
    CPPUNIT_TEST(repeatedFieldsAreJoined);
    CPPUNIT_TEST(theAuthorityOfTheTargetIsTheHost);
    CPPUNIT_TEST(tokensAreFoundInLists);
    CPPUNIT_TEST(connectionsStayOpenAsTheRfcSays);
    CPPUNIT_TEST(expectationsAreMetOrRefused);
    CPPUNIT_TEST(theBodyGrowsWithWhatArrives);
    CPPUNIT_TEST(percentsAreDecoded);
    CPPUNIT_TEST(queryParametersAreFound);
    CPPUNIT_TEST_SUITE_END();

public:
    void requestLinesAreRead() {
        check({
            {"9112, 3.2.1: origin form", get("/where?q=now"), "GET /where?q=now"},
            {"9112, 3.2.2: absolute form", get("http://www.example.org/pub/a.html"),
             "GET /pub/a.html"},
            {"9112, 3.2.2: with a port and query", get("HTTPS://[::1]:8443/x?y"), "GET /x?y"},
            {"9112, 3.2.2: without a path", get("http://a"), "GET /"},
            {"9112, 3.2.2: a query and no path", get("http://a?b/c"), "GET /?b/c"},
            {"9112, 3.2.4: asterisk form", "OPTIONS * HTTP/1.1\r\n" + host + "\r\n", "OPTIONS *"},
            {"9112, 2.2: empty lines before", "\r\n\r\n" + get("/"), "GET /"},
            {"9112, 2.3: HTTP/1.0 without Host", "GET / HTTP/1.0\r\n\r\n", "GET /"},
            {"9110, 6.2: a later minor version", "GET / HTTP/1.2\r\n" + host + "\r\n", "GET /"},
            {"9110, 9.1: a method of another trade", "m-search! / HTTP/1.1\r\n" + host + "\r\n",
             "m-search! /"},
            {"an empty query", get("/a?"), "GET /a"},
            {"a question mark in the query", get("/a?b?c"), "GET /a?b?c"},
            {"a head that is not whole", "GET / HTTP/1.1\r\nHost: a\r\n", "head"},
            {"only empty lines", "\r\n\r\n", "head"},
        });
    }

    void requestLinesAreStrict() {
        const auto line = [](const std::string& text) { return text + "\r\n" + host + "\r\n"; };
        check({
            {"two spaces", line("GET  / HTTP/1.1"), "400"},
            {"two spaces before the version", line("GET /  HTTP/1.1"), "400"},
            {"a space at the end", line("GET / HTTP/1.1 "), "400"},
            {"a space at the start", line(" GET / HTTP/1.1"), "400"},
            {"a tab", line("GET\t/ HTTP/1.1"), "400"},
            {"a space in the target", line("GET /a b HTTP/1.1"), "400"},
            {"no target", line("GET HTTP/1.1"), "400"},
            {"an empty target", line("GET  HTTP/1.1"), "400"},
            {"no version", line("GET /"), "400"},
            {"one word", line("GET"), "400"},
            {"a method that is no token", line("G(T / HTTP/1.1"), "400"},
            {"a small version", line("GET / http/1.1"), "400"},
            {"another protocol", line("GET / HTTQ/1.1"), "400"},
            {"a version of letters", line("GET / HTTP/1.x"), "400"},
            {"a long version", line("GET / HTTP/1.10"), "400"},
            {"a short version", line("GET / HTTP/1"), "400"},
            {"a version with a comma", line("GET / HTTP/1,1"), "400"},
            {"HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "505"},
            {"HTTP/0.9", line("GET / HTTP/0.9"), "505"},
            {"a NUL", line("GET /\0 HTTP/1.1"s), "400"},
            {"a bare CR", line("GET /\r HTTP/1.1"), "400"},
        });
    }

    void pathsAreDecoded() {
        check({
            {"UTF-8", get("/caf%C3%a9"), "GET /caf\xc3\xa9"},
            {"a plus stays", get("/a+b"), "GET /a+b"},
            {"a decoded percent is not decoded again", get("/%2541"), "GET /%41"},
            {"a percent before 2F", get("/%252F"), "GET /%2F"},
            {"dots stay", get("/a/../%2e%2E/./b"), "GET /a/../.././b"},
            {"the query stays", get("/a%20b?c%20d%C3%A9"), "GET /a b?c%20d%C3%A9"},
            {"a slash in the query", get("/a?b%2Fc"), "GET /a?b%2Fc"},
        });
    }

    void targetsAreStrict() {
        check({
            {"a broken escape", get("/%4"), "400"},
            {"an escape that is no number", get("/%4g"), "400"},
            {"a lonely percent", get("/%"), "400"},
            {"%00", get("/a%00b"), "400"},
            {"a lonely percent in the query", get("/a?b=1&c=%"), "400"},
            {"%00 in the query", get("/a?b=%00"), "400"},
            {"a query that is not UTF-8", get("/a?b=%E9"), "400"},
            {"not UTF-8", get("/%ff"), "400"},
            {"an overlong slash", get("/%c0%af"), "400"},
            {"a slash inside a segment", get("/a%2Fb"), "400"},
            {"a small slash inside a segment", get("/a%2fb"), "400"},
            {"a fragment", get("/a#b"), "400"},
            {"a fragment after a query", get("/a?b#c"), "400"},
            {"bytes over 0x7f", get("/caf\xc3\xa9"), "400"},
            {"a control character", get("/\x7f"), "400"},
            {"authority form", "CONNECT a:80 HTTP/1.1\r\n" + host + "\r\n", "400"},
            {"asterisk form of a GET", get("*"), "400"},
            {"asterisk and more", "OPTIONS *x HTTP/1.1\r\n" + host + "\r\n", "400"},
            {"a relative path", get("a/b"), "400"},
            {"another scheme", get("ftp://a/b"), "400"},
            {"one slash", get("http:/a"), "400"},
            {"no host", get("http:///b"), "400"},
            {"only a port", get("http://:80/"), "400"},
            {"user information", get("http://u@a/"), "400"},
            {"a port of letters", get("http://a:b/"), "400"},
        });
    }

    void linesEndWithCrLf() {
        check({
            {"a bare LF after the request line", "GET / HTTP/1.1\n", "400"},
            {"a bare LF after a field", "GET / HTTP/1.1\r\nHost: a\n", "400"},
            {"a bare LF at the end", "GET / HTTP/1.1\r\nHost: a\r\n\n", "400"},
            {"a bare LF before", "\nGET / HTTP/1.1\r\n", "400"},
            {"a bare CR in a field", with("A: b\rc\r\n"), "400"},
            {"a bare CR before a field", with("\rA: b\r\n"), "400"},
            {"two CR", with("A: b\r\r\n"), "400"},
            {"a bare CR that seems to end the head", with("A: b\r\rX: y\r\n"), "400"},
            {"a CR alone on a line", "GET / HTTP/1.1\r\nHost: a\r\n\r\r\n\r\n", "400"},
        });
    }

    void fieldsAreStrict() {
        check({
            {"a field", with("A:b\r\n"), "POST /p"},
            {"an empty value", with("A:\r\n"), "POST /p"},
            {"space and tabs around", with("A: \t b\tc \t\r\n"), "POST /p"},
            {"bytes over 0x7f", with("A: caf\xe9\r\n"), "POST /p"},
            {"an encoded word is text", with("A: =?utf-8?Q?a=0D=0A?=\r\n"), "POST /p"},
            {"space before the colon", with("A : b\r\n"), "400"},
            {"tab before the colon", with("A\t: b\r\n"), "400"},
            {"a folded line", with("A: b\r\n c\r\n"), "400"},
            {"a line folded with a tab", with("A: b\r\n\tc\r\n"), "400"},
            {"white space before the first field", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", "400"},
            {"no colon", with("A b\r\n"), "400"},
            {"no name", with(": b\r\n"), "400"},
            {"a name that is no token", with("A(b): c\r\n"), "400"},
            {"a name with bytes over 0x7f", with("caf\xe9: c\r\n"), "400"},
            {"a NUL in a value", with("A: b\0c\r\n"s), "400"},
            {"a NUL in a name", with("A\0: b\r\n"s), "400"},
            {"a control character", with("A: b\x01\r\n"), "400"},
            {"a delete", with("A: \x7f\r\n"), "400"},
        });
    }

    void thereIsOneHost() {
        const auto hosts = [](const std::string& lines) {
            return "GET / HTTP/1.1\r\n" + lines + "\r\n";
        };
        std::vector<Row> rows{
            {"none", hosts(""), "400"},
            {"two", hosts("Host: a\r\nHost: a\r\n"), "400"},
            {"two in other case", hosts("Host: a\r\nhOST: b\r\n"), "400"},
            {"two of HTTP/1.0", "GET / HTTP/1.0\r\n" + host + host + "\r\n", "400"},
            {"two with an absolute target", "GET http://a/ HTTP/1.1\r\n" + host + host + "\r\n",
             "400"},
            {"none with an absolute target", "GET http://a/ HTTP/1.1\r\n\r\n", "400"},
        };
        for (const auto* good : {"a", "", "chat.example.org:8080", "127.0.0.1", "[::1]", "[::1]:80",
                                 "a_b", "a:", "xn--caf-dma.example"}) {
            rows.push_back({good, hosts("Host: "s + good + "\r\n"), "GET /"});
        }
        for (const auto* bad :
             {"a b", "a/b", "a@b", "a, b", "a:b", "a:80:80", "[::1", "[]", "[::g]", "[::1]x", "a?b",
              "a#b", "\"a\"", "caf\xc3\xa9", "a\\b", "<a>"}) {
            rows.push_back({bad, hosts("Host: "s + bad + "\r\n"), "400"});
        }
        check(rows);
    }

    void lengthsAreStrict() {
        const auto sized = [](const std::string& lines) { return with(lines, "hello"); };
        check({
            {"a length", sized("Content-Length: 5\r\n"), "POST /p hello"},
            {"zeros before", sized("Content-Length: 005\r\n"), "POST /p hello"},
            {"none", with(""), "POST /p"},
            {"zero", with("Content-Length: 0\r\n"), "POST /p"},
            {"a body that is not whole", with("Content-Length: 6\r\n", "hello"), "body"},
            {"twice the same", sized("Content-Length: 5\r\nContent-Length: 5\r\n"), "400"},
            {"twice in other case", sized("Content-Length: 5\r\ncontent-length: 6\r\n"), "400"},
            {"a list", sized("Content-Length: 5, 5\r\n"), "400"},
            {"a sign", sized("Content-Length: +5\r\n"), "400"},
            {"below zero", sized("Content-Length: -5\r\n"), "400"},
            {"hexadecimal", sized("Content-Length: 0x5\r\n"), "400"},
            {"a fraction", sized("Content-Length: 5.0\r\n"), "400"},
            {"empty", sized("Content-Length:\r\n"), "400"},
            {"a space inside", sized("Content-Length: 5 5\r\n"), "400"},
            {"with chunked", sized("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), "400"},
            {"after chunked", sized("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"), "400"},
            {"with another coding", sized("Content-Length: 5\r\nTransfer-Encoding: x\r\n"), "400"},
            {"another coding", sized("Transfer-Encoding: gzip\r\n"), "501"},
            {"two codings", sized("Transfer-Encoding: gzip, chunked\r\n"), "501"},
            {"chunked twice", sized("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"),
             "501"},
            {"chunked with a parameter", sized("Transfer-Encoding: chunked;q=1\r\n"), "501"},
            {"quoted", sized("Transfer-Encoding: \"chunked\"\r\n"), "501"},
            {"identity", sized("Transfer-Encoding: identity\r\n"), "501"},
            {"an empty coding", sized("Transfer-Encoding:\r\n"), "501"},
            {"a vertical tab", sized("Transfer-Encoding: \vchunked\r\n"), "400"},
            {"chunked in HTTP/1.0",
             "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400"},
        });
    }

    void chunkedBodiesAreRead() {
        check({
            {"9112, 7.1", chunked("5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"), "POST /p hello world"},
            {"other case", with("transfer-encoding: Chunked\r\n", "0\r\n\r\n"), "POST /p"},
            {"hexadecimal", chunked("A\r\n0123456789\r\n00b\r\n0123456789a\r\n000\r\n\r\n"),
             "POST /p 01234567890123456789a"},
            {"7.1.1: extensions", chunked("5;a;b=c ; d=\"e\"\r\nhello\r\n0 ;x\r\n\r\n"),
             "POST /p hello"},
            {"7.1.2: trailers", chunked("0\r\nContent-Length: 7\r\nB:\r\n\r\n"), "POST /p"},
            {"CR LF in the data", chunked("4\r\n\r\n\r\n\r\n0\r\n\r\n"), "POST /p \r\n\r\n"},
            {"not whole", chunked("5\r\nhello\r\n0\r\n"), "body"},
            {"the next one is left", chunked("1\r\nx\r\n0\r\n\r\nGET /"), "POST /p x", "GET /"},
        });
    }

    void chunkedBodiesAreStrict() {
        check({
            {"no size", chunked("\r\nhello\r\n0\r\n\r\n"), "400"},
            {"no number", chunked("x\r\n"), "400"},
            {"a prefix", chunked("0x5\r\nhello\r\n0\r\n\r\n"), "400"},
            {"a sign", chunked("+5\r\nhello\r\n0\r\n\r\n"), "400"},
            {"below zero", chunked("-1\r\n"), "400"},
            {"a space before", chunked(" 5\r\nhello\r\n0\r\n\r\n"), "400"},
            {"a space behind", chunked("5 \r\nhello\r\n0\r\n\r\n"), "400"},
            {"17 digits", chunked("00000000000000005\r\nhello\r\n"), "400"},
            {"a size that would wrap round", chunked("10000000000000005\r\nhello\r\n"), "400"},
            {"the greatest size", chunked("ffffffffffffffff\r\nhello\r\n"), "413"},
            {"a bare LF after a size", chunked("5\nhello\r\n0\r\n\r\n"), "400"},
            {"a bare LF in an extension", chunked("5;\nhello\r\n0\r\n\r\n"), "400"},
            {"a bare CR in an extension", chunked("5;\rx\r\nhello\r\n0\r\n\r\n"), "400"},
            {"a bare CR after a size", chunked("5\rhello\r\n0\r\n\r\n"), "400"},
            {"a bare LF after data", chunked("5\r\nhello\n0\r\n\r\n"), "400"},
            {"a bare CR after data", chunked("5\r\nhello\r0\r\n\r\n"), "400"},
            {"data longer than its size", chunked("5\r\nhello!\r\n0\r\n\r\n"), "400"},
            {"a bare LF at the end", chunked("0\r\n\n"), "400"},
            {"a trailer without a colon", chunked("0\r\nGET / HTTP/1.1\r\n\r\n"), "400"},
            {"a folded trailer", chunked("0\r\nA: b\r\n c\r\n\r\n"), "400"},
            {"a NUL in a trailer", chunked("0\r\nA: \0\r\n\r\n"s), "400"},
        });
    }

    void limitsOfTheHeadHold() {
        HttpLimits limits;
        limits.maxHead = 64;
        limits.maxFields = 3;
        const std::string line = "GET / HTTP/1.0\r\n"; // 16 bytes
        std::string emptyLines;
        while (emptyLines.size() < limits.maxHead) emptyLines += "\r\n";
        const auto field = [](std::size_t size) {
            return "A: " + std::string(size - 5, 'x') + "\r\n";
        };
        check(
            {
                {"as long as is allowed", line + field(46) + "\r\n", "GET /"},
                {"one byte more", line + field(47) + "\r\n", "431"},
                {"without an end", line + std::string(48, 'x'), "431"},
                {"one byte less without an end", line + std::string(47, 'x'), "head"},
                {"a long request line", "GET /" + std::string(80, 'x') + " HTTP/1.0\r\n\r\n",
                 "431"},
                {"empty lines count", "\r\n" + line + field(46) + "\r\n", "431"},
                {"empty lines without an end", emptyLines, "431"},
                {"fewer empty lines", emptyLines.substr(2), "head"},
                {"as many fields as are allowed", line + "A:\r\nB:\r\nC:\r\n\r\n", "GET /"},
                {"one field more", line + "A:\r\nB:\r\nC:\r\nD:\r\n\r\n", "431"},
            },
            limits);
    }

    void limitsOfTheBodyHold() {
        HttpLimits limits;
        limits.maxHead = 80;
        limits.maxFields = 3;
        limits.maxBody = 8;
        const auto post = [](const std::string& field) {
            return "POST / HTTP/1.1\r\n" + host + field + "\r\n\r\n";
        };
        const auto chunks = post("Transfer-Encoding: chunked");
        const std::string extension(40, 'x');
        check(
            {
                {"as long as is allowed", post("Content-Length: 8") + "12345678",
                 "POST / 12345678"},
                {"one byte more", post("Content-Length: 9"), "413"},
                {"a length that would wrap round", post("Content-Length: 18446744073709551617"),
                 "413"},
                {"as much in chunks", chunks + "4\r\n1234\r\n4\r\n5678\r\n0\r\n\r\n",
                 "POST / 12345678"},
                {"one byte more in chunks", chunks + "4\r\n1234\r\n5\r\n", "413"},
                {"an extension", chunks + "1;" + extension + "\r\nx\r\n0\r\n\r\n", "POST / x"},
                {"a long extension", chunks + "1;" + extension + extension, "431"},
                {"long extensions together",
                 chunks + "1;" + extension + "\r\nx\r\n1;" + extension + "\r\n", "431"},
                {"trailers", chunks + "0\r\nA:\r\nB:\r\nC:\r\n\r\n", "POST /"},
                {"too many trailers", chunks + "0\r\nA:\r\nB:\r\nC:\r\nD:\r\n\r\n", "431"},
                {"long trailers together",
                 chunks + "0\r\nA: " + extension + "\r\nB: " + extension + "\r\n", "431"},
            },
            limits);
    }

    void theNextRequestIsLeft() {
        check({
            {"after a head", get("/a") + get("/b"), "GET /a", get("/b")},
            {"after a body", with("Content-Length: 2\r\n", "xy" + get("/b")), "POST /p xy",
             get("/b")},
        });
        Fed bad("GET\r\n\r\nmore");
        std::string_view more = "more";
        CPPUNIT_ASSERT(bad.reader.feed(more) == State::bad);
        CPPUNIT_ASSERT_EQUAL("more"s, std::string(more));
    }

    void aHeadCanBeReadWithoutItsBody() {
        const HttpLimits limits;
        for (const auto& [bytes, left] : {std::pair{with("Content-Length: 2\r\n", "xy"), "xy"s},
                                          {chunked("0\r\n\r\n"), "0\r\n\r\n"s}}) {
            HttpReader reader(limits);
            std::string_view input = bytes;
            CPPUNIT_ASSERT(reader.feedHead(input) == State::body);
            CPPUNIT_ASSERT(reader.hasHead());
            CPPUNIT_ASSERT_EQUAL(left, std::string(input));
            CPPUNIT_ASSERT_EQUAL("/p"s, std::string(reader.path()));
            CPPUNIT_ASSERT(reader.feedHead(input) == State::body); // takes no more
            CPPUNIT_ASSERT_EQUAL(left, std::string(input));
            CPPUNIT_ASSERT(reader.feed(input) == State::complete);
        }
        HttpReader bodiless(limits);
        const auto bytes = get("/a");
        std::string_view input = bytes;
        CPPUNIT_ASSERT(!bodiless.hasHead());
        CPPUNIT_ASSERT(bodiless.feedHead(input) == State::complete);
    }

    void bodiesShareABudgetBeyondAFreePart() {
        constexpr auto free = BodyBudget::freeOfEach;
        HttpLimits limits;
        limits.bodies = std::make_shared<BodyBudget>(10);
        const auto request = [](std::size_t size) {
            return with("Content-Length: " + std::to_string(size) + "\r\n", std::string(size, 'x'));
        };
        const auto chunks = [](std::size_t size) {
            std::string body;
            for (std::size_t i = 0; i < size; ++i) body += "1\r\nx\r\n";
            return chunked(body + "0\r\n\r\n");
        };
        for (const auto& make : {+request, +chunks}) {
            const auto state = [&](HttpReader& reader, std::size_t size, std::size_t piece) {
                feed(reader, make(size), piece);
                return outcome(reader).substr(0, 4);
            };
            for (const std::size_t piece : {std::size_t{1} << 20, std::size_t{7000}}) {
                auto first = std::make_unique<HttpReader>(limits);
                CPPUNIT_ASSERT_EQUAL("POST"s, state(*first, free + 6, piece));
                CPPUNIT_ASSERT_EQUAL(std::size_t{6}, limits.bodies->held());
                HttpReader second(limits);
                CPPUNIT_ASSERT_EQUAL("503"s, state(second, free + 5, piece));
                CPPUNIT_ASSERT(second.error().retryAfter == 1 && second.hasHead());
                HttpReader small(limits); // always taken
                CPPUNIT_ASSERT_EQUAL("POST"s, state(small, free, piece));
                first.reset();
                HttpReader third(limits);
                CPPUNIT_ASSERT_EQUAL("POST"s, state(third, free + 6, piece));
            }
            CPPUNIT_ASSERT_EQUAL(std::size_t{0}, limits.bodies->held());
        }
    }

    void fieldsAreFoundWithoutCase() {
        const Fed fed(with("X-One: \t 1 2\t\r\nEmpty:\r\n"));
        CPPUNIT_ASSERT(fed.reader.header("x-oNE") == "1 2");
        CPPUNIT_ASSERT(fed.reader.header("empty") == "");
        CPPUNIT_ASSERT(!fed.reader.header("absent"));
        CPPUNIT_ASSERT_EQUAL("/p"s, std::string(fed.reader.target()));
    }

    void repeatedFieldsAreJoined() {
        const Fed fed(
            with("A: 1\r\nB: 2\r\na: 3\r\nCookie: x=1\r\nA:\r\nb: 4\r\ncookie: y=2\r\nC: 5\r\n"));
        CPPUNIT_ASSERT(fed.reader.header("a") == "1, 3, ");
        CPPUNIT_ASSERT(fed.reader.header("b") == "2, 4");
        CPPUNIT_ASSERT(fed.reader.header("c") == "5");
        CPPUNIT_ASSERT(fed.reader.header("cookie") == "x=1; y=2");
        CPPUNIT_ASSERT(fed.reader.header("host") == "a");
    }

    void theAuthorityOfTheTargetIsTheHost() {
        const Fed fed(get("http://b:81/x"));
        CPPUNIT_ASSERT(fed.reader.header("host") == "b:81");
        CPPUNIT_ASSERT_EQUAL("http://b:81/x"s, std::string(fed.reader.target()));
        const Fed old("GET http://b/ HTTP/1.0\r\n\r\n");
        CPPUNIT_ASSERT(old.reader.header("host") == "b");
    }

    void tokensAreFoundInLists() {
        const Fed fed(with("Connection: , keep-alive ,\tUpgrade\r\nConnection: x\r\n"));
        CPPUNIT_ASSERT(fed.reader.hasToken("connection", "upgrade"));
        CPPUNIT_ASSERT(fed.reader.hasToken("connection", "KEEP-alive"));
        CPPUNIT_ASSERT(fed.reader.hasToken("connection", "x"));
        CPPUNIT_ASSERT(!fed.reader.hasToken("connection", "keep"));
        CPPUNIT_ASSERT(!fed.reader.hasToken("absent", "x"));
    }

    void connectionsStayOpenAsTheRfcSays() {
        const auto keeps = [](const std::string& version, const std::string& field) {
            return Fed("GET / HTTP/" + version + "\r\n" + host + field + "\r\n").reader.keepAlive();
        };
        CPPUNIT_ASSERT(keeps("1.1", ""));
        CPPUNIT_ASSERT(!keeps("1.1", "Connection: close\r\n"));
        CPPUNIT_ASSERT(!keeps("1.1", "Connection: keep-alive, Close\r\n"));
        CPPUNIT_ASSERT(!keeps("1.0", ""));
        CPPUNIT_ASSERT(keeps("1.0", "Connection: Keep-Alive\r\n"));
        CPPUNIT_ASSERT(!keeps("1.0", "Connection: keep-alive, close\r\n"));
        CPPUNIT_ASSERT(Fed("GET / HTTP/1.0\r\n\r\n").reader.http10());
        CPPUNIT_ASSERT(!Fed(get("/")).reader.http10());
    }

    void expectationsAreMetOrRefused() {
        const std::string expect = "Expect: 100-Continue\r\n";
        Fed sized(with(expect + "Content-Length: 1\r\n"));
        CPPUNIT_ASSERT(sized.reader.state() == State::body && sized.reader.expectsContinue());
        std::string_view body = "x";
        CPPUNIT_ASSERT(sized.reader.feed(body) == State::complete);
        CPPUNIT_ASSERT(!sized.reader.expectsContinue());
        CPPUNIT_ASSERT(
            Fed(with(expect + "Transfer-Encoding: chunked\r\n")).reader.expectsContinue());
        CPPUNIT_ASSERT(!Fed(with(expect + "Content-Length: 2\r\n", "x")).reader.expectsContinue());
        CPPUNIT_ASSERT(!Fed(with(expect)).reader.expectsContinue());
        check({
            {"another", with("Expect: 200-ok\r\n"), "417"},
            {"two", with(expect + "Expect: x\r\n"), "417"},
            {"another of HTTP/1.0", "GET / HTTP/1.0\r\nExpect: x\r\n\r\n", "GET /"},
            {"a body over the limit", with(expect + "Content-Length: 9999999\r\n"), "413"},
        });
        const std::string old = "POST / HTTP/1.0\r\nContent-Length: 1\r\n" + expect + "\r\n";
        CPPUNIT_ASSERT(!Fed(old).reader.expectsContinue());
    }

    void theBodyGrowsWithWhatArrives() {
        const Fed sized(with("Content-Length: 1000000\r\n", "x"));
        CPPUNIT_ASSERT(sized.reader.body().capacity() < 100);
        const Fed chunk(chunked("f0000\r\nx"));
        CPPUNIT_ASSERT(chunk.reader.body().capacity() < 100);
    }

    void percentsAreDecoded() {
        CPPUNIT_ASSERT(percentDecode("", false) == "");
        CPPUNIT_ASSERT(percentDecode("a%20b+c", false) == "a b+c");
        CPPUNIT_ASSERT(percentDecode("a%20b+c%2B", true) == "a b c+");
        CPPUNIT_ASSERT(percentDecode("%E2%82%ac", false) == "\xe2\x82\xac");
        for (const auto& bad :
             {"%"s, "%2"s, "%2x"s, "%x2"s, "a%"s, "%-1"s, "%00"s, "\0"s, "%E2%82"s, "\xff"s}) {
            CPPUNIT_ASSERT_MESSAGE(bad, !percentDecode(bad, false));
        }
    }

    void queryParametersAreFound() {
        const auto* query = "a=1&b=x%20y+z&a=2&c&=d&e=f=g&%68=i&bad=%zz&%zz=bad";
        CPPUNIT_ASSERT(queryParameter(query, "a") == "1");
        CPPUNIT_ASSERT(queryParameter(query, "b") == "x y z");
        CPPUNIT_ASSERT(queryParameter(query, "c") == "");
        CPPUNIT_ASSERT(queryParameter(query, "e") == "f=g");
        CPPUNIT_ASSERT(queryParameter(query, "h") == "i");
        CPPUNIT_ASSERT(!queryParameter(query, "bad"));
        CPPUNIT_ASSERT(!queryParameter(query, "absent"));
        CPPUNIT_ASSERT(!queryParameter("", "a"));
        CPPUNIT_ASSERT(queryParameter("&&a", "a") == "");
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(HttpReaderTest);
