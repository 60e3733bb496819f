#include "Requests.h"

#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <memory>
#include <string>
#include <string_view>

using salon::Code;
using salon::net::ByteBudget;
using salon::net::HttpLimits;
using salon::net::HttpReader;
using namespace salon::net::test;
using namespace std::string_literals;

/// What comes behind a head.
class HttpBodyTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(HttpBodyTest);
    CPPUNIT_TEST(lengthsAreStrict);
    CPPUNIT_TEST(chunkedBodiesAreRead);
    CPPUNIT_TEST(chunkedBodiesAreStrict);
    CPPUNIT_TEST(limitsOfTheBodyHold);
    CPPUNIT_TEST(theNextRequestIsLeft);
    CPPUNIT_TEST(aHeadCanBeReadWithoutItsBody);
    CPPUNIT_TEST(bodiesShareABudgetBeyondAFreePart);
    CPPUNIT_TEST(theBodyGrowsWithWhatArrives);
    CPPUNIT_TEST_SUITE_END();

public:
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
            {"another coding", sized("Transfer-Encoding: gzip\r\n"), "400"},
            {"two codings", sized("Transfer-Encoding: gzip, chunked\r\n"), "501"},
            {"two codings, chunked not last", sized("Transfer-Encoding: chunked, gzip\r\n"), "400"},
            {"chunked twice", sized("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"),
             "400"},
            {"chunked twice and another", sized("Transfer-Encoding: chunked, x, chunked\r\n"),
             "400"},
            {"chunked and nothing", sized("Transfer-Encoding: chunked,\r\n"), "400"},
            {"nothing and chunked", sized("Transfer-Encoding: ,chunked\r\n"), "501"},
            {"chunked with a parameter", sized("Transfer-Encoding: chunked;q=1\r\n"), "400"},
            {"quoted", sized("Transfer-Encoding: \"chunked\"\r\n"), "400"},
            {"identity", sized("Transfer-Encoding: identity\r\n"), "400"},
            {"an empty coding", sized("Transfer-Encoding:\r\n"), "400"},
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
        constexpr auto free = ByteBudget::freeOfEach;
        HttpLimits limits;
        limits.bodies = std::make_shared<ByteBudget>(10);
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

    void theBodyGrowsWithWhatArrives() {
        const Fed sized(with("Content-Length: 1000000\r\n", "x"));
        CPPUNIT_ASSERT(sized.reader.body().capacity() < 100);
        const Fed chunk(chunked("f0000\r\nx"));
        CPPUNIT_ASSERT(chunk.reader.body().capacity() < 100);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(HttpBodyTest);
