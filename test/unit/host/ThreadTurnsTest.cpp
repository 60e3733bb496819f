#include "host/ThreadTurns.h"

#include "TurnLength.h"

#include <cppunit/extensions/HelperMacros.h>
#include <sys/resource.h>

#include <cstdint>
#include <thread>

using namespace salon;
using salon::test::turnLength;

/// How a thread shares a processor with others, as the kernel tells it.
class ThreadTurnsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ThreadTurnsTest);
    CPPUNIT_TEST(aThreadThatPeopleWaitForHasShortTurns);
    CPPUNIT_TEST(aThreadThatYieldsHasTheLeastPriority);
    CPPUNIT_TEST_SUITE_END();

public:
    void aThreadThatPeopleWaitForHasShortTurns() {
        const auto usual = turnLength();
        const auto priority = ::getpriority(PRIO_PROCESS, 0);
        std::uint64_t length = 0;
        int kept = -99;
        std::thread([&] {
            ThreadTurns::soon();
            length = turnLength();
            kept = ::getpriority(PRIO_PROCESS, 0);
        }).join();
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{usual == 0 ? 0u : 100'000u}, length);
        CPPUNIT_ASSERT_EQUAL(priority, kept);
        CPPUNIT_ASSERT_EQUAL(usual, turnLength());
    }

    void aThreadThatYieldsHasTheLeastPriority() {
        int there = -99;
        std::thread([&] {
            ThreadTurns::yielding();
            there = ::getpriority(PRIO_PROCESS, 0);
        }).join();
        CPPUNIT_ASSERT_EQUAL(19, there);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ThreadTurnsTest);
