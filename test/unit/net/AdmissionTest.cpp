#include "net/Admission.h"

#include <cppunit/extensions/HelperMacros.h>

using salon::net::Admission;
using salon::net::PeerAddress;

class AdmissionTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(AdmissionTest);
    CPPUNIT_TEST(theLimitInAllIsExact);
    CPPUNIT_TEST(eachAddressHasItsOwnLimit);
    CPPUNIT_TEST(aNetworkOfIpv6CountsAsOne);
    CPPUNIT_TEST(zeroIsNoLimit);
    CPPUNIT_TEST(addressesAreWrittenAsPeopleWriteThem);
    CPPUNIT_TEST_SUITE_END();

    using Verdict = Admission::Verdict;

    static PeerAddress address(const char* text) {
        const auto address = PeerAddress::parse(text);
        CPPUNIT_ASSERT_MESSAGE(text, address);
        return *address;
    }

public:
    void theLimitInAllIsExact() {
        Admission admission(2, 0);
        CPPUNIT_ASSERT(admission.admit(address("192.0.2.1")) == Verdict::admitted);
        CPPUNIT_ASSERT(admission.admit(address("192.0.2.2")) == Verdict::admitted);
        CPPUNIT_ASSERT(admission.admit(address("192.0.2.3")) == Verdict::full);
        admission.leave(address("192.0.2.1"));
        CPPUNIT_ASSERT(admission.admit(address("192.0.2.3")) == Verdict::admitted);
    }
    void eachAddressHasItsOwnLimit() {
        Admission admission(0, 1);
        CPPUNIT_ASSERT(admission.admit(address("192.0.2.1")) == Verdict::admitted);
        CPPUNIT_ASSERT(admission.admit(address("192.0.2.1")) == Verdict::addressFull);
        CPPUNIT_ASSERT(admission.admit(address("192.0.2.2")) == Verdict::admitted);
        admission.leave(address("192.0.2.1"));
        CPPUNIT_ASSERT(admission.admit(address("192.0.2.1")) == Verdict::admitted);
    }
    void aNetworkOfIpv6CountsAsOne() {
        Admission admission(0, 1);
        CPPUNIT_ASSERT(admission.admit(address("2001:db8:1:2::1")) == Verdict::admitted);
        CPPUNIT_ASSERT(admission.admit(address("2001:db8:1:2:ffff::9")) == Verdict::addressFull);
        CPPUNIT_ASSERT(admission.admit(address("2001:db8:1:3::1")) == Verdict::admitted);
    }
    void zeroIsNoLimit() {
        Admission admission(0, 0);
        for (int i = 0; i < 1000; ++i) {
            CPPUNIT_ASSERT(admission.admit(address("192.0.2.1")) == Verdict::admitted);
        }
    }
    void addressesAreWrittenAsPeopleWriteThem() {
        CPPUNIT_ASSERT_EQUAL(std::string("192.0.2.1"), address("192.0.2.1").text());
        CPPUNIT_ASSERT_EQUAL(std::string("192.0.2.1"), address("::ffff:192.0.2.1").text());
        CPPUNIT_ASSERT_EQUAL(std::string("2001:db8::1"), address("2001:db8::1").text());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(AdmissionTest);
