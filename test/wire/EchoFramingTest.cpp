#include "EchoDialogue.h"

#include <string>
#include <vector>

using namespace salon::wire;

namespace {

std::string text(std::string_view payload) {
    return textBytes(payload);
}
std::string binary(std::string_view payload) {
    return frameBytes(fin | binaryFrame, payload);
}
std::string ping(std::string_view payload) {
    return frameBytes(fin | pingFrame, payload);
}
std::string pong(std::string_view payload) {
    return frameBytes(fin | pongFrame, payload);
}
/// A message of these fragments, with `between` behind each but the last.
std::string fragments(const std::vector<std::string>& parts, const std::string& between = {},
                      int opcode = textFrame) {
    std::string bytes;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const bool last = i + 1 == parts.size();
        bytes += frameBytes((last ? fin : 0) | (i == 0 ? opcode : continuation), parts[i]);
        if (!last) bytes += between;
    }
    return bytes;
}

std::vector<std::string> cut(const std::string& payload, std::size_t size) {
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < payload.size(); i += size) parts.push_back(payload.substr(i, size));
    return parts;
}

} // namespace

/// RFC 6455, case by case, at an endpoint that sends every message back.
class EchoFramingTest : public EchoDialogue {
    CPPUNIT_TEST_SUITE(EchoFramingTest);
    CPPUNIT_TEST(messagesOfEverySizeComeBack);
    CPPUNIT_TEST(pingsAreAnsweredAndPongsAreNot);
    CPPUNIT_TEST(reservedBitsAreRefused);
    CPPUNIT_TEST(reservedOpcodesAreRefused);
    CPPUNIT_TEST(fragmentsAreJoined);
    CPPUNIT_TEST(fragmentsOutOfOrderAreRefused);
    CPPUNIT_TEST(masksAndLengthsAreChecked);
    CPPUNIT_TEST(goodUtf8ComesBack);
    CPPUNIT_TEST(badUtf8IsRefused);
    CPPUNIT_TEST(badUtf8IsRefusedAtTheFirstByteThatCannotBeRight);
    CPPUNIT_TEST(closesAreEchoed);
    CPPUNIT_TEST(badClosesAreRefused);
    CPPUNIT_TEST(nothingIsReadBehindAClose);
    CPPUNIT_TEST(messagesOfTheLimitComeBackAndOneByteMoreDoesNot);
    CPPUNIT_TEST(asManyFragmentsAsTheLimitAreJoinedAndOneMoreIsNot);
    CPPUNIT_TEST(aThousandMessagesComeBackInOrder);
    CPPUNIT_TEST_SUITE_END();

    const std::string hello =
        "Hello-\xc2\xb5@\xc3\x9f\xc3\xb6\xc3\xa4\xc3\xbc\xc3\xa0\xc3\xa1-UTF-8!!";

public:
    void messagesOfEverySizeComeBack() {
        std::vector<EchoCase> cases;
        for (const std::size_t size : {0, 1, 125, 126, 127, 128, 65535, 65536, 131072}) {
            const std::string letters(size, '*');
            const std::string bytes(size, '\xfe');
            cases.push_back({"text " + std::to_string(size), text(letters), word("text", letters)});
            cases.push_back(
                {"binary " + std::to_string(size), binary(bytes), word("binary", bytes)});
        }
        check(cases);
        const std::string large(65536, 'x');
        for (const std::size_t piece : {997, 2000, 65537}) {
            CPPUNIT_ASSERT_EQUAL(word("text", large) + " close:1000", storyOf(text(large), piece));
        }
    }

    void pingsAreAnsweredAndPongsAreNot() {
        const std::string most(125, '\xfe');
        std::string ten;
        std::string answers;
        for (int i = 0; i < 10; ++i) {
            ten += ping(std::to_string(i));
            answers += (i > 0 ? " pong:" : "pong:") + std::to_string(i);
        }
        check({{"without payload", ping(""), "pong:"},
               {"with a text", ping("Hello"), "pong:Hello"},
               {"with bytes", ping("\x01\xff\xfe"), "pong:\x01\xff\xfe"},
               {"of 125 bytes", ping(most), word("pong", most)},
               {"of 126 bytes", ping(most + 'x'), "close:1002"},
               {"a pong that nobody asked for", pong("unsolicited"), ""},
               {"a pong without payload", pong(""), ""},
               {"a pong, then a ping", pong("unsolicited") + ping("asked"), "pong:asked"},
               {"ten", ten, answers}});
    }

