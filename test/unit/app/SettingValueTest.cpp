#include "app/settings/SettingValue.h"

#include <cppunit/extensions/HelperMacros.h>

#include <limits>
#include <optional>

using namespace salon;
using Type = Setting::Type;

class SettingValueTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SettingValueTest);
    CPPUNIT_TEST(numbersAreReadExactly);
    CPPUNIT_TEST(boundsHoldAndZeroMayMeanNone);
    CPPUNIT_TEST(wordsAndListsAreChecked);
    CPPUNIT_TEST(whatIsAllowedIsSaidInWords);
    CPPUNIT_TEST(sizesAndDurationsAreWrittenShort);
    CPPUNIT_TEST_SUITE_END();

    using Number = std::optional<std::int64_t>;

public:
    void numbersAreReadExactly() {
        struct Row {
            Type type;
            const char* text;
            Number number;
        };
        const auto lowest = std::numeric_limits<std::int64_t>::min();
        const Number none;
        const Row rows[] = {
            {Type::integer, "0", 0},
            {Type::integer, "-7", -7},
            {Type::integer, "9223372036854775807", 9223372036854775807},
            {Type::integer, "9223372036854775808", none},
            {Type::integer, "", none},
            {Type::integer, "+1", none},
            {Type::integer, " 1", none},
            {Type::integer, "1 ", none},
            {Type::integer, "1.5", none},
            {Type::integer, "0x10", none},
            {Type::integer, "12a", none},
            {Type::integer, "true", none},
            {Type::size, "4096", 4096},
            {Type::size, "64KiB", 65536},
            {Type::size, "16MiB", 16777216},
            {Type::size, "1GiB", 1073741824},
            {Type::size, "8589934591GiB", 8589934591 * (1LL << 30)},
            {Type::size, "8589934592GiB", none},
            {Type::size, "64kib", none},
            {Type::size, "64K", none},
            {Type::size, "64KB", none},
            {Type::size, "64 KiB", none},
            {Type::size, "1.5MiB", none},
            {Type::size, "-1", none},
            {Type::size, "KiB", none},
            {Type::duration, "250ms", 250},
            {Type::duration, "5s", 5000},
            {Type::duration, "15m", 900000},
            {Type::duration, "12h", 43200000},
            {Type::duration, "30d", 2592000000},
            {Type::duration, "0", 0},
            {Type::duration, "0s", 0},
            {Type::duration, "5", none},
            {Type::duration, "5S", none},
            {Type::duration, "1m30s", none},
            {Type::duration, "-5s", none},
            {Type::duration, "106751991168d", none},
        };
        for (const auto& row : rows) {
            const auto value = parseSetting({"a.b", row.type, "", "It.", lowest}, row.text);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.text, row.number.has_value(), value.has_value());
            if (value) CPPUNIT_ASSERT_EQUAL_MESSAGE(row.text, *row.number, value->number);
        }
    }

    void boundsHoldAndZeroMayMeanNone() {
        const Setting strict{"a.b", Type::integer, "", "It.", 10, 20};
        CPPUNIT_ASSERT(!parseSetting(strict, "9"));
        CPPUNIT_ASSERT(parseSetting(strict, "10"));
        CPPUNIT_ASSERT(parseSetting(strict, "20"));
        CPPUNIT_ASSERT(!parseSetting(strict, "21"));
        CPPUNIT_ASSERT(!parseSetting(strict, "0"));
        const Setting loose{"a.b", Type::duration, "", "It.", 1000, 60000, true};
        CPPUNIT_ASSERT(parseSetting(loose, "0"));
        CPPUNIT_ASSERT(parseSetting(loose, "1s"));
        CPPUNIT_ASSERT(!parseSetting(loose, "999ms"));
        CPPUNIT_ASSERT(!parseSetting(loose, "2m"));
    }

    void wordsAndListsAreChecked() {
        Setting choice{"a.b", Type::choice, "", "It."};
        choice.choices = {"open", "closed"};
        CPPUNIT_ASSERT(parseSetting(choice, "closed"));
        for (const auto* text : {"", "Open", "open ", "shut"}) {
            CPPUNIT_ASSERT(!parseSetting(choice, text));
        }
        const Setting text{"a.b", Type::text, "", "It."};
        CPPUNIT_ASSERT(parseSetting(text, ""));
        CPPUNIT_ASSERT(parseSetting(text, "cœur = 1"));
        CPPUNIT_ASSERT(!parseSetting(text, "a\nb"));
        CPPUNIT_ASSERT(!parseSetting(text, std::string_view("a\0b", 3)));
        const Setting path{"a.b", Type::path, "/tmp", "It."};
        CPPUNIT_ASSERT(parseSetting(path, "x"));
        CPPUNIT_ASSERT(!parseSetting(path, ""));
        CPPUNIT_ASSERT(!parseSetting(path, "/a\tb"));

        const Setting list{"a.b", Type::list, "", "It."};
        using Items = std::vector<std::string>;
        CPPUNIT_ASSERT(parseSetting(list, "")->items == Items());
        CPPUNIT_ASSERT(parseSetting(list, "  ")->items == Items());
        CPPUNIT_ASSERT(parseSetting(list, "a")->items == Items{"a"});
        CPPUNIT_ASSERT(parseSetting(list, " a , b c,d ")->items == (Items{"a", "b c", "d"}));
        for (const auto* bad : {",", "a,", ",a", "a,,b", "a, ,b", "a\n,b"}) {
            CPPUNIT_ASSERT_MESSAGE(bad, !parseSetting(list, bad));
        }
    }

    void whatIsAllowedIsSaidInWords() {
        const auto said = [](Setting setting) { return allowed(setting); };
        CPPUNIT_ASSERT_EQUAL(std::string("an integer from 0 to 65535"),
                             said({"a.b", Type::integer, "", "It.", 0, 65535}));
        CPPUNIT_ASSERT_EQUAL(std::string("an integer of at least 1, or 0 for none"),
                             said({.key = "a.b",
                                   .type = Type::integer,
                                   .standard = "",
                                   .sentence = "It.",
                                   .least = 1,
                                   .zeroMeansNone = true}));
        CPPUNIT_ASSERT_EQUAL(
            std::string("a size (such as 4096, 64KiB or 16MiB) from 1KiB to 16MiB"),
            said({"a.b", Type::size, "", "It.", 1024, 16777216}));
        CPPUNIT_ASSERT_EQUAL(
            std::string("a duration (such as 250ms, 5s, 15m, 12h or 30d) from 0 to 30d; 0 means "
                        "none"),
            said({"a.b", Type::duration, "", "It.", 0, 2592000000, true}));
        CPPUNIT_ASSERT_EQUAL(std::string("off, optional or required"),
                             said({.key = "a.b",
                                   .type = Type::choice,
                                   .standard = "",
                                   .sentence = "It.",
                                   .choices = {"off", "optional", "required"}}));
    }

    void sizesAndDurationsAreWrittenShort() {
        const auto range = [](Type type, std::int64_t least, std::int64_t most) {
            const auto sentence = allowed({"a.b", type, "", "It.", least, most});
            return sentence.substr(sentence.find(") from ") + 2);
        };
        CPPUNIT_ASSERT_EQUAL(std::string("from 1025 to 64KiB"), range(Type::size, 1025, 65536));
        CPPUNIT_ASSERT_EQUAL(std::string("from 0 to 3GiB"), range(Type::size, 0, 3LL << 30));
        CPPUNIT_ASSERT_EQUAL(std::string("from 1001ms to 90s"), range(Type::duration, 1001, 90000));
        CPPUNIT_ASSERT_EQUAL(std::string("from 1m to 1d"), range(Type::duration, 60000, 86400000));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SettingValueTest);
