#include "salon/Time.h"

#include <cppunit/extensions/HelperMacros.h>

#include <cstdio>
#include <ctime>
#include <limits>
#include <utility>
#include <vector>

class TimeTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(TimeTest);
    CPPUNIT_TEST(timesAreWrittenAsRfc3339);
    CPPUNIT_TEST(everyDayOfFourCenturiesAgreesWithTheLibrary);
    CPPUNIT_TEST(anyNumberIsWritten);
    CPPUNIT_TEST(nowIsNow);
    CPPUNIT_TEST_SUITE_END();

public:
    void timesAreWrittenAsRfc3339() {
        const std::vector<std::pair<salon::Milliseconds, std::string>> rows = {
            {0, "1970-01-01T00:00:00.000Z"},
            {1, "1970-01-01T00:00:00.001Z"},
            {-1, "1969-12-31T23:59:59.999Z"},
            {-86400000, "1969-12-31T00:00:00.000Z"},
            {951782400000, "2000-02-29T00:00:00.000Z"}, // 400 divides 2000
            {951868799999, "2000-02-29T23:59:59.999Z"},
            {951868800000, "2000-03-01T00:00:00.000Z"},
            {4107542400000, "2100-03-01T00:00:00.000Z"}, // 100 divides 2100
            {4107542399999, "2100-02-28T23:59:59.999Z"},
            {1709164800000, "2024-02-29T00:00:00.000Z"},
            {1795208400123, "2026-11-20T21:00:00.123Z"},
            {-2208988800000, "1900-01-01T00:00:00.000Z"},
            {-62135596800000, "0001-01-01T00:00:00.000Z"},
            {-62135596800001, "0000-12-31T23:59:59.999Z"},
            {-62167219200000, "0000-01-01T00:00:00.000Z"},
            {253402300799999, "9999-12-31T23:59:59.999Z"},
        };
        for (const auto& [time, text] : rows) {
            CPPUNIT_ASSERT_EQUAL(text, salon::formatTime(time));
            std::string out = "at ";
            salon::appendTime(out, time);
            CPPUNIT_ASSERT_EQUAL("at " + text, out);
        }
    }

    void everyDayOfFourCenturiesAgreesWithTheLibrary() {
        for (std::time_t day = -25567; day < -25567 + 146097; ++day) {
            const std::time_t seconds = day * 86400 + 45296;
            std::tm parts{};
            gmtime_r(&seconds, &parts);
            char expected[32];
            std::strftime(expected, sizeof expected, "%Y-%m-%dT%H:%M:%S.007Z", &parts);
            CPPUNIT_ASSERT_EQUAL(std::string(expected), salon::formatTime(seconds * 1000 + 7));
        }
    }

    void anyNumberIsWritten() {
        using Limits = std::numeric_limits<salon::Milliseconds>;
        CPPUNIT_ASSERT_EQUAL(std::string("292278994-08-17T07:12:55.807Z"),
                             salon::formatTime(Limits::max()));
        CPPUNIT_ASSERT_EQUAL(std::string("-292275055-05-16T16:47:04.192Z"),
                             salon::formatTime(Limits::min()));
        CPPUNIT_ASSERT_EQUAL(std::string("-0001-12-31T23:59:59.999Z"),
                             salon::formatTime(-62167219200001));
    }

    void nowIsNow() {
        const auto before = static_cast<salon::Milliseconds>(std::time(nullptr)) * 1000;
        const auto now = salon::now();
        CPPUNIT_ASSERT(now >= before && now < before + 60000);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(TimeTest);
