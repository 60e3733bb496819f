#include "websocket/WebSocketCodec.h"

#include "Story.h"
#include "salon/Json.h"

#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using salon::JsonReader;
using salon::net::WebSocketDecoder;
using salon::net::WebSocketLimits;
using namespace std::string_literals;

using codectest::check;
using codectest::closeFrame;
using codectest::frame;
using codectest::mask;
using codectest::Row;
using codectest::Story;

class WebSocketCodecTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(WebSocketCodecTest);
    CPPUNIT_TEST(messagesAreRead);
    CPPUNIT_TEST(everyLengthIsUnmasked);
    CPPUNIT_TEST(framesThatBreakTheRfcAreProtocolViolations);
    CPPUNIT_TEST(closeFramesAreJudged);
    CPPUNIT_TEST(textMustBeUtf8);
    CPPUNIT_TEST(badUtf8IsSeenInTheMiddleOfAFrame);
    CPPUNIT_TEST(aMessageOverTheLimitIsTooBig);
    CPPUNIT_TEST(aHeaderAloneIsEnoughToBeTooBig);
    CPPUNIT_TEST(tooManyFragmentsAreTooBig);
    CPPUNIT_TEST(aWholeFrameIsReadWhereItLies);
    CPPUNIT_TEST(memoryGrowsWithWhatArrivesAndIsGivenBack);
    CPPUNIT_TEST(whatWasDeliveredLivesUntilTheNextCall);
    CPPUNIT_TEST(headersAreEncodedInAsFewBytesAsPossible);
    CPPUNIT_TEST(controlFramesAreEncoded);
    CPPUNIT_TEST(theHandshakeIsTheExampleOfTheRfc);
    CPPUNIT_TEST(keysHaveTheShapeOfSixteenBytes);
    CPPUNIT_TEST_SUITE_END();