    void reservedBitsAreRefused() {
        std::vector<EchoCase> cases;
        for (int bits = 0x10; bits <= 0x70; bits += 0x10) {
            for (const int opcode :
                 {continuation, textFrame, binaryFrame, closeFrame, pingFrame, pongFrame}) {
                cases.push_back(
                    {std::to_string(bits | opcode),
                     text("before") + frameBytes(fin | bits | opcode, "x") + ping("behind"),
                     "text:before close:1002"});
            }
        }
        check(cases);
    }

    void reservedOpcodesAreRefused() {
        std::vector<EchoCase> cases;
        for (const int opcode : {3, 4, 5, 6, 7, 11, 12, 13, 14, 15}) {
            cases.push_back({"opcode " + std::to_string(opcode),
                             text("before") + frameBytes(fin | opcode, "") + ping(""),
                             "text:before close:1002"});
        }
        check(cases);
    }

    void fragmentsAreJoined() {
        const std::string asked = "pong:ping";
        check({{"two", fragments({"fragment1", "fragment2"}), "text:fragment1fragment2"},
               {"a ping between", fragments({"one", "two"}, ping("ping")), asked + " text:onetwo"},
               {"pings between five", fragments({"1", "2", "3", "4", "5"}, ping("ping")),
                asked + ' ' + asked + ' ' + asked + ' ' + asked + " text:12345"},
               {"pongs between", fragments({"one", "two"}, pong("x")), "text:onetwo"},
               {"empty ones", fragments({"", "", ""}), "text:"},
               {"an empty one in the middle", fragments({"one", "", "two"}), "text:onetwo"},
               {"binary", fragments({"\xff", "\xfe"}, {}, binaryFrame), "binary:\xff\xfe"},
               {"two messages", fragments({"a", "b"}) + fragments({"c", "d"}), "text:ab text:cd"},
               {"a close between", frameBytes(textFrame, "x"), "close:1000"}});
        const std::string large(1 << 20, 'f');
        for (const std::size_t size : {64, 1024, 65536, 1 << 19}) {
            CPPUNIT_ASSERT_EQUAL(word("text", large) + " close:1000",
                                 storyOf(fragments(cut(large, size))));
        }
    }

    void fragmentsOutOfOrderAreRefused() {
        check({{"a ping in fragments", frameBytes(pingFrame, "one") + frameBytes(fin, "two"),
                "close:1002"},
               {"a pong in fragments", frameBytes(pongFrame, "one"), "close:1002"},
               {"a close in fragments", frameBytes(closeFrame, "\x03\xe8"), "close:1002"},
               {"a continuation of nothing", frameBytes(fin, "x") + text("y"), "close:1002"},
               {"a continuation of nothing that goes on", frameBytes(0, "x"), "close:1002"},
               {"a continuation behind a message", text("x") + frameBytes(fin, "y"),
                "text:x close:1002"},
               {"a message inside another", frameBytes(textFrame, "x") + text("y"), "close:1002"},
               {"binary inside text", frameBytes(textFrame, "x") + binary("y"), "close:1002"}});
    }

    void masksAndLengthsAreChecked() {
        using namespace std::string_literals;
        check({{"no mask", frameBytes(fin | textFrame, "x", false), "close:1002"},
               {"a mask of zeros", "\x81\x82\0\0\0\0ab"s, "text:ab"},
               {"5 in two bytes", "\x81\xfe\x00\x05"s, "close:1002"},
               {"125 in eight bytes", "\x82\xff\0\0\0\0\0\0\0\x7d"s, "close:1002"},
               {"65535 in eight bytes", "\x82\xff\0\0\0\0\0\0\xff\xff"s, "close:1002"},
               {"more than 63 bits", "\x82\xff\x80\0\0\0\0\0\0\0"s, "close:1002"},
               {"2^62", "\x82\xff\x40\0\0\0\0\0\0\0"s, "close:1009"}});
    }

