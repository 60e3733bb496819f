#include "net/TimerWheel.h"

#include <cppunit/extensions/HelperMacros.h>

#include <vector>

using salon::net::TimerNode;
using salon::net::TimerWheel;

class TimerWheelTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(TimerWheelTest);
    CPPUNIT_TEST(aDeadlineComesAtItsTickAndOnce);
    CPPUNIT_TEST(aDeadlineThatMovesAwayComesLater);
    CPPUNIT_TEST(aDeadlineThatMovesNearerComesEarlier);
    CPPUNIT_TEST(deadlinesBeyondALapAreKept);
    CPPUNIT_TEST(aLongSleepMissesNone);
    CPPUNIT_TEST(aCallMayDisarmItsNeighbours);
    CPPUNIT_TEST(aCrowdIsTakenByAFewAtATime);
    CPPUNIT_TEST_SUITE_END();

    static int dueAt(TimerWheel& wheel, std::uint64_t tick) {
        int count = 0;
        wheel.advance(tick, 1'000'000, [&](TimerNode&) { ++count; });
        return count;
    }

public:
    void aDeadlineComesAtItsTickAndOnce() {
        TimerWheel wheel;
        TimerNode node;
        wheel.arm(node, 5);
        CPPUNIT_ASSERT_EQUAL(0, dueAt(wheel, 4));
        CPPUNIT_ASSERT_EQUAL(1, dueAt(wheel, 5));
        CPPUNIT_ASSERT(wheel.empty());
        CPPUNIT_ASSERT_EQUAL(0, dueAt(wheel, 2000));
    }
    void aDeadlineThatMovesAwayComesLater() {
        TimerWheel wheel;
        TimerNode node;
        wheel.arm(node, 5);
        wheel.arm(node, 9);
        CPPUNIT_ASSERT_EQUAL(0, dueAt(wheel, 8));
        CPPUNIT_ASSERT_EQUAL(1, dueAt(wheel, 9));
    }
    void aDeadlineThatMovesNearerComesEarlier() {
        TimerWheel wheel;
        TimerNode node;
        wheel.arm(node, 300);
        wheel.arm(node, 3);
        CPPUNIT_ASSERT_EQUAL(1, dueAt(wheel, 3));
        CPPUNIT_ASSERT(wheel.empty());
    }
    void deadlinesBeyondALapAreKept() {
        TimerWheel wheel;
        TimerNode node;
        wheel.arm(node, 5000);
        for (std::uint64_t tick = 1; tick < 5000; ++tick)
            CPPUNIT_ASSERT_EQUAL(0, dueAt(wheel, tick));
        CPPUNIT_ASSERT_EQUAL(1, dueAt(wheel, 5000));
    }
    void aLongSleepMissesNone() {
        TimerWheel wheel;
        std::vector<TimerNode> nodes(1000);
        for (std::size_t i = 0; i < nodes.size(); ++i) wheel.arm(nodes[i], i * 7 + 1);
        CPPUNIT_ASSERT_EQUAL(1000, dueAt(wheel, 1'000'000));
        CPPUNIT_ASSERT(wheel.empty());
    }
    void aCallMayDisarmItsNeighbours() {
        TimerWheel wheel;
        TimerNode first;
        TimerNode second;
        wheel.arm(first, 5);
        wheel.arm(second, 5);
        int count = 0;
        wheel.advance(5, 10, [&](TimerNode& node) {
            ++count;
            wheel.disarm(&node == &first ? second : first);
        });
        CPPUNIT_ASSERT_EQUAL(1, count);
        CPPUNIT_ASSERT(wheel.empty());
    }
    void aCrowdIsTakenByAFewAtATime() {
        TimerWheel wheel;
        std::vector<TimerNode> nodes(10);
        for (auto& node : nodes) wheel.arm(node, 5);
        TimerNode later;
        wheel.arm(later, 6);
        TimerNode farAway;
        wheel.arm(farAway, 600);
        int count = 0;
        const auto few = [&](std::uint64_t tick) {
            return wheel.advance(tick, 4, [&](TimerNode&) { ++count; });
        };
        CPPUNIT_ASSERT(!few(5));
        CPPUNIT_ASSERT_EQUAL(4, count);
        // One that is armed meanwhile comes in its turn, also when the clock has gone on.
        wheel.arm(nodes[0], 6);
        CPPUNIT_ASSERT(!few(6));
        CPPUNIT_ASSERT_EQUAL(8, count);
        CPPUNIT_ASSERT(few(6));
        CPPUNIT_ASSERT_EQUAL(12, count);
        CPPUNIT_ASSERT(few(599));
        CPPUNIT_ASSERT_EQUAL(12, count);
        CPPUNIT_ASSERT(few(600));
        CPPUNIT_ASSERT_EQUAL(13, count);
        CPPUNIT_ASSERT(wheel.empty());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(TimerWheelTest);
