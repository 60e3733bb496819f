#include "store/Availability.h"

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>

using salon::store::Availability;

class AvailabilityTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(AvailabilityTest);
    CPPUNIT_TEST(aDoubtIsLookedIntoAtOnceAndOnce);
    CPPUNIT_TEST_SUITE_END();

public:
    void aDoubtIsLookedIntoAtOnceAndOnce() {
        Availability availability;
        availability.doubt();
        availability.waitForLoss(std::chrono::hours(1));
        CPPUNIT_ASSERT(availability.well());
        const auto before = std::chrono::steady_clock::now();
        const std::chrono::milliseconds time(5);
        availability.waitForLoss(time);
        CPPUNIT_ASSERT(std::chrono::steady_clock::now() - before >= time);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(AvailabilityTest);
