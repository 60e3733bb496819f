#include "directory/Listing.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>
#include <vector>

using namespace salon::directory;

class ListingTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ListingTest);
    CPPUNIT_TEST(textsAreComparedWithoutCaseAndAccents);
    CPPUNIT_TEST(whatWasFoldedFoldsToItself);
    CPPUNIT_TEST(noCharacterIsSpecial);
    CPPUNIT_TEST(whatIsNotUtf8IsNoText);
    CPPUNIT_TEST(aSearchBeginsAtTheNameAndAtEachWord);
    CPPUNIT_TEST(aWordSaysWhatItSharesWithTheOneBefore);
    CPPUNIT_TEST(longTextsAreCutBehindAWholeCharacter);
    CPPUNIT_TEST(aNameOfManyWordsIsFoundByTheFirst);
    CPPUNIT_TEST_SUITE_END();

    static std::string folded(const std::string& text) { return fold(text).value_or("(none)"); }
    static std::vector<std::string> texts(const Listing& listing) {
        std::vector<std::string> out;
        for (const auto& word : wordsOf(listing)) out.push_back(word.text);
        return out;
    }

public:
    void textsAreComparedWithoutCaseAndAccents() {
        const std::pair<const char*, const char*> rows[] = {
            {"Zoë", "zoe"},
            {"ZOE\xcc\x88", "zoe"}, // the mark as a character of its own
            {"Straße", "strasse"},
            {"ÅNGSTRÖM", "angstrom"},
            {"İstanbul", "istanbul"},
            {"Ελλάς", "ελλασ"},
            {"ﬁne", "fine"},
            {"Ｆｕｌｌ", "full"},
            {"  a \t b\xc2\xa0\xe3\x80\x80"
             "c ",
             "a b c"},
            {"in\xe2\x80\x8bvisible", "invisible"},
            {"\xcc\x81", ""},
            {"", ""},
        };
        for (const auto& [text, expected] : rows) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(text, std::string(expected), folded(text));
        }
    }

    void whatWasFoldedFoldsToItself() {
        for (char32_t c = 1; c < 0x110000; ++c) {
            if (c >= 0xd800 && c < 0xe000) continue;
            std::string text;
            if (c < 0x80) {
                text = {static_cast<char>(c)};
            } else if (c < 0x800) {
                text = {static_cast<char>(0xc0 | c >> 6), static_cast<char>(0x80 | (c & 63))};
            } else if (c < 0x10000) {
                text = {static_cast<char>(0xe0 | c >> 12), static_cast<char>(0x80 | (c >> 6 & 63)),
                        static_cast<char>(0x80 | (c & 63))};
            } else {
                text = {static_cast<char>(0xf0 | c >> 18), static_cast<char>(0x80 | (c >> 12 & 63)),
                        static_cast<char>(0x80 | (c >> 6 & 63)),
                        static_cast<char>(0x80 | (c & 63))};
            }
            const auto once = folded(text);
            if (once != folded(once)) CPPUNIT_FAIL("U+" + std::to_string(c) + ": " + once);
        }
    }

    void noCharacterIsSpecial() {
        CPPUNIT_ASSERT_EQUAL(std::string("100%_'\\*?"), folded("100%_'\\*?"));
        CPPUNIT_ASSERT_EQUAL(std::string::npos, folded(std::string("a\0b\nc", 5)).find('\0'));
        CPPUNIT_ASSERT_EQUAL(std::string::npos, folded("a\nb").find('\n'));
    }

    void whatIsNotUtf8IsNoText() {
        for (const auto* text : {"\xff", "a\xc3", "\xed\xa0\x80", "\xc0\xaf", "\xf4\x90\x80\x80"}) {
            CPPUNIT_ASSERT(!fold(text));
            CPPUNIT_ASSERT(listingOf("bob", text) == (Listing{"bob", ""}));
        }
    }

    void aSearchBeginsAtTheNameAndAtEachWord() {
        CPPUNIT_ASSERT((std::vector<std::string>{"anna maria bell", "bell", "maria bell", "zoe"}) ==
                       texts(listingOf("Zoë", " Anna  Maria Bell ")));
        CPPUNIT_ASSERT((std::vector<std::string>{"bob"}) == texts(listingOf("bob", "Bob")));
        CPPUNIT_ASSERT(texts(Listing{}).empty());
    }

    void aWordSaysWhatItSharesWithTheOneBefore() {
        const auto words = wordsOf({"ann", "anna annabel zoe"});
        const std::vector<std::pair<std::string, std::size_t>> expected{
            {"ann", 0}, {"anna annabel zoe", 3}, {"annabel zoe", 4}, {"zoe", 0}};
        CPPUNIT_ASSERT_EQUAL(expected.size(), words.size());
        for (std::size_t i = 0; i < words.size(); ++i) {
            CPPUNIT_ASSERT_EQUAL(expected[i].first, words[i].text);
            CPPUNIT_ASSERT_EQUAL(expected[i].second, words[i].shared);
        }
    }

    void longTextsAreCutBehindAWholeCharacter() {
        std::string text = "a";
        while (text.size() <= longestWord) text += "ж";
        const auto words = wordsOf({"", text});
        CPPUNIT_ASSERT_EQUAL(longestWord - 1, words.front().text.size());
        CPPUNIT_ASSERT(text.starts_with(words.front().text));
        CPPUNIT_ASSERT(fold(words.front().text));
    }

    void aNameOfManyWordsIsFoundByTheFirst() {
        std::string text;
        for (char c = 'a'; c <= 'z'; ++c) text += std::string(1, c) + " ";
        CPPUNIT_ASSERT_EQUAL(std::size_t{17}, texts(listingOf("zz", text)).size());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ListingTest);
