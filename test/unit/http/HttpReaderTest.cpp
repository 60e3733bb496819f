#include "Requests.h"

#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <string>
#include <string_view>

using salon::Code;
using salon::net::HttpLimits;
using salon::net::HttpReader;
using salon::net::percentDecode;
using salon::net::queryParameter;
using namespace salon::net::test;
using namespace std::string_literals;

/// A request up to the end of its head.
class HttpReaderTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(HttpReaderTest);
    CPPUNIT_TEST(requestLinesAreRead);
    CPPUNIT_TEST(requestLinesAreStrict);
    CPPUNIT_TEST(pathsAreDecoded);
    CPPUNIT_TEST(targetsAreStrict);
    CPPUNIT_TEST(linesEndWithCrLf);
    CPPUNIT_TEST(fieldsAreStrict);
    CPPUNIT_TEST(thereIsOneHost);
    CPPUNIT_TEST(limitsOfTheHeadHold);
    CPPUNIT_TEST(fieldsAreFoundWithoutCase);
    CPPUNIT_TEST(repeatedFieldsAreJoined);
    CPPUNIT_TEST(theAuthorityOfTheTargetIsTheHost);
    CPPUNIT_TEST(tokensAreFoundInLists);
    CPPUNIT_TEST(connectionsStayOpenAsTheRfcSays);
    CPPUNIT_TEST(expectationsAreMetOrRefused);
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
            {"authority form", "CONNECT a:80 HTTP/1.1\r\n" + host + "\r\n", "501"},
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
                 "414"},
                {"empty lines count", "\r\n" + line + field(46) + "\r\n", "431"},
                {"empty lines without an end", emptyLines, "431"},
                {"fewer empty lines", emptyLines.substr(2), "head"},
                {"as many fields as are allowed", line + "A:\r\nB:\r\nC:\r\n\r\n", "GET /"},
                {"one field more", line + "A:\r\nB:\r\nC:\r\nD:\r\n\r\n", "431"},
            },
            limits);
    }

    void fieldsAreFoundWithoutCase() {
        const Fed fed(with("X-One: \t 1 2\t\r\nEmpty:\r\n"));
        CPPUNIT_ASSERT(fed.reader.header("x-oNE") == "1 2");
        CPPUNIT_ASSERT(fed.reader.header("empty") == "");
        CPPUNIT_ASSERT(!fed.reader.header("absent"));
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
        CPPUNIT_ASSERT_EQUAL("/x"s, std::string(fed.reader.path()));
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
