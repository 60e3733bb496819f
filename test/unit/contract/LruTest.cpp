#include "salon/Lru.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>

class LruTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(LruTest);
    CPPUNIT_TEST(theLongestUnusedIsForgotten);
    CPPUNIT_TEST(aNewValueReplacesTheOld);
    CPPUNIT_TEST(whatIsErasedIsGone);
    CPPUNIT_TEST_SUITE_END();

public:
    void theLongestUnusedIsForgotten() {
        salon::Lru<int, std::string> lru(2);
        lru.put(1, "one");
        lru.put(2, "two");
        CPPUNIT_ASSERT(lru.get(1));
        lru.put(3, "three");
        CPPUNIT_ASSERT(!lru.get(2));
        CPPUNIT_ASSERT(lru.get(1) == std::string("one"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, lru.size());
    }
    void aNewValueReplacesTheOld() {
        salon::Lru<int, std::string> lru(2);
        lru.put(1, "one");
        lru.put(1, "uno");
        CPPUNIT_ASSERT(lru.get(1) == std::string("uno"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, lru.size());
    }
    void whatIsErasedIsGone() {
        salon::Lru<int, std::string> lru(2);
        lru.put(1, "one");
        lru.erase(1);
        lru.erase(7);
        CPPUNIT_ASSERT(!lru.get(1));
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, lru.size());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(LruTest);