    void goodUtf8ComesBack() {
        std::vector<EchoCase> cases;
        const std::string greek = "\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5";
        for (const auto& good :
             {hello, greek, std::string("\0", 1), std::string("\x7f"), std::string("\xc2\x80"),
              std::string("\xdf\xbf"), std::string("\xe0\xa0\x80"), std::string("\xed\x9f\xbf"),
              std::string("\xee\x80\x80"), std::string("\xef\xbf\xbd"), std::string("\xef\xbf\xbe"),
              std::string("\xef\xbf\xbf"), std::string("\xf0\x90\x80\x80"),
              std::string("\xf0\x9f\xbf\xbf"), std::string("\xf4\x8f\xbf\xbf")}) {
            cases.push_back({good, text(good), "text:" + good});
            // Fragments end wherever they like, inside characters too.
            cases.push_back({good + ", in fragments", fragments(cut(good, 1), ping("")), [&] {
                                 std::string words;
                                 for (std::size_t i = 1; i < good.size(); ++i) words += "pong: ";
                                 return words + "text:" + good;
                             }()});
        }
        check(cases);
    }

    void badUtf8IsRefused() {
        std::vector<EchoCase> cases;
        const std::string greek = "\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5";
        for (const auto* bad : {"\x80",
                                "\xbf",
                                "\x80\xbf\x80",
                                "\xc0",
                                "\xc1",
                                "\xc0\xaf",
                                "\xc1\xbf",
                                "\xc2",
                                "\xc2\x41",
                                "\xe0\x80\xaf",
                                "\xe0\x9f\xbf",
                                "\xe2\x82",
                                "\xe2\x28\xa1",
                                "\xed\xa0\x80",
                                "\xed\xad\xbf",
                                "\xed\xae\x80",
                                "\xed\xbf\xbf",
                                "\xed\xa0\x80\xed\xb0\x80",
                                "\xf0\x80\x80\xaf",
                                "\xf0\x8f\xbf\xbf",
                                "\xf0\x90\x80",
                                "\xf4\x90\x80\x80",
                                "\xf5\x80\x80\x80",
                                "\xf7\xbf\xbf\xbf",
                                "\xf8\x88\x80\x80\x80",
                                "\xfc\x84\x80\x80\x80\x80",
                                "\xfe",
                                "\xff",
                                "\xfe\xfe\xff\xff"}) {
            const auto whole = greek + bad;
            cases.push_back({bad, text(whole), "close:1007"});
            cases.push_back({"in fragments", fragments(cut(whole, 1)), "close:1007"});
            cases.push_back({"in the middle", text(greek + bad + "edited"), "close:1007"});
            cases.push_back({"binary", binary(whole), "binary:" + whole});
        }
        check(cases);
    }

    void badUtf8IsRefusedAtTheFirstByteThatCannotBeRight() {
        const auto refusedAfter = [&](const std::string& bytes) {
            auto socket = RawWebSocket::at(salon.port(), "/echo");
            socket.send(bytes);
            // No more is sent: the answer comes before the frame, and the message, are whole.
            CPPUNIT_ASSERT_EQUAL(1007, socket.closedWith());
        };
        const std::string greek = "\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5";
        for (const auto* bad : {"\xf4\x90", "\xed\xa0", "\xc0", "\xe0\x80", "\xff", "\xc2\x41"}) {
            refusedAfter(frameBytes(textFrame, greek + bad)); // a fragment
            const auto frame = text(greek + bad + "\x80\x80" + "edited");
            refusedAfter(frame.substr(0, frame.size() - 8)); // a part of a frame
        }
    }

