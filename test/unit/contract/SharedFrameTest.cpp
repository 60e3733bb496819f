#include "salon/SharedFrame.h"

#include "websocket/WebSocketCodec.h"

#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <string>
#include <thread>
#include <utility>

using salon::SharedFrame;

class SharedFrameTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SharedFrameTest);
    CPPUNIT_TEST(aTextFrameIsTheExampleOfTheRfc);
    CPPUNIT_TEST(theHeaderGrowsWithTheLength);
    CPPUNIT_TEST(anEncodedFrameKnowsItsPayload);
    CPPUNIT_TEST(copiesShareTheBytes);
    CPPUNIT_TEST(anEmptyFrameTestsFalse);
    CPPUNIT_TEST(threadsMayDropCopiesAtTheSameMoment);
    CPPUNIT_TEST(aVariantIsMadeOnceAndOutlivesItsFrame);
    CPPUNIT_TEST(thatThereIsNoVariantIsRememberedToo);
    CPPUNIT_TEST(messagesAreTextBinaryOrCompressed);
    CPPUNIT_TEST_SUITE_END();

public:
    void aTextFrameIsTheExampleOfTheRfc() {
        const auto frame = SharedFrame::text("Hello"); // RFC 6455, 5.7
        CPPUNIT_ASSERT_EQUAL(std::string("\x81\x05Hello"), std::string(frame.bytes()));
        CPPUNIT_ASSERT_EQUAL(std::string("Hello"), std::string(frame.payload()));
    }

    void theHeaderGrowsWithTheLength() {
        for (const auto& [size, header] : {std::pair<std::size_t, std::size_t>{0, 2},
                                           {125, 2},
                                           {126, 4},
                                           {65535, 4},
                                           {65536, 10}}) {
            const std::string text(size, 'x');
            const auto frame = SharedFrame::text(text);
            CPPUNIT_ASSERT_EQUAL(header + size, frame.bytes().size());
            CPPUNIT_ASSERT(frame.payload() == text);
        }
    }

    void anEncodedFrameKnowsItsPayload() {
        const auto ping = SharedFrame::encoded(salon::net::encodePing("beat"));
        CPPUNIT_ASSERT_EQUAL(std::string("beat"), std::string(ping.payload()));
        const auto text = SharedFrame::text(std::string(70000, 'x'));
        CPPUNIT_ASSERT(SharedFrame::encoded(text.bytes()).payload() == text.payload());
        CPPUNIT_ASSERT(SharedFrame::encoded("").payload().empty());
        CPPUNIT_ASSERT(SharedFrame::encoded("\x81").payload().empty());
        CPPUNIT_ASSERT(SharedFrame::encoded("\x81\x7f").payload().empty());
    }

    void copiesShareTheBytes() {
        SharedFrame last;
        {
            const auto first = SharedFrame::text("shared");
            auto second = first;
            CPPUNIT_ASSERT(first.bytes().data() == second.bytes().data());
            last = std::move(second);
            CPPUNIT_ASSERT(first.bytes().data() == last.bytes().data());
        }
        CPPUNIT_ASSERT_EQUAL(std::string("shared"), std::string(last.payload()));
    }

    void anEmptyFrameTestsFalse() {
        SharedFrame frame;
        CPPUNIT_ASSERT(!frame);
        frame = SharedFrame::text("");
        CPPUNIT_ASSERT(frame);
        frame = SharedFrame();
        CPPUNIT_ASSERT(!frame);
    }

    void threadsMayDropCopiesAtTheSameMoment() {
        auto frame = SharedFrame::text("hot");
        const auto useCopies = [frame] {
            for (int i = 0; i < 1000; ++i) {
                const auto copy = frame; // NOLINT(performance-unnecessary-copy-initialization)
                CPPUNIT_ASSERT(copy.payload() == "hot");
            }
        };
        std::thread one(useCopies);
        std::thread two(useCopies);
        frame = SharedFrame();
        one.join();
        two.join();
    }

    void aVariantIsMadeOnceAndOutlivesItsFrame() {
        auto frame = SharedFrame::text("a message");
        int made = 0;
        const auto make = [&] { return SharedFrame::text("form " + std::to_string(++made)); };
        const auto nine = frame.variant(9, make);
        const auto ten = frame.variant(10, make);
        CPPUNIT_ASSERT_EQUAL(std::string("form 1"), std::string(frame.variant(9, make).payload()));
        CPPUNIT_ASSERT_EQUAL(std::string("form 2"), std::string(frame.variant(10, make).payload()));
        CPPUNIT_ASSERT_EQUAL(2, made);
        frame = SharedFrame();
        CPPUNIT_ASSERT_EQUAL(std::string("form 1"), std::string(nine.payload()));
        CPPUNIT_ASSERT_EQUAL(std::string("form 2"), std::string(ten.payload()));
    }

    void thatThereIsNoVariantIsRememberedToo() {
        const auto frame = SharedFrame::text("a message");
        int asked = 0;
        const auto none = [&] {
            ++asked;
            return SharedFrame();
        };
        for (int i = 0; i < 3; ++i) CPPUNIT_ASSERT(frame.variant(1, none).bytes().empty());
        CPPUNIT_ASSERT_EQUAL(1, asked);
    }

    void messagesAreTextBinaryOrCompressed() {
        CPPUNIT_ASSERT_EQUAL(std::string("\x82\x02\xff\0", 4),
                             std::string(SharedFrame::binary({"\xff\0", 2}).bytes()));
        CPPUNIT_ASSERT_EQUAL(std::string("\xc1\x01x"),
                             std::string(SharedFrame::compressed(0x1, "x").bytes()));
        CPPUNIT_ASSERT_EQUAL(std::string("\xc2\x01x"),
                             std::string(SharedFrame::compressed(0x2, "x").bytes()));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SharedFrameTest);
