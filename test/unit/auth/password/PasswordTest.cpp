#include "password/Password.h"

#include "token/Base64.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>

using namespace salon::auth;

class PasswordTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(PasswordTest);
    CPPUNIT_TEST(passwordsAreTakenByLength);
    CPPUNIT_TEST(oneTypingOnTwoKeyboardsIsOnePassword);
    CPPUNIT_TEST(controlCharactersAreRefused);
    CPPUNIT_TEST(longRunsOfMarksAreRefused);
    CPPUNIT_TEST(aHashMatchesItsPasswordAlone);
    CPPUNIT_TEST(everyHashHasItsOwnSalt);
    CPPUNIT_TEST(theReferenceVectorsMatch);
    CPPUNIT_TEST(nothingMatchesTheDummy);
    CPPUNIT_TEST(looseOrMonstrousStringsAreNoHashes);
    CPPUNIT_TEST(lesserCostsAreWeaker);
    CPPUNIT_TEST_SUITE_END();

    static std::string codeOf(std::string_view typed, std::size_t least = 8) {
        const auto password = preparePassword(typed, least);
        return password ? "" : password.error().fields.at(0).code;
    }
    static constexpr PasswordHash::Cost quick{64, 1, 1};

public:
    void passwordsAreTakenByLength() {
        CPPUNIT_ASSERT_EQUAL(std::string("too_short"), codeOf(""));
        CPPUNIT_ASSERT_EQUAL(std::string("too_short"), codeOf("1234567"));
        CPPUNIT_ASSERT_EQUAL(std::string(), codeOf("12345678"));
        // Characters are counted, not bytes; what composes counts once.
        CPPUNIT_ASSERT_EQUAL(std::string("too_short"), codeOf("ééééééé"));
        CPPUNIT_ASSERT_EQUAL(std::string("too_short"), codeOf("e\u0301e\u0301e\u0301e\u0301"));
        CPPUNIT_ASSERT_EQUAL(std::string(), codeOf("😀😀😀😀😀😀😀😀"));
        CPPUNIT_ASSERT_EQUAL(std::string(), codeOf(std::string(1024, 'x')));
        CPPUNIT_ASSERT_EQUAL(std::string("too_long"), codeOf(std::string(1025, 'x')));
        CPPUNIT_ASSERT_EQUAL(std::string("too_long"), codeOf(std::string(1000000, 'x')));
    }

    void oneTypingOnTwoKeyboardsIsOnePassword() {
        CPPUNIT_ASSERT_EQUAL(*preparePassword("motdepass\u00e9", 8),
                             *preparePassword("motdepasse\u0301", 8));
        CPPUNIT_ASSERT_EQUAL(*preparePassword("correct horse", 8),
                             *preparePassword("correct\u00a0horse", 8));
        CPPUNIT_ASSERT(*preparePassword("PASSWORD", 8) != *preparePassword("password", 8));
        CPPUNIT_ASSERT(*preparePassword("ﬁﬁﬁﬁﬁﬁﬁﬁ", 8) != *preparePassword("fififififififi", 8));
    }

    void controlCharactersAreRefused() {
        CPPUNIT_ASSERT_EQUAL(std::string("invalid"), codeOf(std::string("1234\0005678", 9)));
        CPPUNIT_ASSERT_EQUAL(std::string("invalid"), codeOf("12345678\n"));
        CPPUNIT_ASSERT_EQUAL(std::string("invalid"), codeOf("12345678\x7f"));
        CPPUNIT_ASSERT_EQUAL(std::string("invalid"), codeOf("12345678\xff"));
        CPPUNIT_ASSERT_EQUAL(std::string(), codeOf("👩‍🚀👩‍🚀👩‍🚀"));
    }

    void longRunsOfMarksAreRefused() {
        const auto marks = [](int count) {
            std::string text;
            for (int i = 0; i < count; ++i) text += i % 2 == 0 ? "\u0301" : "\u0316";
            return text;
        };
        CPPUNIT_ASSERT_EQUAL(std::string(), codeOf("motdepasse" + marks(30)));
        CPPUNIT_ASSERT_EQUAL(std::string("invalid"), codeOf("motdepasse" + marks(31)));
        CPPUNIT_ASSERT_EQUAL(std::string("invalid"), codeOf(marks(1500)));
        CPPUNIT_ASSERT_EQUAL(std::string(), codeOf("e" + marks(30) + "e" + marks(30)));
        // Marks that stay where they are typed, such as vowel signs, are letters here.
        std::string vowels;
        for (int i = 0; i < 40; ++i) vowels += "\u093e";
        CPPUNIT_ASSERT_EQUAL(std::string(), codeOf(vowels));
    }

    void aHashMatchesItsPasswordAlone() {
        const auto hash = PasswordHash::of("correct horse", {});
        CPPUNIT_ASSERT(hash);
        CPPUNIT_ASSERT(hash->phc().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        const auto stored = PasswordHash::parse(hash->phc());
        CPPUNIT_ASSERT(stored);
        CPPUNIT_ASSERT_EQUAL(hash->phc(), stored->phc());
        CPPUNIT_ASSERT(*stored->matches("correct horse"));
        CPPUNIT_ASSERT(!*stored->matches("correct horsf"));
        CPPUNIT_ASSERT(!*stored->matches(""));
    }

    void everyHashHasItsOwnSalt() {
        const auto one = PasswordHash::of("x", quick);
        const auto other = PasswordHash::of("x", quick);
        CPPUNIT_ASSERT_EQUAL(std::size_t{16}, one->salt.size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{32}, one->tag.size());
        CPPUNIT_ASSERT(one->salt != other->salt);
        CPPUNIT_ASSERT(one->tag != other->tag);
    }

    void theReferenceVectorsMatch() {
        // From the reference implementation's test.c, argon2id version 0x13.
        for (const char* phc : {"$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$"
                                "CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                                "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$"
                                "nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
                                "$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$"
                                "bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc"}) {
            const auto hash = PasswordHash::parse(phc);
            CPPUNIT_ASSERT_MESSAGE(phc, hash.has_value());
            CPPUNIT_ASSERT_MESSAGE(phc, *hash->matches("password"));
            CPPUNIT_ASSERT_MESSAGE(phc, !*hash->matches("passwore"));
        }
    }

    void nothingMatchesTheDummy() {
        const auto dummy = PasswordHash::dummy(quick);
        CPPUNIT_ASSERT(dummy.cost == quick);
        CPPUNIT_ASSERT_EQUAL(std::size_t{32}, dummy.tag.size());
        CPPUNIT_ASSERT(!*dummy.matches(""));
        CPPUNIT_ASSERT(!*dummy.matches("password"));
    }

    void looseOrMonstrousStringsAreNoHashes() {
        const std::string salt = "c29tZXNhbHQ";
        const std::string tag = "nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
        const std::string good = "$argon2id$v=19$m=256,t=2,p=1$" + salt + "$" + tag;
        CPPUNIT_ASSERT(PasswordHash::parse(good));
        const auto with = [&](const std::string& head) { return head + "$" + salt + "$" + tag; };
        for (const auto& bad :
             {std::string(),
              std::string("$"),
              std::string("x"),
              good + "$",
              good + "=",
              good + "\n",
              " " + good,
              good.substr(1),
              good.substr(0, good.size() - 1),
              with("$argon2i$v=19$m=256,t=2,p=1"),
              with("$argon2d$v=19$m=256,t=2,p=1"),
              with("$argon2id$v=16$m=256,t=2,p=1"),
              with("$argon2id$m=256,t=2,p=1"),
              with("$argon2id$v=19$t=2,m=256,p=1"),
              with("$argon2id$v=19$m=256,t=2"),
              with("$argon2id$v=19$m=256,t=2,p=1,k=1"),
              with("$argon2id$v=19$m=0256,t=2,p=1"),
              with("$argon2id$v=19$m=+256,t=2,p=1"),
              with("$argon2id$v=19$m=-256,t=2,p=1"),
              with("$argon2id$v=19$m= 256,t=2,p=1"),
              with("$argon2id$v=19$m=,t=2,p=1"),
              with("$argon2id$v=19$m=4,t=2,p=1"),
              with("$argon2id$v=19$m=8,t=2,p=2"),
              with("$argon2id$v=19$m=1048577,t=2,p=1"),
              with("$argon2id$v=19$m=4294967552,t=2,p=1"),
              with("$argon2id$v=19$m=256,t=0,p=1"),
              with("$argon2id$v=19$m=256,t=101,p=1"),
              with("$argon2id$v=19$m=256,t=2,p=0"),
              with("$argon2id$v=19$m=256,t=2,p=17"),
              std::string("$argon2id$v=19$m=256,t=2,p=1$$") + tag,
              std::string("$argon2id$v=19$m=256,t=2,p=1$c29t$") + tag,
              "$argon2id$v=19$m=256,t=2,p=1$" + salt + "$",
              "$argon2id$v=19$m=256,t=2,p=1$" + salt + "$AAAA",
              "$argon2id$v=19$m=256,t=2,p=1$" + salt + "$" + std::string(1000, 'A'),
              std::string("$2b$10$abcdefghijklmnopqrstuv")}) {
            CPPUNIT_ASSERT_MESSAGE(bad, !PasswordHash::parse(bad));
        }
    }

    void lesserCostsAreWeaker() {
        const auto hash = PasswordHash::dummy({1024, 2, 1});
        CPPUNIT_ASSERT(!hash.weakerThan({1024, 2, 1}));
        CPPUNIT_ASSERT(!hash.weakerThan({512, 1, 1}));
        CPPUNIT_ASSERT(hash.weakerThan({1025, 2, 1}));
        CPPUNIT_ASSERT(hash.weakerThan({1024, 3, 1}));
        auto old = hash;
        old.salt.resize(8);
        CPPUNIT_ASSERT(old.weakerThan({1024, 2, 1}));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(PasswordTest);
