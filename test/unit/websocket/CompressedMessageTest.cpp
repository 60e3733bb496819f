#include "websocket/Deflate.h"

#include "Story.h"

#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <optional>
#include <string>

using codectest::check;
using codectest::frame;
using codectest::Row;
using codectest::Story;
using salon::net::Deflater;
using salon::net::WebSocketLimits;
using namespace std::string_literals;

namespace {

std::string deflated(std::string_view text) {
    Deflater deflater(15);
    return std::string(deflater.message(text));
}

} // namespace

/// Compressed messages among frames (RFC 7692, 6 and 7.2).
class CompressedMessageTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(CompressedMessageTest);
    CPPUNIT_TEST(theFirstBitOfAMessageSaysThatItIsCompressed);
    CPPUNIT_TEST(theBitIsReservedWhereItMayNotBe);
    CPPUNIT_TEST(withTakeoverAMessageMayReferToAnEarlierOne);
    CPPUNIT_TEST(whatCannotBeInflatedIsAViolation);
    CPPUNIT_TEST(badUtf8IsSeenBeforeTheMessageEnds);
    CPPUNIT_TEST(whatComesFirstIsWhatItEndsWith);
    CPPUNIT_TEST(theLimitIsOfWhatIsInflated);
    CPPUNIT_TEST(theLimitOnTheWireHoldsToo);
    CPPUNIT_TEST(nothingIsHeldBetweenMessagesWithoutTakeover);
    CPPUNIT_TEST_SUITE_END();

    const std::string hello = "\xf2\x48\xcd\xc9\xc9\x07\x00"s;

