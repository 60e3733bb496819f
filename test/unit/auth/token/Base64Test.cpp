#include "token/Base64.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>

using namespace salon::auth;

class Base64Test : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(Base64Test);
    CPPUNIT_TEST(theExamplesOfTheRfcHoldWithoutPadding);
    CPPUNIT_TEST(theTwoAlphabetsDifferInTwoLetters);
    CPPUNIT_TEST(oneSequenceOfBytesHasOneText);
    CPPUNIT_TEST_SUITE_END();

public:
    void theExamplesOfTheRfcHoldWithoutPadding() {
        const std::pair<const char*, const char*> rows[] = {
            {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},          {"foo", "Zm9v"},
            {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"},
        };
        for (const auto& [bytes, text] : rows) {
            CPPUNIT_ASSERT_EQUAL(std::string(text), encodeBase64(bytes, Alphabet::url));
            CPPUNIT_ASSERT_EQUAL(std::string(bytes), decodeBase64(text, Alphabet::url).value());
        }
    }

    void theTwoAlphabetsDifferInTwoLetters() {
        CPPUNIT_ASSERT_EQUAL(std::string("-_8"), encodeBase64("\xfb\xff", Alphabet::url));
        CPPUNIT_ASSERT_EQUAL(std::string("+/8"), encodeBase64("\xfb\xff", Alphabet::standard));
        CPPUNIT_ASSERT(!decodeBase64("+/8", Alphabet::url));
        CPPUNIT_ASSERT(!decodeBase64("-_8", Alphabet::standard));
    }

    void oneSequenceOfBytesHasOneText() {
        for (const std::string bad : {"Zg==", "Zg=", "Z", "Zm9vY", "Zh", "Zm9", "Zg\n", " Zg",
                                      "Z g", "Zg.", "Z\xc3", "Zm9v===="}) {
            CPPUNIT_ASSERT_MESSAGE(bad, !decodeBase64(bad, Alphabet::url));
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(Base64Test);