public:
    void messagesAreRead() {
        const std::string kilo(1000, 'k');
        check({
            {"5.7: a masked text", "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"s, "text:Hello"},
            {"5.7: fragments", frame(0x01, "Hel") + frame(0x80, "lo"), "text:Hello"},
            {"5.7: ping and pong", frame(0x89, "Hello") + frame(0x8a, "Hello"),
             "ping:Hello pong:Hello"},
            {"5.7: 256 bytes of binary", frame(0x82, std::string(256, 'b')),
             "binary:" + std::string(256, 'b')},
            {"empty frames", frame(0x81, "") + frame(0x82, "") + frame(0x89, "") + frame(0x8a, ""),
             "text: binary: ping: pong:"},
            {"three in a row", frame(0x81, "a") + frame(0x82, "b") + frame(0x81, kilo),
             "text:a binary:b text:" + kilo},
            {"5.4: a ping inside a fragmented message",
             frame(0x01, "Hel") + frame(0x89, "p") + frame(0x00, "l") + frame(0x8a, "q") +
                 frame(0x80, "o"),
             "ping:p pong:q text:Hello"},
            {"empty fragments", frame(0x01, "") + frame(0x00, "") + frame(0x80, ""), "text:"},
            {"a message after a fragmented one",
             frame(0x02, "a") + frame(0x80, "b") + frame(0x81, "c") + frame(0x01, "d") +
                 frame(0x80, "e"),
             "binary:ab text:c text:de"},
            {"a control frame of 125 bytes", frame(0x89, std::string(125, 'p')),
             "ping:" + std::string(125, 'p')},
            {"a message of 65536 bytes", frame(0x81, std::string(65536, 'x')),
             "text:" + std::string(65536, 'x')},
            {"a close inside a fragmented message", frame(0x01, "Hel") + closeFrame(1001),
             "close:1001:"},
            {"nothing after a close", closeFrame(1000) + frame(0x81, "late"), "close:1000:"},
            {"a frame that is not whole", frame(0x81, "Hello").substr(0, 9), ""},
        });
    }

    void everyLengthIsUnmasked() {
        for (std::size_t size = 0; size < 40; ++size) {
            const std::string payload =
                std::string("0123456789abcdefghijklmnopqrstuvwxyzABCD", size);
            check({{"a text", frame(0x81, payload), "text:" + payload}});
        }
    }

    void framesThatBreakTheRfcAreProtocolViolations() {
        const auto sized = [](const char* head) { return "\x82"s + head; };
        std::vector<Row> rows{
            {"5.1: not masked", "\x81\x05Hello"s, "protocol"},
            {"5.1: a ping that is not masked", "\x89\x00"s, "protocol"},
            {"5.2: a 64-bit length with the top bit",
             "\x82\xff\x80\x00\x00\x00\x00\x00\x00\x01"s + "mask", "protocol"},
            {"5.2: 125 in 16 bits", sized("\xfe") + "\x00\x7d"s + "mask", "protocol"},
            {"5.2: 0 in 16 bits", sized("\xfe") + "\x00\x00"s + "mask", "protocol"},
            {"5.2: 65535 in 64 bits", sized("\xff") + "\0\0\0\0\0\0\xff\xff"s + "mask", "protocol"},
            {"5.2: 1 in 64 bits", sized("\xff") + "\0\0\0\0\0\0\0\1"s + "mask", "protocol"},
            {"5.4: a continuation of nothing", frame(0x80, "x"), "protocol"},
            {"5.4: an open continuation of nothing", frame(0x00, "x"), "protocol"},
            {"5.4: a continuation after the end",
             frame(0x01, "a") + frame(0x80, "b") + frame(0x80, "c"), "text:ab protocol"},
            {"5.4: a text inside a text", frame(0x01, "a") + frame(0x81, "b"), "protocol"},
            {"5.4: an open binary inside a text", frame(0x01, "a") + frame(0x02, "b"), "protocol"},
            {"5.4: a text inside an empty text", frame(0x01, "") + frame(0x01, ""), "protocol"},
            {"5.5: a fragmented ping", frame(0x09, "p"), "protocol"},
            {"5.5: a fragmented close", frame(0x08, ""), "protocol"},
            {"5.5: a ping of 126 bytes", frame(0x89, std::string(126, 'p')), "protocol"},
            {"5.5: a close of 126 bytes", frame(0x88, "\x03\xe8" + std::string(124, 'c')),
             "protocol"},
            {"5.5: a ping of a 64-bit length", "\x89\xff"s, "protocol"},
            {"what came before is delivered", frame(0x81, "a") + frame(0x89, "") + "\x83\x80"s,
             "text:a ping: protocol"},
        };
        for (const int bit : {0x10, 0x20, 0x40}) {
            rows.push_back({"5.2: a reserved bit", frame(0x81 | bit, "x"), "protocol"});
            rows.push_back({"5.2: a reserved bit of a ping", frame(0x89 | bit, ""), "protocol"});
        }
        for (const int opcode : {3, 4, 5, 6, 7, 0xb, 0xc, 0xd, 0xe, 0xf}) {
            rows.push_back({"5.2: a reserved opcode", frame(0x80 | opcode, ""), "protocol"});
        }
        check(rows);
    }

    void closeFramesAreJudged() {
        std::vector<Row> rows{
            {"5.5.1: without a body", frame(0x88, ""), "close:1005:"},
            {"5.5.1: with a reason", closeFrame(1000, "bye \xe2\x82\xac"),
             "close:1000:bye \xe2\x82\xac"},
            {"5.5.1: the longest reason", closeFrame(1000, std::string(123, 'r')),
             "close:1000:" + std::string(123, 'r')},
            {"5.5.1: one byte", frame(0x88, "\x03"), "protocol"},
            {"5.5.1: a reason not in UTF-8", closeFrame(1000, "\xff"), "notUtf8"},
            {"5.5.1: a reason that is cut", closeFrame(1000, "\xe2\x82"), "notUtf8"},
        };
        for (const std::uint16_t code : {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012,
                                         1013, 1014, 3000, 3999, 4000, 4999}) {
            rows.push_back(
                {"7.4: a code", closeFrame(code), "close:" + std::to_string(code) + ":"});
        }
        for (const std::uint16_t code :
             {0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535}) {
            rows.push_back({"7.4: a reserved code", closeFrame(code), "protocol"});
        }
        check(rows);
    }

    void textMustBeUtf8() {
        std::vector<Row> rows;
        for (const auto& good :
             {"\u03ba\u1f79\u03c3\u03bc\u03b5"s, "\0"s, "\x7f\xc2\x80"s, "\xdf\xbf\xe0\xa0\x80"s,
              "\xed\x9f\xbf\xee\x80\x80"s, "\xef\xbf\xbf\xf0\x90\x80\x80"s, "\xf4\x8f\xbf\xbf"s}) {
            rows.push_back({"8.1: text", frame(0x81, good), "text:" + good});
            rows.push_back(
                {"a character between two fragments",
                 frame(0x01, good.substr(0, 1)) + frame(0x89, "") + frame(0x80, good.substr(1)),
                 "ping: text:" + good});
        }
        for (const auto& bad : {"\x80"s,
                                "\xbf"s,
                                "\xc0\x80"s,
                                "\xc1\xbf"s,
                                "\xe0\x80\x80"s,
                                "\xe0\x9f\xbf"s,
                                "\xed\xa0\x80"s,
                                "\xed\xbf\xbf"s,
                                "\xf0\x80\x80\x80"s,
                                "\xf0\x8f\xbf\xbf"s,
                                "\xf4\x90\x80\x80"s,
                                "\xf5\x80\x80\x80"s,
                                "\xf8\x88\x80\x80\x80"s,
                                "\xfe"s,
                                "\xff"s,
                                "\xc3"s,
                                "\xe2\x82"s,
                                "\xf0\x9f\x98"s,
                                "\xe2\x28\xa1"s,
                                "\xc3\xc3"s}) {
            for (const auto& before :
                 {""s, "a"s, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"s}) {
                rows.push_back({"8.1: not UTF-8", frame(0x81, before + bad), "notUtf8"});
                rows.push_back({"8.1: not UTF-8 in fragments",
                                frame(0x01, before + bad.substr(0, 1)) + frame(0x80, bad.substr(1)),
                                "notUtf8"});
            }
            rows.push_back({"binary may be anything", frame(0x82, bad), "binary:" + bad});
            rows.push_back({"binary in fragments may be anything",
                            frame(0x02, bad) + frame(0x80, "x"), "binary:" + bad + "x"});
        }
        rows.push_back({"a message that ends in a character, by an empty fragment",
                        frame(0x01, "\xc3") + frame(0x80, ""), "notUtf8"});
        check(rows);
    }

    void badUtf8IsSeenInTheMiddleOfAFrame() {
        for (const auto& bad : {"\xff"s, "\xe0\x80"s, "\xed\xa0"s, "\xf4\x90"s, "\xc3\x28"s}) {
            const auto bytes = frame(0x81, "aaaaaaaaaa" + bad + std::string(80, 'z'));
            const auto seen = 2 + 4 + 10 + bad.size();
            for (const std::size_t piece : {seen, 1ul}) {
                Story story;
                story.feed(std::string_view(bytes).substr(0, seen - 1), piece);
                CPPUNIT_ASSERT_EQUAL(""s, story.words());
                story.feed(std::string_view(bytes).substr(seen - 1, 1));
                CPPUNIT_ASSERT_EQUAL("notUtf8"s, story.words());
            }
        }
    }

    void aMessageOverTheLimitIsTooBig() {
        WebSocketLimits limits;
        limits.maxMessage = 200;
        const std::string most(200, 'x');
        check(
            {
                {"as much as is allowed", frame(0x81, most), "text:" + most},
                {"one more", frame(0x81, most + "x"), "tooBig"},
                {"a huge one", "\x82\xff\x7f\xff\xff\xff\xff\xff\xff\xff"s + "mask", "tooBig"},
                {"as much in fragments",
                 frame(0x01, most.substr(0, 150)) + frame(0x80, most.substr(0, 50)),
                 "text:" + most},
                {"one more in fragments",
                 frame(0x01, most.substr(0, 150)) + frame(0x80, most.substr(0, 51)), "tooBig"},
                {"control frames do not count",
                 frame(0x01, most) + frame(0x89, "p") + frame(0x80, ""), "ping:p text:" + most},
                {"the next message counts anew",
                 frame(0x01, most) + frame(0x80, "") + frame(0x81, most),
                 "text:" + most + " text:" + most},
            },
            limits);
    }

    void aHeaderAloneIsEnoughToBeTooBig() {
        Story story;
        story.feed("\x81\xff\0\0\0\0\0\1\0\1"s); // 65537, the mask has not arrived
        CPPUNIT_ASSERT_EQUAL("tooBig"s, story.words());
    }

    void tooManyFragmentsAreTooBig() {
        WebSocketLimits limits;
        limits.maxFragments = 3;
        const auto three = frame(0x01, "a") + frame(0x00, "b") + frame(0x80, "c");
        check(
            {
                {"as many as are allowed, twice", three + three, "text:abc text:abc"},
                {"an empty one at the end, which many libraries send",
                 frame(0x01, "a") + frame(0x00, "b") + frame(0x00, "c") + frame(0x80, "") + three,
                 "text:abc text:abc"},
                {"one more",
                 frame(0x01, "a") + frame(0x00, "b") + frame(0x00, "c") + frame(0x80, "d"),
                 "tooBig"},
                {"one more, empty, and not the last",
                 frame(0x01, "") + frame(0x00, "") + frame(0x00, "") + frame(0x00, ""), "tooBig"},
            },
            limits);
    }

    void aWholeFrameIsReadWhereItLies() {
        auto bytes = frame(0x81, "Hello") + frame(0x89, "p") + std::string(JsonReader::padding, 0);
        std::span<char> input(bytes.data(), bytes.size() - JsonReader::padding);
        WebSocketDecoder decoder;
        const auto text = decoder.next(input, {});
        CPPUNIT_ASSERT(text && text->payload.data() == bytes.data() + 6);
        CPPUNIT_ASSERT(decoder.next(input, {})->payload == "p");
        CPPUNIT_ASSERT_EQUAL(std::size_t(0), decoder.held());
        CPPUNIT_ASSERT(text->payload == "Hello");
    }

    void memoryGrowsWithWhatArrivesAndIsGivenBack() {
        const auto bytes = frame(0x81, std::string(60000, 'x'));
        Story story;
        CPPUNIT_ASSERT_EQUAL(std::size_t(0), story.held());
        story.feed(std::string_view(bytes).substr(0, 9));
        CPPUNIT_ASSERT(story.held() > 0 && story.held() < 512);
        story.feed(std::string_view(bytes).substr(9, 2000), 1);
        CPPUNIT_ASSERT(story.held() > 2000 && story.held() < 5000);
        story.feed(std::string_view(bytes).substr(2009));
        CPPUNIT_ASSERT_EQUAL(std::size_t(5 + 60000), story.words().size());
        CPPUNIT_ASSERT_EQUAL(std::size_t(0), story.held());
        story.feed(frame(0x89, "half").substr(0, 3));
        CPPUNIT_ASSERT(story.held() > 0);
        story.feed(frame(0x89, "half").substr(3));
        CPPUNIT_ASSERT_EQUAL(std::size_t(0), story.held());
    }

    void whatWasDeliveredLivesUntilTheNextCall() {
        auto bytes = frame(0x01, "Hel") + frame(0x80, "lo") + frame(0x81, "next");
        bytes.append(JsonReader::padding, '\0');
        std::span<char> input(bytes.data(), bytes.size() - JsonReader::padding);
        WebSocketDecoder decoder;
        const auto first = decoder.next(input, {});
        CPPUNIT_ASSERT(first && first->payload == "Hello");
        CPPUNIT_ASSERT(decoder.held() > 0);
        const auto second = decoder.next(input, {});
        CPPUNIT_ASSERT(second && second->payload == "next");
        CPPUNIT_ASSERT_EQUAL(std::size_t(0), decoder.held());
    }

    void headersAreEncodedInAsFewBytesAsPossible() {
        const auto header = [](std::size_t size) {
            char out[10];
            return std::string(out, salon::net::encodeHeader(out, 0x2, size));
        };
        CPPUNIT_ASSERT_EQUAL("\x82\x00"s, header(0));
        CPPUNIT_ASSERT_EQUAL("\x82\x7d"s, header(125));
        CPPUNIT_ASSERT_EQUAL("\x82\x7e\x00\x7e"s, header(126));
        CPPUNIT_ASSERT_EQUAL("\x82\x7e\x01\x00"s, header(256)); // RFC 6455, 5.7
        CPPUNIT_ASSERT_EQUAL("\x82\x7e\xff\xff"s, header(65535));
        CPPUNIT_ASSERT_EQUAL("\x82\x7f\0\0\0\0\0\1\0\0"s, header(65536)); // RFC 6455, 5.7
    }

    void controlFramesAreEncoded() {
        using namespace salon::net;
        CPPUNIT_ASSERT_EQUAL("\x89\x05Hello"s, encodePing("Hello"));
        CPPUNIT_ASSERT_EQUAL("\x8a\x05Hello"s, encodePong("Hello"));
        CPPUNIT_ASSERT_EQUAL("\x88\x00"s, encodeClose(0, "unsaid"));
        CPPUNIT_ASSERT_EQUAL("\x88\x05\x03\xe8"s + "bye", encodeClose(1000, "bye"));
        CPPUNIT_ASSERT_EQUAL(std::size_t(127), encodeClose(1000, std::string(123, 'x')).size());
        CPPUNIT_ASSERT_THROW(encodeClose(1000, std::string(124, 'x')), std::length_error);
        CPPUNIT_ASSERT_THROW(encodePing(std::string(126, 'x')), std::length_error);
    }

    void theHandshakeIsTheExampleOfTheRfc() {
        CPPUNIT_ASSERT_EQUAL("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="s,
                             salon::net::acceptKey("dGhlIHNhbXBsZSBub25jZQ==")); // RFC 6455, 1.3
    }

    void keysHaveTheShapeOfSixteenBytes() {
        using salon::net::validKey;
        CPPUNIT_ASSERT(validKey("dGhlIHNhbXBsZSBub25jZQ=="));
        CPPUNIT_ASSERT(validKey("AAAAAAAAAAAAAAAAAAA+/w=="));
        for (const auto* bad : {"", "x", "==", "dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25jZQA=",
                                "dGhlIHNhbXBsZSBub25jZQ===", "dGhlIHNhbXBsZSBub2 jZQ==",
                                "dGhlIHNhbXBsZSBub2-jZQ==", "dGhlIHNhbXBsZSBub=5jZQ=="}) {
            CPPUNIT_ASSERT_MESSAGE(bad, !validKey(bad));
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(WebSocketCodecTest);
