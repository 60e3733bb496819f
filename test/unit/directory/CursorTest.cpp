#include "directory/Cursor.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>

using namespace salon::directory;

class CursorTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(CursorTest);
    CPPUNIT_TEST(aPlaceComesBackAsItWas);
    CPPUNIT_TEST(aCursorNeedsNoEscapes);
    CPPUNIT_TEST(garbageIsNoCursor);
    CPPUNIT_TEST(aCursorBelongsToItsSearch);
    CPPUNIT_TEST_SUITE_END();

public:
    void aPlaceComesBackAsItWas() {
        for (std::size_t length = 1; length < 40; ++length) {
            const Place place{"an" + std::string(length, 'n'), "ольга", 1234567890123};
            CPPUNIT_ASSERT(place == readCursor(cursorOf(place), "an"));
        }
        const Place everybody{"", "zoe", 1};
        CPPUNIT_ASSERT(everybody == readCursor(cursorOf(everybody), ""));
        const Place largest{std::string(longestWord, 'w'), std::string(longestWord, 'n'), 1};
        CPPUNIT_ASSERT(largest == readCursor(cursorOf(largest), "w"));
    }

    void aCursorNeedsNoEscapes() {
        for (int c = 0x20; c < 0x7f; ++c) {
            const auto cursor = cursorOf({std::string(3, static_cast<char>(c)), "ж", c});
            CPPUNIT_ASSERT_EQUAL(cursor.npos,
                                 cursor.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijkl"
                                                          "mnopqrstuvwxyz0123456789-_"));
        }
    }

    void garbageIsNoCursor() {
        const auto good = cursorOf({"anna", "anna", 2});
        for (const auto& text :
             {std::string(), std::string("x"), std::string("12"), std::string("%%%"), good + "A",
              good + "=", good + "\n", good.substr(1), good.substr(0, good.size() - 1),
              std::string("\xff\xfe"), std::string(100000, 'A')}) {
            CPPUNIT_ASSERT_MESSAGE(text.substr(0, 40), !readCursor(text, "an"));
        }
        for (const std::int64_t user : {0, -1}) {
            CPPUNIT_ASSERT(!readCursor(cursorOf({"anna", "anna", user}), "an"));
        }
    }

    void aCursorBelongsToItsSearch() {
        const auto cursor = cursorOf({"anna", "anna", 2});
        CPPUNIT_ASSERT(readCursor(cursor, "ann"));
        CPPUNIT_ASSERT(!readCursor(cursor, "annab"));
        CPPUNIT_ASSERT(!readCursor(cursor, "b"));
        CPPUNIT_ASSERT(!readCursor(cursor, ""));
        CPPUNIT_ASSERT(!readCursor(cursorOf({"", "anna", 2}), "a"));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(CursorTest);
