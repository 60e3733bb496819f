#include "net/ProxyList.h"

#include <cppunit/extensions/HelperMacros.h>

using salon::net::PeerAddress;
using salon::net::ProxyList;

class ProxyListTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ProxyListTest);
    CPPUNIT_TEST(networksHoldTheirAddresses);
    CPPUNIT_TEST(aStrangersWordIsNotTaken);
    CPPUNIT_TEST(theLastAddressBeforeTheProxiesIsTheClients);
    CPPUNIT_TEST(whatIsNoAddressEndsTheSearch);
    CPPUNIT_TEST(badListsAreRefused);
    CPPUNIT_TEST_SUITE_END();

    static PeerAddress address(const char* text) { return *PeerAddress::parse(text); }
    static ProxyList list(const char* text) {
        auto parsed = ProxyList::parse(text);
        CPPUNIT_ASSERT_MESSAGE(text, parsed);
        return *parsed;
    }
    static std::string client(const char* proxies, const char* peer, const char* forwarded) {
        return list(proxies).client(address(peer), forwarded).text();
    }

public:
    void networksHoldTheirAddresses() {
        const auto proxies = list("127.0.0.1, 10.0.0.0/8,2001:db8::/33 , ::1");
        for (const auto* in :
             {"127.0.0.1", "10.255.0.1", "2001:db8:7fff::1", "::1", "::ffff:10.1.2.3"}) {
            CPPUNIT_ASSERT_MESSAGE(in, proxies.contains(address(in)));
        }
        for (const auto* out : {"127.0.0.2", "11.0.0.0", "2001:db8:8000::1", "::2"}) {
            CPPUNIT_ASSERT_MESSAGE(out, !proxies.contains(address(out)));
        }
        CPPUNIT_ASSERT(list("0.0.0.0/0").contains(address("8.8.8.8")));
        CPPUNIT_ASSERT(!list("0.0.0.0/0").contains(address("2001:db8::1")));
        CPPUNIT_ASSERT(!list("").contains(address("127.0.0.1")));
    }
    void aStrangersWordIsNotTaken() {
        CPPUNIT_ASSERT_EQUAL(std::string("203.0.113.9"),
                             client("127.0.0.1", "203.0.113.9", "192.0.2.1"));
        CPPUNIT_ASSERT_EQUAL(std::string("203.0.113.9"), client("", "203.0.113.9", "192.0.2.1"));
    }
    void theLastAddressBeforeTheProxiesIsTheClients() {
        CPPUNIT_ASSERT_EQUAL(std::string("192.0.2.1"),
                             client("127.0.0.1", "127.0.0.1", "192.0.2.1"));
        CPPUNIT_ASSERT_EQUAL(std::string("192.0.2.1"), client("127.0.0.1,10.0.0.0/8", "127.0.0.1",
                                                              "6.6.6.6, 192.0.2.1, 10.0.0.9"));
        CPPUNIT_ASSERT_EQUAL(std::string("127.0.0.1"), client("127.0.0.1", "127.0.0.1", ""));
    }
    void whatIsNoAddressEndsTheSearch() {
        CPPUNIT_ASSERT_EQUAL(std::string("127.0.0.1"),
                             client("127.0.0.1", "127.0.0.1", "6.6.6.6, unknown"));
        CPPUNIT_ASSERT_EQUAL(std::string("10.0.0.9"),
                             client("127.0.0.1,10.0.0.0/8", "127.0.0.1", "6.6.6.6, x, 10.0.0.9"));
    }
    void badListsAreRefused() {
        for (const auto* text :
             {"localhost", "10.0.0.0/33", "10.0.0.0/", "::1/129", "1.2.3", "10.0.0.0/-1"}) {
            CPPUNIT_ASSERT_MESSAGE(text, !ProxyList::parse(text));
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ProxyListTest);
