#include "web/Coding.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>

using salon::web::choose;
using salon::web::Coding;

class CodingTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(CodingTest);
    CPPUNIT_TEST(theSmallestOfWhatIsAccepted);
    CPPUNIT_TEST(onlyWhatIsThere);
    CPPUNIT_TEST_SUITE_END();

public:
    void theSmallestOfWhatIsAccepted() {
        struct Case {
            const char* accepted;
            Coding chosen;
        };
        for (const auto& [accepted, chosen] : {
                 Case{"gzip, deflate, br, zstd", Coding::brotli},
                 Case{"gzip", Coding::gzip},
                 Case{"x-gzip", Coding::gzip},
                 Case{"GZIP;Q=0.5, BR;q=0.4", Coding::gzip},
                 Case{"br;q=0, gzip", Coding::gzip},
                 Case{"br ; q = 0.000 ,gzip\t;\tq=0.001", Coding::gzip},
                 Case{"*", Coding::brotli},
                 Case{"*;q=0", Coding::identity},
                 Case{"gzip;q=0.5, *;q=0.1", Coding::gzip},
                 Case{"identity, gzip;q=0.5", Coding::identity},
                 Case{"identity;q=0, *;q=0", Coding::identity},
                 Case{"deflate", Coding::identity},
                 Case{"", Coding::identity},
                 Case{",,;;q=,=", Coding::identity},
                 Case{"br;q=banana", Coding::brotli},
                 Case{"brotli, gzipped", Coding::identity},
             }) {
            CPPUNIT_ASSERT_MESSAGE(accepted, choose(accepted, {true, true, true}) == chosen);
        }
        CPPUNIT_ASSERT(choose(std::nullopt, {true, true, true}) == Coding::identity);
    }
    void onlyWhatIsThere() {
        CPPUNIT_ASSERT(choose("br, gzip", {false, true, true}) == Coding::gzip);
        CPPUNIT_ASSERT(choose("br, gzip", {false, false, true}) == Coding::identity);
        CPPUNIT_ASSERT(choose("*", {false, true, true}) == Coding::gzip);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(CodingTest);
