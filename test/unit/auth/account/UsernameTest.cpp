#include "account/Username.h"

#include "account/Text.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>

using salon::auth::codePoints;
using salon::auth::foldedCompatible;
using salon::auth::Username;

class UsernameTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(UsernameTest);
    CPPUNIT_TEST(goodNamesAreTaken);
    CPPUNIT_TEST(badNamesAreRefusedByTheirCode);
    CPPUNIT_TEST(namesThatPeopleReadAsOneFoldToOne);
    CPPUNIT_TEST(namesThatDifferStayApart);
    CPPUNIT_TEST(theLengthCountsAfterFolding);
    CPPUNIT_TEST(theNameIsKeptAsRegisteredInNfc);
    CPPUNIT_TEST(foldingTwiceIsFoldingOnce);
    CPPUNIT_TEST(whatCanBeNoNameFoldsToNothing);
    CPPUNIT_TEST_SUITE_END();

    static std::string codeOf(std::string_view text) {
        const auto name = Username::parse(text);
        if (name) return "";
        CPPUNIT_ASSERT(name.error().code == salon::Code::badRequest);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, name.error().fields.size());
        CPPUNIT_ASSERT_EQUAL(std::string("username"), name.error().fields[0].field);
        return name.error().fields[0].code;
    }
    static std::string folded(std::string_view text) {
        const auto name = Username::parse(text);
        CPPUNIT_ASSERT_MESSAGE(std::string(text), static_cast<bool>(name));
        return name->folded;
    }
    static std::string repeat(std::string_view text, int times) {
        std::string out;
        for (int i = 0; i < times; ++i) out += text;
        return out;
    }

