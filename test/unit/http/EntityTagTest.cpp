#include "salon/EntityTag.h"

#include <cppunit/extensions/HelperMacros.h>

using salon::entityTag;
using salon::namesTag;

class EntityTagTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(EntityTagTest);
    CPPUNIT_TEST(aTagIsThatOfTheBytes);
    CPPUNIT_TEST(aTagIsFoundInAList);
    CPPUNIT_TEST(whatNamesNoTagFindsNone);
    CPPUNIT_TEST_SUITE_END();

public:
    void aTagIsThatOfTheBytes() {
        // The first 12 bytes of SHA-256 of nothing (FIPS 180-4).
        CPPUNIT_ASSERT_EQUAL(std::string("\"e3b0c44298fc1c149afbf4c8\""), entityTag(""));
        CPPUNIT_ASSERT(entityTag("a") != entityTag("b"));
    }

    void aTagIsFoundInAList() {
        for (const auto* field :
             {"\"x\"", "W/\"x\"", "\"a\", \"x\"", "\"a\" ,\t\"x\" , \"b\"", "*", "\"a\",W/\"x\""}) {
            CPPUNIT_ASSERT_MESSAGE(field, namesTag(field, "\"x\""));
        }
    }

    void whatNamesNoTagFindsNone() {
        CPPUNIT_ASSERT(!namesTag(std::nullopt, "\"x\""));
        for (const auto* field : {"", ",", "x", "\"X\"", "W/", "w/\"x\"", "\"x", "**"}) {
            CPPUNIT_ASSERT_MESSAGE(field, !namesTag(field, "\"x\""));
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(EntityTagTest);