    void closesAreEchoed() {
        const std::string longest(123, '*');
        std::vector<EchoCase> cases{
            {"without a body", frameBytes(fin | closeFrame, ""), "close:1005"},
            {"with a reason", closeBytes(1000, "Hello World!"), "close:1000"},
            {"with the longest reason", closeBytes(1000, longest), "close:1000"},
            {"behind a message", text("x") + closeBytes(1001), "text:x close:1001"}};
        for (const int code : {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013,
                               1014, 3000, 3999, 4000, 4999}) {
            const auto name = std::to_string(code);
            cases.push_back({name, closeBytes(code), "close:" + name});
            cases.push_back({name, closeBytes(code, hello), "close:" + name});
        }
        check(cases);
    }

    void badClosesAreRefused() {
        std::vector<EchoCase> cases{
            {"one byte", frameBytes(fin | closeFrame, "a"), "close:1002"},
            {"126 bytes", closeBytes(1000, std::string(124, '*')), "close:1002"},
            {"a reason that is not UTF-8", closeBytes(1000, "\xce\xba\xed\xa0\x80"), "close:1007"},
            {"a reason that ends inside a character", closeBytes(1000, "\xe2\x82"), "close:1007"}};
        for (const int code :
             {0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535}) {
            const auto name = std::to_string(code);
            cases.push_back({name, closeBytes(code), "close:1002"});
            cases.push_back({name, closeBytes(code, "reason"), "close:1002"});
        }
        check(cases);
    }

    void nothingIsReadBehindAClose() {
        check({{"a message", closeBytes(1000) + text("x"), "close:1000"},
               {"a ping", closeBytes(1000) + ping("x"), "close:1000"},
               {"another close", closeBytes(3000) + closeBytes(1000), "close:3000"},
               {"nonsense", closeBytes(1000) + "\xff\xff\xff", "close:1000"},
               {"a large message",
                frameBytes(textFrame, "x") + closeBytes(1000) + text(std::string(262'144, 'x')),
                "close:1000"}});
    }

    void messagesOfTheLimitComeBackAndOneByteMoreDoesNot() {
        const std::string most(16 << 20, '*');
        CPPUNIT_ASSERT_EQUAL(word("text", most) + " close:1000", storyOf(text(most)));
        CPPUNIT_ASSERT_EQUAL(word("binary", most) + ' ' + word("binary", most) + " close:1000",
                             storyOf(binary(most) + binary(most)));
        CPPUNIT_ASSERT_EQUAL(word("text", most) + " close:1000",
                             storyOf(fragments(cut(most, 1 << 20))));
        // Its length alone is enough.
        CPPUNIT_ASSERT_EQUAL(std::string("close:1009"),
                             storyOf(text(most + '*').substr(0, 100'000)));
        CPPUNIT_ASSERT_EQUAL(std::string("close:1009"),
                             storyOf(fragments({most, "*"}, {}, binaryFrame)));
    }

    void asManyFragmentsAsTheLimitAreJoinedAndOneMoreIsNot() {
        const std::vector<std::string> most(65536, "x");
        CPPUNIT_ASSERT_EQUAL(word("text", std::string(65536, 'x')) + " close:1000",
                             storyOf(fragments(most)));
        auto more = most;
        more.emplace_back(""); // which many libraries end a message with
        CPPUNIT_ASSERT_EQUAL(word("text", std::string(65536, 'x')) + " close:1000",
                             storyOf(fragments(more)));
        more.back() = "x";
        CPPUNIT_ASSERT_EQUAL(std::string("close:1009"), storyOf(fragments(more)));
    }

    void aThousandMessagesComeBackInOrder() {
        auto socket = RawWebSocket::at(salon.port(), "/echo");
        std::string all;
        for (int i = 0; i < 1000; ++i)
            all += i % 2 ? text(std::to_string(i)) : ping(std::to_string(i));
        socket.send(all);
        for (int i = 0; i < 1000; ++i) {
            const auto frame = socket.incoming();
            CPPUNIT_ASSERT_EQUAL(i % 2 ? textFrame : pongFrame, frame.opcode);
            CPPUNIT_ASSERT_EQUAL(std::to_string(i), frame.payload);
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(EchoFramingTest);
