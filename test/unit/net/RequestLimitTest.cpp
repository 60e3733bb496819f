#include "net/RequestLimit.h"

#include <cppunit/extensions/HelperMacros.h>

using salon::net::PeerAddress;
using salon::net::RequestLimit;
using namespace std::chrono_literals;

class RequestLimitTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(RequestLimitTest);
    CPPUNIT_TEST(aBurstIsFiveSecondsWorthAndNotOneMore);
    CPPUNIT_TEST(whoWaitsMayGoOnAtTheRate);
    CPPUNIT_TEST(aPauseFillsTheBurstAgain);
    CPPUNIT_TEST(aRefusedRequestCostsNothing);
    CPPUNIT_TEST(anIpv6NetworkCountsAsOne);
    CPPUNIT_TEST(theMachineItselfIsNotCounted);
    CPPUNIT_TEST(zeroIsNoLimit);
    CPPUNIT_TEST(whatIsLongQuietIsForgottenFirst);
    CPPUNIT_TEST_SUITE_END();

    static PeerAddress address(const char* text) { return PeerAddress::parse(text).value(); }
    const RequestLimit::Clock::time_point start{1000s};
    const PeerAddress one = address("192.0.2.1");

    /// How many pass at that time, one after the other.
    static int passing(RequestLimit& limit, const PeerAddress& client,
                       RequestLimit::Clock::time_point now) {
        int passed = 0;
        while (passed < 1000 && !limit.admit(client, now)) ++passed;
        return passed;
    }

public:
    void aBurstIsFiveSecondsWorthAndNotOneMore() {
        RequestLimit limit(10);
        CPPUNIT_ASSERT_EQUAL(50, passing(limit, one, start));
        CPPUNIT_ASSERT_EQUAL(50, passing(limit, address("192.0.2.2"), start));
    }
    void whoWaitsMayGoOnAtTheRate() {
        RequestLimit limit(10);
        passing(limit, one, start);
        CPPUNIT_ASSERT(limit.admit(one, start) == 1s);
        CPPUNIT_ASSERT_EQUAL(0, passing(limit, one, start + 99ms));
        CPPUNIT_ASSERT_EQUAL(1, passing(limit, one, start + 100ms));
        CPPUNIT_ASSERT_EQUAL(10, passing(limit, one, start + 1100ms));
    }
    void aPauseFillsTheBurstAgain() {
        RequestLimit limit(10);
        passing(limit, one, start);
        CPPUNIT_ASSERT_EQUAL(50, passing(limit, one, start + 1h));
    }
    void aRefusedRequestCostsNothing() {
        RequestLimit limit(1);
        passing(limit, one, start);
        for (int i = 0; i < 100; ++i) CPPUNIT_ASSERT(limit.admit(one, start) == 1s);
        CPPUNIT_ASSERT(!limit.admit(one, start + 1s));
    }
    void anIpv6NetworkCountsAsOne() {
        RequestLimit limit(1);
        CPPUNIT_ASSERT_EQUAL(5, passing(limit, address("2001:db8:1:2::1"), start));
        CPPUNIT_ASSERT_EQUAL(0, passing(limit, address("2001:db8:1:2:ffff::9"), start));
        CPPUNIT_ASSERT_EQUAL(5, passing(limit, address("2001:db8:1:3::1"), start));
    }
    void theMachineItselfIsNotCounted() {
        RequestLimit limit(1);
        CPPUNIT_ASSERT_EQUAL(1000, passing(limit, address("127.0.0.1"), start));
        CPPUNIT_ASSERT_EQUAL(1000, passing(limit, address("127.9.9.9"), start));
        CPPUNIT_ASSERT_EQUAL(1000, passing(limit, address("::1"), start));
        CPPUNIT_ASSERT_EQUAL(5, passing(limit, address("::2"), start));
    }
    void zeroIsNoLimit() {
        RequestLimit limit(0);
        CPPUNIT_ASSERT_EQUAL(1000, passing(limit, one, start));
    }
    void whatIsLongQuietIsForgottenFirst() {
        RequestLimit limit(1, 2);
        passing(limit, one, start);
        passing(limit, address("192.0.2.2"), start);
        CPPUNIT_ASSERT(limit.admit(one, start)); // asked for, so remembered
        CPPUNIT_ASSERT_EQUAL(5, passing(limit, address("192.0.2.3"), start));
        CPPUNIT_ASSERT(limit.admit(one, start));
        CPPUNIT_ASSERT_EQUAL(5, passing(limit, address("192.0.2.2"), start));
    }
};
CPPUNIT_TEST_SUITE_REGISTRATION(RequestLimitTest);
