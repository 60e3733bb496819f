#include "account/RegistrationLimit.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>

using salon::auth::RegistrationLimit;
using namespace std::chrono_literals;

class RegistrationLimitTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(RegistrationLimitTest);
    CPPUNIT_TEST(theLastOneThatIsAllowedIsAllowed);
    CPPUNIT_TEST(theHourEndsToTheMillisecond);
    CPPUNIT_TEST(whoComesLaterWaitsLess);
    CPPUNIT_TEST(refusedOnesDoNotProlongTheWait);
    CPPUNIT_TEST(addressesAreCountedApart);
    CPPUNIT_TEST(oneNetworkOfIpv6IsOneAddress);
    CPPUNIT_TEST(bothSpellingsOfIpv4AreOneAddress);
    CPPUNIT_TEST(whatCameToNothingIsGivenBack);
    CPPUNIT_TEST(noLimitCountsNothing);
    CPPUNIT_TEST(itsMemoryIsBounded);
    CPPUNIT_TEST(hoursThatAreOverAreForgotten);
    CPPUNIT_TEST_SUITE_END();

    RegistrationLimit::Clock::time_point start{1000h};

public:
    void theLastOneThatIsAllowedIsAllowed() {
        RegistrationLimit limit(2);
        CPPUNIT_ASSERT(!limit.admit("192.0.2.1", start));
        CPPUNIT_ASSERT(!limit.admit("192.0.2.1", start));
        CPPUNIT_ASSERT(limit.admit("192.0.2.1", start) == 3600s);
    }

    void theHourEndsToTheMillisecond() {
        RegistrationLimit limit(1);
        CPPUNIT_ASSERT(!limit.admit("192.0.2.1", start));
        CPPUNIT_ASSERT(limit.admit("192.0.2.1", start + 1h - 1ms) == 1s);
        CPPUNIT_ASSERT(!limit.admit("192.0.2.1", start + 1h));
        CPPUNIT_ASSERT(limit.admit("192.0.2.1", start + 2h - 1ms) == 1s);
    }

    void whoComesLaterWaitsLess() {
        RegistrationLimit limit(1);
        CPPUNIT_ASSERT(!limit.admit("192.0.2.1", start));
        CPPUNIT_ASSERT(limit.admit("192.0.2.1", start + 10min) == 50min);
        CPPUNIT_ASSERT(limit.admit("192.0.2.1", start + 10min + 1ms) == 50min);
    }

    void refusedOnesDoNotProlongTheWait() {
        RegistrationLimit limit(1);
        CPPUNIT_ASSERT(!limit.admit("192.0.2.1", start));
        for (auto at = start; at < start + 1h; at += 1min) {
            CPPUNIT_ASSERT(limit.admit("192.0.2.1", at));
        }
        CPPUNIT_ASSERT(!limit.admit("192.0.2.1", start + 1h));
    }

    void addressesAreCountedApart() {
        RegistrationLimit limit(1);
        for (const std::string address :
             {"192.0.2.1", "192.0.2.2", "10.0.0.1", "2001:db8::1", "2001:db8:0:1::1", "::1"}) {
            CPPUNIT_ASSERT_MESSAGE(address, !limit.admit(address, start));
            CPPUNIT_ASSERT_MESSAGE(address, limit.admit(address, start));
        }
    }

    void oneNetworkOfIpv6IsOneAddress() {
        RegistrationLimit limit(1);
        CPPUNIT_ASSERT(!limit.admit("2001:db8:1:2::1", start));
        CPPUNIT_ASSERT(limit.admit("2001:db8:1:2:ffff:ffff:ffff:ffff", start));
        CPPUNIT_ASSERT(limit.admit("2001:DB8:1:2::1%eth0", start));
        CPPUNIT_ASSERT(!limit.admit("2001:db8:1:3::1", start));
    }

    void bothSpellingsOfIpv4AreOneAddress() {
        RegistrationLimit limit(1);
        CPPUNIT_ASSERT(!limit.admit("192.0.2.1", start));
        CPPUNIT_ASSERT(limit.admit("::ffff:192.0.2.1", start));
        CPPUNIT_ASSERT(!limit.admit("::ffff:192.0.2.2", start));
    }

    void whatCameToNothingIsGivenBack() {
        RegistrationLimit limit(1);
        CPPUNIT_ASSERT(!limit.admit("192.0.2.1", start));
        limit.withdraw("192.0.2.1");
        limit.withdraw("192.0.2.1");
        limit.withdraw("192.0.2.9");
        CPPUNIT_ASSERT(!limit.admit("192.0.2.1", start));
        CPPUNIT_ASSERT(limit.admit("192.0.2.1", start));
    }

    void noLimitCountsNothing() {
        RegistrationLimit limit(0);
        for (int i = 0; i < 100; ++i) CPPUNIT_ASSERT(!limit.admit("192.0.2.1", start));
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, limit.addresses());
    }

    void itsMemoryIsBounded() {
        RegistrationLimit limit(1, 3);
        CPPUNIT_ASSERT(!limit.admit("192.0.2.1", start));
        CPPUNIT_ASSERT(!limit.admit("192.0.2.2", start + 1s));
        CPPUNIT_ASSERT(!limit.admit("192.0.2.3", start + 2s));
        CPPUNIT_ASSERT(limit.admit("192.0.2.1", start + 3s));
        CPPUNIT_ASSERT(!limit.admit("192.0.2.4", start + 4s));
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, limit.addresses());
        // The first was forgotten for the fourth, and no other.
        CPPUNIT_ASSERT(limit.admit("192.0.2.2", start + 5s));
        CPPUNIT_ASSERT(!limit.admit("192.0.2.1", start + 6s));
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, limit.addresses());
    }

    void hoursThatAreOverAreForgotten() {
        RegistrationLimit limit(5);
        for (int i = 0; i < 100; ++i) {
            CPPUNIT_ASSERT(!limit.admit("10.0.0." + std::to_string(i), start));
        }
        CPPUNIT_ASSERT_EQUAL(std::size_t{100}, limit.addresses());
        CPPUNIT_ASSERT(!limit.admit("192.0.2.1", start + 1h));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, limit.addresses());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(RegistrationLimitTest);
