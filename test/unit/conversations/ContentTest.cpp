#include "conversations/Content.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>

using namespace salon::conversations;

class ContentTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ContentTest);
    CPPUNIT_TEST(textIsKeptAsItIs);
    CPPUNIT_TEST(carriageReturnsBeforeLineFeedsGo);
    CPPUNIT_TEST(controlCharactersAreRefused);
    CPPUNIT_TEST(whiteSpaceAloneIsRefused);
    CPPUNIT_TEST(whatShowsNothingIsRefused);
    CPPUNIT_TEST(lengthIsCountedInCodePoints);
    CPPUNIT_TEST(anIdHasOneToSixtyFourBytes);
    CPPUNIT_TEST(everyPartOfASendIsInItsDigest);
    CPPUNIT_TEST_SUITE_END();

    static std::string kept(std::string_view text) {
        const auto result = checkContent(text, 100);
        CPPUNIT_ASSERT_MESSAGE(std::string(text), result);
        return *result;
    }
    static bool refused(std::string_view text) {
        const auto result = checkContent(text, 100);
        return !result && result.error().code == salon::Code::badRequest;
    }

public:
    void textIsKeptAsItIs() {
        for (const auto* text : {"salut", " a ", "\ttab\nline",
                                 "\xe2\x80\x8b"
                                 "a",
                                 "a\xcc\x81", "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x9a\x80"}) {
            CPPUNIT_ASSERT_EQUAL(std::string(text), kept(text));
        }
    }
    void carriageReturnsBeforeLineFeedsGo() {
        CPPUNIT_ASSERT_EQUAL(std::string("a\nb\n"), kept("a\r\nb\r\n"));
        CPPUNIT_ASSERT(refused("a\rb"));
        CPPUNIT_ASSERT(refused("a\r"));
        CPPUNIT_ASSERT(refused("a\r\r\n"));
    }
    void controlCharactersAreRefused() {
        using namespace std::string_view_literals;
        for (const auto text : {"a\0b"sv, "\x01"sv, "a\x1f"sv, "\x7f"sv, "a\xc2\x80"sv,
                                "\xc2\x9f"sv, "a\x0b"sv, "a\x1b[31m"sv}) {
            CPPUNIT_ASSERT_MESSAGE(std::string(text), refused(text));
        }
        CPPUNIT_ASSERT_EQUAL(std::string("\xc2\xa1"), kept("\xc2\xa1"));
    }
    void whiteSpaceAloneIsRefused() {
        for (const auto* text : {"", " ", "\n\t ", "\xc2\xa0", "\xe3\x80\x80",
                                 "\xe2\x80\x83\xe2\x80\xa8", "\r\n", "\xe1\x9a\x80"}) {
            CPPUNIT_ASSERT_MESSAGE(text, refused(text));
        }
    }
    void whatShowsNothingIsRefused() {
        for (const auto* text : {"\u200b", "\u00ad", "\ufeff", "\u2060\u200d\u200c", "\u202e",
                                 "\ufe0f", "\u3164", "\U000e0041", " \u200b\n", "\u2066\u2069"}) {
            CPPUNIT_ASSERT_MESSAGE(text, refused(text));
        }
        // Beside something it is kept; and what is nearly one of them is none.
        for (const auto* text : {"\u200bx\u200b", "\u2764\ufe0f", "\u0600", "\u2070", "\u00ae"}) {
            CPPUNIT_ASSERT_EQUAL(std::string(text), kept(text));
        }
    }
    void lengthIsCountedInCodePoints() {
        const std::string party = "\xf0\x9f\x8e\x89";
        CPPUNIT_ASSERT(checkContent(party + party + party, 3));
        const auto longer = checkContent(party + party + party + party, 3);
        CPPUNIT_ASSERT(!longer);
        CPPUNIT_ASSERT(longer.error().code == salon::Code::tooLarge);
        CPPUNIT_ASSERT(checkContent("a\r\nb", 3));
    }
    void anIdHasOneToSixtyFourBytes() {
        CPPUNIT_ASSERT(!checkClientId(""));
        CPPUNIT_ASSERT(checkClientId("1"));
        CPPUNIT_ASSERT(checkClientId(std::string(64, 'x')));
        CPPUNIT_ASSERT(!checkClientId(std::string(65, 'x')));
    }
    void everyPartOfASendIsInItsDigest() {
        const auto digest = digestOf(1, 2, 0, "salut");
        CPPUNIT_ASSERT(digest != digestOf(1, 3, 0, "salut"));
        CPPUNIT_ASSERT(digest != digestOf(0, 2, 0, "salut"));
        CPPUNIT_ASSERT(digest != digestOf(1, 2, 7, "salut"));
        CPPUNIT_ASSERT(digest != digestOf(1, 2, 0, "salut!"));
        // It is in every database that exists.
        CPPUNIT_ASSERT_EQUAL(std::int64_t{8603345957895698596}, digest);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ContentTest);
