#include "web/ByteRange.h"

#include <cppunit/extensions/HelperMacros.h>

using salon::web::ByteRange;
using salon::web::parseRange;

class ByteRangeTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ByteRangeTest);
    CPPUNIT_TEST(aPartOfTenBytes);
    CPPUNIT_TEST(whatIsNoRangeIsTheWhole);
    CPPUNIT_TEST(behindTheEndIsUnsatisfiable);
    CPPUNIT_TEST_SUITE_END();

public:
    void aPartOfTenBytes() {
        struct Case {
            const char* field;
            std::size_t first;
            std::size_t size;
        };
        for (const auto& [field, first, size] :
             {Case{"bytes=0-0", 0, 1}, Case{"bytes=2-4", 2, 3}, Case{"bytes=9-", 9, 1},
              Case{"bytes=3-99", 3, 7}, Case{"bytes=-4", 6, 4}, Case{"bytes=-99", 0, 10},
              Case{"bytes=0-99999999999999999999999", 0, 10}}) {
            const auto range = parseRange(field, 10);
            CPPUNIT_ASSERT_MESSAGE(field, range.kind == ByteRange::Kind::part);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(field, first, range.first);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(field, size, range.size);
        }
    }
    void whatIsNoRangeIsTheWhole() {
        for (const auto* field :
             {"", "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=4-2", "bytes=1-2,4-5",
              "lines=1-2", "bytes=1", "bytes= 1-2", "bytes=+1-2", "bytes=1--2"}) {
            CPPUNIT_ASSERT_MESSAGE(field, parseRange(field, 10).kind == ByteRange::Kind::none);
        }
        CPPUNIT_ASSERT(parseRange(std::nullopt, 10).kind == ByteRange::Kind::none);
    }
    void behindTheEndIsUnsatisfiable() {
        for (const auto* field :
             {"bytes=10-", "bytes=10-11", "bytes=-0", "bytes=99999999999999999999999-"}) {
            CPPUNIT_ASSERT_MESSAGE(field,
                                   parseRange(field, 10).kind == ByteRange::Kind::unsatisfiable);
        }
        CPPUNIT_ASSERT(parseRange("bytes=0-", 0).kind == ByteRange::Kind::unsatisfiable);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ByteRangeTest);
