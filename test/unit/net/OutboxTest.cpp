#include "net/Outbox.h"

#include "net/Fd.h"

#include <cppunit/extensions/HelperMacros.h>

#include <fcntl.h>
#include <sys/socket.h>

#include <string>

using salon::SharedFrame;
using salon::net::Fd;
using salon::net::Outbox;

class OutboxTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(OutboxTest);
    CPPUNIT_TEST(framesArriveInOrder);
    CPPUNIT_TEST(aSlowReaderGetsEverythingInPieces);
    CPPUNIT_TEST(droppingKeepsWhatIsHalfSent);
    CPPUNIT_TEST(aPeerThatIsGoneIsSeen);
    CPPUNIT_TEST_SUITE_END();

    Fd _ours;
    Fd _theirs;

    std::string read() {
        std::string all;
        char buffer[65536];
        for (;;) {
            const auto got = ::recv(_theirs.get(), buffer, sizeof buffer, MSG_DONTWAIT);
            if (got <= 0) return all;
            all.append(buffer, static_cast<std::size_t>(got));
        }
    }

public:
    void setUp() override {
        int pair[2];
        CPPUNIT_ASSERT_EQUAL(0, ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair));
        _ours = Fd(pair[0]);
        _theirs = Fd(pair[1]);
    }
    void tearDown() override {
        _ours.reset();
        _theirs.reset();
    }

    void framesArriveInOrder() {
        Outbox outbox;
        std::string expected;
        for (int i = 0; i < 1000; ++i) {
            const auto text = "frame " + std::to_string(i) + ';';
            expected += text;
            outbox.push(SharedFrame::encoded(text));
        }
        CPPUNIT_ASSERT_EQUAL(expected.size(), outbox.bytes());
        CPPUNIT_ASSERT(outbox.flush(_ours.get()) == Outbox::Sent::all);
        CPPUNIT_ASSERT_EQUAL(expected, read());
        CPPUNIT_ASSERT(outbox.empty());
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, outbox.bytes());
    }

    void aSlowReaderGetsEverythingInPieces() {
        Outbox outbox;
        std::string expected;
        for (int i = 0; i < 3000; ++i) {
            const auto text = std::string(997, static_cast<char>('a' + i % 26));
            expected += text;
            outbox.push(SharedFrame::encoded(text));
        }
        std::string got;
        CPPUNIT_ASSERT(outbox.flush(_ours.get()) == Outbox::Sent::some);
        while (!outbox.empty()) {
            got += read();
            CPPUNIT_ASSERT(outbox.flush(_ours.get()) != Outbox::Sent::failed);
        }
        got += read();
        CPPUNIT_ASSERT(expected == got);
    }

    void droppingKeepsWhatIsHalfSent() {
        Outbox outbox;
        const std::string large(8 << 20, 'x');
        outbox.push(SharedFrame::encoded(large));
        outbox.push(SharedFrame::encoded("dropped"));
        CPPUNIT_ASSERT(outbox.flush(_ours.get()) == Outbox::Sent::some);
        outbox.dropUnsent();
        outbox.push(SharedFrame::encoded("last"));
        std::string got;
        while (!outbox.empty()) {
            got += read();
            CPPUNIT_ASSERT(outbox.flush(_ours.get()) != Outbox::Sent::failed);
        }
        got += read();
        CPPUNIT_ASSERT(large + "last" == got);
    }

    void aPeerThatIsGoneIsSeen() {
        _theirs.reset();
        Outbox outbox;
        outbox.push(SharedFrame::encoded("anybody?"));
        CPPUNIT_ASSERT(outbox.flush(_ours.get()) == Outbox::Sent::failed);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(OutboxTest);