public:
    void goodNamesAreTaken() {
        for (const std::string name :
             {"bob", "Alice", "a.b_c-d", "123", "___", "émile", "Жанна", "张伟明", "user٣٤",
              "हिन्दी", "ทดสอบ", "שָׁלוֹם", "Ｆｕｌｌ", "straße", "ǅungla", "ﷴﷴﷴ"}) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(name, std::string(), codeOf(name));
        }
    }

    void badNamesAreRefusedByTheirCode() {
        struct Row {
            const char* what;
            std::string text;
            const char* code;
        };
        const Row rows[] = {
            {"empty", "", "too_short"},
            {"two letters", "ab", "too_short"},
            {"33 letters", repeat("a", 33), "too_long"},
            {"too many bytes to fold", repeat("a", 100000), "too_long"},
            {"space", "a b c", "invalid"},
            {"space in front", " abc", "invalid"},
            {"no-break space", "ab\u00a0c", "invalid"},
            {"ideographic space", "ab\u3000c", "invalid"},
            {"NUL", std::string("ab\0c", 4), "invalid"},
            {"newline", "abc\n", "invalid"},
            {"DEL", "abc\x7f", "invalid"},
            {"at", "a@b.c", "invalid"},
            {"full width at", "a＠bc", "invalid"},
            {"slash", "a/b/c", "invalid"},
            {"markup", "<b>bob", "invalid"},
            {"emoji", "bob😀", "invalid"},
            {"superscript that folds to a digit is no harm, a fraction's slash is", "bob½",
             "invalid"},
            {"acute accent alone folds to a space", "bob´", "invalid"},
            {"soft hyphen", "al\u00adice", "invalid"},
            {"zero width space", "al\u200bice", "invalid"},
            {"zero width joiner", "al\u200dice", "invalid"},
            {"byte order mark", "\ufeffalice", "invalid"},
            {"right to left override", "al\u202eice", "invalid"},
            {"hangul filler, a letter by category", "bob\u3164", "invalid"},
            {"half width hangul filler", "bob\uffa0", "invalid"},
            {"grapheme joiner, a mark by category", "bob\u034f", "invalid"},
            {"variation selector", "bob\ufe0f", "invalid"},
            {"tag character", "bob\U000e0041", "invalid"},
            {"mark in front", "\u0301abc", "invalid"},
            {"mark behind a digit", "ab1\u0301", "invalid"},
            {"five marks on one letter", "bo" + repeat("\u0316", 5), "invalid"},
            {"enclosing mark", "abc\u20dd", "invalid"},
            {"private use", "abc\ue000", "invalid"},
            {"unassigned", "abc\u0378", "invalid"},
            {"noncharacter", "abc\ufffe", "invalid"},
            {"surrogate", "abc\xed\xa0\x80", "invalid"},
            {"overlong", "abc\xc0\xae", "invalid"},
            {"cut short", "abc\xe2\x82", "invalid"},
            {"letter number", "abcↀ", "invalid"},
        };
        for (const auto& row : rows) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.what, std::string(row.code), codeOf(row.text));
        }
    }

    void namesThatPeopleReadAsOneFoldToOne() {
        const std::pair<const char*, const char*> rows[] = {
            {"ALICE", "alice"},
            {"ﬁnn", "finn"},
            {"Ａｌｉｃｅ", "alice"},
            {"ａ．ｂ＿ｃ－ｄ", "a.b_c-d"},
            {"Straße", "STRASSE"},
            {"STRAẞE", "strasse"},
            {"ΣΊΣΥΦΟΣ", "σίσυφος"},
            {"σίσυφοσ", "σίσυφος"},
            {"E\u0301mile", "émile"},
            {"ÅSA", "A\u030asa"},
            {"\u212bsa", "åsa"},   // ANGSTROM SIGN
            {"\u212aurt", "kurt"}, // KELVIN SIGN
            {"İstanbul", "i\u0307stanbul"},
            {"bob²", "bob2"},
            {"ǅungla", "ǆungla"},
            {"ᾳbc", "αιbc"},
            {"각하나", "\u1100\u1161\u11a8하나"},
            {"ｶﾞｷﾞｸﾞ", "ガギグ"},
            {"\u13a0\u13a1\u13a2", "\uab70\uab71\uab72"}, // Cherokee folds upwards
        };
        for (const auto& [one, other] : rows) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(one, folded(other), folded(one));
        }
    }

    void namesThatDifferStayApart() {
        // The dotless i is a letter of its own; so is a Cyrillic one that looks Latin.
        CPPUNIT_ASSERT(folded("kır") != folded("kir"));
        CPPUNIT_ASSERT(folded("İzmir") != folded("izmir"));
        CPPUNIT_ASSERT(folded("аlice") != folded("alice"));
        CPPUNIT_ASSERT(folded("emile") != folded("émile"));
        CPPUNIT_ASSERT(folded("a.b.c") != folded("abc"));
    }

    void theLengthCountsAfterFolding() {
        CPPUNIT_ASSERT_EQUAL(std::string(), codeOf(repeat("a", 32)));
        CPPUNIT_ASSERT_EQUAL(std::string(), codeOf(repeat("ß", 16)));
        CPPUNIT_ASSERT_EQUAL(std::string("too_long"), codeOf(repeat("ß", 17)));
        CPPUNIT_ASSERT_EQUAL(std::string("too_long"), codeOf(repeat("ﬃ", 11)));
        CPPUNIT_ASSERT_EQUAL(std::string("too_long"), codeOf(repeat("ﷴ", 9)));
        // One ligature is three letters; two decomposed letters are two.
        CPPUNIT_ASSERT_EQUAL(std::string(), codeOf("ﬃ"));
        CPPUNIT_ASSERT_EQUAL(std::string("too_short"), codeOf("e\u0301e\u0301"));
        CPPUNIT_ASSERT_EQUAL(std::string(), codeOf(repeat("e\u0301", 32)));
        CPPUNIT_ASSERT_EQUAL(std::string(), codeOf(repeat("𝔞", 32)));
    }

    void theNameIsKeptAsRegisteredInNfc() {
        const auto name = Username::parse("E\u0301MILE");
        CPPUNIT_ASSERT(name);
        CPPUNIT_ASSERT_EQUAL(std::string("ÉMILE"), name->shown);
        CPPUNIT_ASSERT_EQUAL(std::string("émile"), name->folded);
    }

    void foldingTwiceIsFoldingOnce() {
        // Every code point of the first planes, between letters, where composition can reach it.
        for (char32_t c = 1; c < 0x30000; ++c) {
            if (c >= 0xd800 && c < 0xe000) continue;
            const auto text = "e" + salon::auth::encodeUtf8(std::u32string(1, c)) + "\u0301";
            const auto once = foldedCompatible(text);
            CPPUNIT_ASSERT(once);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(std::to_string(c), *once, foldedCompatible(*once).value());
        }
    }

    void whatCanBeNoNameFoldsToNothing() {
        CPPUNIT_ASSERT(!Username::fold(""));
        CPPUNIT_ASSERT(!Username::fold("\xff\xff\xff"));
        CPPUNIT_ASSERT(!Username::fold("bob "));
        CPPUNIT_ASSERT_EQUAL(std::string("bob"), Username::fold("BOB").value());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(UsernameTest);
