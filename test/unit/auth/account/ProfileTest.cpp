#include "account/Profile.h"

#include "account/Application.h"

#include "salon/Json.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>

using namespace salon::auth;

class ProfileTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ProfileTest);
    CPPUNIT_TEST(displayNamesAreTrimmedAndComposed);
    CPPUNIT_TEST(badDisplayNamesAreRefused);
    CPPUNIT_TEST(goodAddressesAreTaken);
    CPPUNIT_TEST(badAddressesAreRefused);
    CPPUNIT_TEST(addressesAreComparedWithoutCase);
    CPPUNIT_TEST(anApplicationNamesEverythingThatIsWrong);
    CPPUNIT_TEST(theDisplayNameIsTheUsernameUnlessGiven);
    CPPUNIT_TEST(theEmailRuleDecides);
    CPPUNIT_TEST_SUITE_END();

    static std::string repeat(std::string_view text, int times) {
        std::string out;
        for (int i = 0; i < times; ++i) out += text;
        return out;
    }
    static std::string nameCode(std::string_view text) {
        const auto name = parseDisplayName(text);
        return name ? "" : name.error().fields.at(0).code;
    }
    static std::string emailCode(std::string_view text) {
        const auto email = Email::parse(text);
        return email ? "" : email.error().fields.at(0).code;
    }
    /// The codes of what is wrong, as `field:code`, separated by spaces.
    static std::string apply(std::string_view json, const Options& options = {}) {
        salon::JsonReader reader;
        const auto body = reader.parse(json);
        CPPUNIT_ASSERT(body);
        Fields fields;
        const auto application = Application::parse(*body, options, fields);
        if (application) return "display:" + application->displayName;
        CPPUNIT_ASSERT(application.error().code == salon::Code::badRequest);
        std::string codes;
        for (const auto& field : application.error().fields) {
            if (!codes.empty()) codes += ' ';
            codes += field.field + ':' + field.code;
        }
        return codes;
    }