public:
    void theFirstBitOfAMessageSaysThatItIsCompressed() {
        const std::vector<Row> rows{
            {"compressed", frame(0xc1, hello), "text:Hello"},
            {"compressed binary", frame(0xc2, hello), "binary:Hello"},
            {"not compressed", frame(0x81, "Hello"), "text:Hello"},
            {"one and the other", frame(0xc1, hello) + frame(0x81, "x") + frame(0xc1, hello),
             "text:Hello text:x text:Hello"},
            {"empty", frame(0xc1, "\x00"s), "text:"},
            {"in fragments",
             frame(0x41, hello.substr(0, 3)) + frame(0, "") + frame(0x89, "p") +
                 frame(0, hello.substr(3, 1)) + frame(0x80, hello.substr(4)),
             "ping:p text:Hello"},
            {"a first fragment of nothing", frame(0x41, "") + frame(0x80, hello), "text:Hello"},
            {"a last fragment of nothing", frame(0x41, hello) + frame(0x80, ""), "text:Hello"},
            {"a final block", frame(0xc1, "\xf3\x48\xcd\xc9\xc9\x07\x00\x00"s), "text:Hello"}};
        check(rows, {}, false);
        check(rows, {}, true);
    }

    void theBitIsReservedWhereItMayNotBe() {
        check({{"nobody agreed", frame(0xc1, hello), "protocol"}});
        for (const bool takeover : {false, true}) {
            check(
                {{"a continuation", frame(0x41, hello) + frame(0xc0, ""), "protocol"},
                 {"a continuation of a plain one", frame(0x01, "x") + frame(0xc0, ""), "protocol"},
                 {"a ping", frame(0xc9, ""), "protocol"},
                 {"a close", frame(0xc8, ""), "protocol"},
                 {"RSV2", frame(0xa1, hello), "protocol"},
                 {"RSV1 and RSV2", frame(0xe1, hello), "protocol"},
                 {"RSV1 and RSV3", frame(0xd1, hello), "protocol"},
                 {"opcode 3", frame(0xc3, hello), "protocol"}},
                {}, takeover);
        }
    }

    void withTakeoverAMessageMayReferToAnEarlierOne() {
        const auto both = frame(0xc1, hello) + frame(0xc1, "\xf2\x00\x11\x00\x00"s);
        check({{"with", both, "text:Hello text:Hello"}}, {}, true);
        check({{"without", both, "text:Hello notDeflate"}}, {}, false);
    }

    void whatCannotBeInflatedIsAViolation() {
        for (const bool takeover : {false, true}) {
            check({{"no deflate", frame(0xc1, "\xff\xff"s), "notDeflate"},
                   {"plain text", frame(0xc1, "Hello"), "notDeflate"},
                   {"nothing", frame(0xc1, ""), "notDeflate"},
                   {"its end is missing", frame(0xc2, hello.substr(0, 4)), "notDeflate"},
                   {"seen before the end", frame(0x42, "\x07"s), "notDeflate"}},
                  {}, takeover);
        }
    }

    void badUtf8IsSeenBeforeTheMessageEnds() {
        const auto bad = deflated(std::string("\xce\xba\xff") + std::string(100, 'x'));
        check({{"whole", frame(0xc1, bad), "notUtf8"},
               {"binary", frame(0x42, bad), ""},
               {"before its end", frame(0x41, bad), "notUtf8"},
               {"ends inside a character", frame(0xc1, deflated("\xc3")), "notUtf8"},
               {"a character over two fragments",
                frame(0x41, deflated("\xc3").append("\0\0\xff\xff", 4)) +
                    frame(0x80, deflated("\xa9")),
                "text:\xc3\xa9"}},
              {}, true);
    }

    void whatComesFirstIsWhatItEndsWith() {
        const std::string broken = "\x07";
        const auto bad = [&](std::string_view text) {
            return frame(0xc1, deflated(text).append("\0\0\xff\xff", 4) + broken);
        };
        const WebSocketLimits limits{.maxMessage = 10};
        check({{"text, then deflate", bad("\xff"), "notUtf8"},
               {"deflate", bad("x"), "notDeflate"},
               {"text, then the limit", bad("\xff and so on"), "notUtf8"},
               {"the limit, then text", bad("0123456789\xff"), "tooBig"},
               {"the limit, then deflate", bad("0123456789a"), "tooBig"}},
              limits, false);
    }

    void theLimitIsOfWhatIsInflated() {
        const WebSocketLimits limits{.maxMessage = 1000};
        const std::string most(1000, 'x');
        check({{"the most", frame(0xc1, deflated(most)), "text:" + most},
               {"one more", frame(0xc1, deflated(most + 'x')), "tooBig"},
               {"before its end", frame(0x41, deflated(most + 'x')), "tooBig"},
               {"a bomb", frame(0xc2, deflated(std::string(5'000'000, 'x'))), "tooBig"}},
              limits, false);
    }

    void theLimitOnTheWireHoldsToo() {
        const WebSocketLimits limits{.maxMessage = 1000};
        // Empty stored blocks: nothing, for ever.
        std::string nothing;
        while (nothing.size() < 1074) nothing += "\x00\x00\x00\xff\xff"s;
        const auto most = nothing.substr(0, 1075) + '\0';
        CPPUNIT_ASSERT_EQUAL(std::size_t{1076}, most.size());
        check({{"the most", frame(0xc1, most), "text:"},
               {"more", frame(0xc1, nothing + most), "tooBig"},
               {"more, in fragments", frame(0x41, most) + frame(0x80, nothing), "tooBig"},
               {"one byte more in a header", frame(0xc1, std::string(1080, 'x')).substr(0, 8),
                "tooBig"}},
              limits, false);
    }

    void nothingIsHeldBetweenMessagesWithoutTakeover() {
        Story without({}, false);
        without.feed(frame(0xc1, hello));
        without.feed(frame(0x89, ""));
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, without.held());
        without.feed(frame(0x41, hello));
        CPPUNIT_ASSERT(without.held() > 0);
        Story with({}, true);
        with.feed(frame(0x89, ""));
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, with.held());
        with.feed(frame(0xc1, hello));
        with.feed(frame(0x89, ""));
        CPPUNIT_ASSERT(with.held() > 0);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(CompressedMessageTest);
