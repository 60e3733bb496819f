#include "api/Coverage.h"

#include <cppunit/extensions/HelperMacros.h>

using salon::Access;
using salon::api::Description;
using salon::api::differences;
using Served = std::vector<salon::net::Router::Served>;

class CoverageTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(CoverageTest);
    CPPUNIT_TEST(whatAgreesIsNoDifference);
    CPPUNIT_TEST(aCallOnOneSideOnlyIsNamed);
    CPPUNIT_TEST(anotherSecurityIsNamed);
    CPPUNIT_TEST(aFrameOnOneSideOnlyIsNamed);
    CPPUNIT_TEST(whatIsNotUnderTheApiNeedsNoDescription);
    CPPUNIT_TEST_SUITE_END();

    Description _description;
    std::vector<std::string> found(const Served& served, const std::vector<std::string>& types) {
        return differences(_description, served, types);
    }
    static void is(const std::string& expected, const std::vector<std::string>& found) {
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, found.size());
        CPPUNIT_ASSERT_EQUAL(expected, found.front());
    }

public:
    void setUp() override {
        _description.add("sample", R"({"frames":{"client":{"hum":{}}},"paths":{)"
                                   R"("/health/live":{"get":{"security":[]}},)"
                                   R"("/api/v1/a/{b}":{"get":{"security":[{"bearer":[]}]}}}})");
    }

    void whatAgreesIsNoDifference() {
        CPPUNIT_ASSERT(
            found({{"sample", "GET", "/api/v1/a/{b}", Access::bearer}}, {"hum"}).empty());
    }

    void aCallOnOneSideOnlyIsNamed() {
        is("sample describes GET /api/v1/a/{b}, which nobody serves", found({}, {"hum"}));
        is("other serves PUT /api/v1/a/{b} and does not describe it",
           found({{"sample", "GET", "/api/v1/a/{b}", Access::bearer},
                  {"other", "PUT", "/api/v1/a/{b}", Access::bearer}},
                 {"hum"}));
    }

    void anotherSecurityIsNamed() {
        is("sample describes another security of GET /api/v1/a/{b} than its route has",
           found({{"sample", "GET", "/api/v1/a/{b}", Access::open}}, {"hum"}));
    }

    void aFrameOnOneSideOnlyIsNamed() {
        const Served served{{"sample", "GET", "/api/v1/a/{b}", Access::bearer}};
        is("sample describes the frame hum, which nobody handles", found(served, {}));
        is("the frame sing is handled and not described", found(served, {"hum", "sing"}));
    }

    void whatIsNotUnderTheApiNeedsNoDescription() {
        CPPUNIT_ASSERT(found({{"sample", "GET", "/api/v1/a/{b}", Access::bearer},
                              {"web", "GET", "/{file}", Access::open}},
                             {"hum"})
                           .empty());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(CoverageTest);