public:
    void displayNamesAreTrimmedAndComposed() {
        CPPUNIT_ASSERT_EQUAL(std::string("Bob Smith"), *parseDisplayName("  Bob Smith \u3000"));
        CPPUNIT_ASSERT_EQUAL(std::string("É"), *parseDisplayName("E\u0301"));
        CPPUNIT_ASSERT_EQUAL(std::string("👩‍🚀 <b>"), *parseDisplayName("👩‍🚀 <b>"));
        CPPUNIT_ASSERT_EQUAL(std::string(), nameCode(repeat("é", 64)));
        CPPUNIT_ASSERT_EQUAL(std::string(), nameCode(" " + repeat("x", 64) + " "));
    }

    void badDisplayNamesAreRefused() {
        CPPUNIT_ASSERT_EQUAL(std::string("too_short"), nameCode(""));
        CPPUNIT_ASSERT_EQUAL(std::string("too_short"), nameCode("  \u00a0"));
        CPPUNIT_ASSERT_EQUAL(std::string("too_short"), nameCode("\u200b\u200d"));
        CPPUNIT_ASSERT_EQUAL(std::string("too_long"), nameCode(repeat("x", 65)));
        CPPUNIT_ASSERT_EQUAL(std::string("too_long"), nameCode(repeat("x", 100000)));
        for (const auto& bad :
             {std::string("a\nb"), std::string("a\tb"), std::string("a\0b", 3),
              std::string("a\u0085b"), std::string("a\u2028b"), std::string("a\u202eb"),
              std::string("a\u2067b"), std::string("a\x1b[2Jb"), std::string("a\xff")}) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(bad, std::string("invalid"), nameCode(bad));
        }
    }

    void goodAddressesAreTaken() {
        for (const auto& good :
             {std::string("a@b.c"), std::string("Bob.Smith+salon@mail.example.org"),
              std::string("o'hara_{x}~!#$%&*-/=?^`|@example.org"),
              std::string("josé@bücher.example"), std::string("x@xn--bcher-kva.example"),
              std::string("1@2.3"), repeat("a", 64) + "@b.c", "a@" + repeat("b", 63) + ".c"}) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(good, std::string(), emailCode(good));
        }
    }

    void badAddressesAreRefused() {
        for (const auto& bad : {std::string(""),
                                std::string("@"),
                                std::string("a"),
                                std::string("a@"),
                                std::string("@b.c"),
                                std::string("a@b"),
                                std::string("a@b."),
                                std::string("a@.b"),
                                std::string("a@b..c"),
                                std::string("a@@b.c"),
                                std::string("a@b@c.d"),
                                std::string("a b@c.d"),
                                std::string("a@b c.d"),
                                std::string(" a@b.c"),
                                std::string("a@b.c\n"),
                                std::string("a@b.c\r\nBcc: x@y.z"),
                                std::string("a\0@b.c", 6),
                                std::string("a@b.c\0", 6),
                                std::string(".a@b.c"),
                                std::string("a.@b.c"),
                                std::string("a..b@c.d"),
                                std::string("\"a\"@b.c"),
                                std::string("<a@b.c>"),
                                std::string("a,b@c.d"),
                                std::string("a@-b.c"),
                                std::string("a@b-.c"),
                                std::string("a@b_c.d"),
                                std::string("a@[127.0.0.1]"),
                                std::string("a@b.c:25"),
                                std::string("a\u00a0@b.c"),
                                std::string("a\u200b@b.c"),
                                std::string("a\u202e@b.c"),
                                std::string("a\xff@b.c"),
                                repeat("a", 65) + "@b.c",
                                "a@" + repeat("b", 64) + ".c"}) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(bad, std::string("invalid"), emailCode(bad));
        }
        const auto longest = "a@" + repeat("b.", 125) + "cd";
        CPPUNIT_ASSERT_EQUAL(std::size_t{254}, longest.size());
        CPPUNIT_ASSERT_EQUAL(std::string(), emailCode(longest));
        CPPUNIT_ASSERT_EQUAL(std::string("too_long"), emailCode(longest + "e"));
    }

    void addressesAreComparedWithoutCase() {
        const auto email = Email::parse("Bob@Example.ORG");
        CPPUNIT_ASSERT_EQUAL(std::string("Bob@Example.ORG"), email->shown);
        CPPUNIT_ASSERT_EQUAL(std::string("bob@example.org"), email->folded);
        CPPUNIT_ASSERT_EQUAL(Email::parse("JOSE\u0301@b.c")->folded,
                             Email::parse("josé@b.c")->folded);
        // A mailbox that only looks alike is another one.
        CPPUNIT_ASSERT(Email::parse("ﬁnn@b.c")->folded != Email::parse("ｆｉnn@b.c")->folded);
        CPPUNIT_ASSERT(Email::parse("ｂob@b.c")->folded != Email::parse("bob@b.c")->folded);
    }

    void anApplicationNamesEverythingThatIsWrong() {
        CPPUNIT_ASSERT_EQUAL(std::string("username:required password:required"), apply("{}"));
        CPPUNIT_ASSERT_EQUAL(
            std::string(
                "username:too_short password:too_short email:invalid display_name:too_short"),
            apply(R"({"username":"x","password":"short","email":"x","display_name":" "})"));
        CPPUNIT_ASSERT_EQUAL(
            std::string("username:invalid password:invalid email:invalid display_name:invalid"),
            apply(R"({"username":1,"password":[],"email":{},"display_name":true})"));
        CPPUNIT_ASSERT_EQUAL(std::string("username:required password:required"),
                             apply(R"({"username":null,"password":null,"email":null})"));
        CPPUNIT_ASSERT_EQUAL(std::string("username:invalid"),
                             apply(R"({"username":"bo\u0000b","password":"12345678"})"));
    }

    void theDisplayNameIsTheUsernameUnlessGiven() {
        CPPUNIT_ASSERT_EQUAL(std::string("display:Bob"),
                             apply(R"({"username":"Bob","password":"12345678"})"));
        CPPUNIT_ASSERT_EQUAL(
            std::string("display:Bob S."),
            apply(R"({"username":"Bob","password":"12345678","display_name":" Bob S. ","x":{}})"));
        // A later version looks at this member.
        CPPUNIT_ASSERT_EQUAL(std::string("display:Bob"),
                             apply(R"({"username":"Bob","password":"12345678","cookie":"?"})"));
    }

    void theEmailRuleDecides() {
        Options options;
        const char* with = R"({"username":"Bob","password":"12345678","email":"b@c.d"})";
        const char* without = R"({"username":"Bob","password":"12345678"})";
        CPPUNIT_ASSERT_EQUAL(std::string("display:Bob"), apply(with, options));
        options.email = EmailRule::off;
        CPPUNIT_ASSERT_EQUAL(std::string("email:invalid"), apply(with, options));
        CPPUNIT_ASSERT_EQUAL(std::string("display:Bob"), apply(without, options));
        options.email = EmailRule::required;
        CPPUNIT_ASSERT_EQUAL(std::string("display:Bob"), apply(with, options));
        CPPUNIT_ASSERT_EQUAL(std::string("email:required"), apply(without, options));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ProfileTest);
