#include "http/Router.h"

#include <cppunit/extensions/HelperMacros.h>

#include <stdexcept>

using salon::Access;
using salon::net::Router;

class RouterTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(RouterTest);
    CPPUNIT_TEST(segmentsAreNamed);
    CPPUNIT_TEST(aLiteralWinsOverAName);
    CPPUNIT_TEST(anUnknownMethodNamesTheKnownOnes);
    CPPUNIT_TEST(headIsAnsweredByGet);
    CPPUNIT_TEST(emptyAndExtraSegmentsAreNotFound);
    CPPUNIT_TEST(aRestTakesWhatNobodyElseKnows);
    CPPUNIT_TEST(aRestMakesNoMethodKnown);
    CPPUNIT_TEST(aRouteCannotBeTakenTwice);
    CPPUNIT_TEST_SUITE_END();

    Router _router;
    void add(const char* method, const char* pattern) {
        _router.add("sample", method, pattern, Access::open, [](const auto&, const auto&) {});
    }

public:
    void segmentsAreNamed() {
        add("GET", "/a/{one}/b/{two}");
        const auto match = _router.find("GET", "/a/1/b/22");
        CPPUNIT_ASSERT(match.route);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, match.segments.size());
        CPPUNIT_ASSERT(match.segments[0].first == "one" && match.segments[0].second == "1");
        CPPUNIT_ASSERT(match.segments[1].first == "two" && match.segments[1].second == "22");
    }
    void aLiteralWinsOverAName() {
        add("GET", "/users/{id}");
        add("PATCH", "/users/me");
        add("GET", "/users/{id}/x");
        CPPUNIT_ASSERT(!_router.find("GET", "/users/me").route);
        CPPUNIT_ASSERT(_router.find("PATCH", "/users/me").route);
        CPPUNIT_ASSERT(_router.find("GET", "/users/7").route);
        CPPUNIT_ASSERT(_router.find("GET", "/users/me/x").route);
    }
    void anUnknownMethodNamesTheKnownOnes() {
        add("GET", "/a");
        add("POST", "/a");
        const auto match = _router.find("DELETE", "/a");
        CPPUNIT_ASSERT(!match.route);
        CPPUNIT_ASSERT_EQUAL(std::string("GET, HEAD, POST"), match.allowed);
    }
    void headIsAnsweredByGet() {
        add("GET", "/a");
        CPPUNIT_ASSERT(_router.find("HEAD", "/a").route);
    }
    void emptyAndExtraSegmentsAreNotFound() {
        add("GET", "/a/{one}");
        for (const auto* path : {"/a/", "/a", "/a/1/", "/a/1/2", "/", "", "a/1", "//a/1"}) {
            const auto match = _router.find("GET", path);
            CPPUNIT_ASSERT_MESSAGE(path, !match.route && match.allowed.empty());
        }
    }
    void aRestTakesWhatNobodyElseKnows() {
        add("GET", "/{path...}");
        add("GET", "/docs/{name}/{path...}");
        add("GET", "/docs/{name}");
        for (const auto* path : {"/", "/a", "/a/", "/a/b", "//", "/docs", "/docs/"}) {
            const auto match = _router.find("GET", path);
            CPPUNIT_ASSERT_MESSAGE(path, match.route && match.segments.size() == 1);
            CPPUNIT_ASSERT_EQUAL(std::string(path + 1), std::string(match.segments[0].second));
        }
        const auto deeper = _router.find("HEAD", "/docs/one/a/b");
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, deeper.segments.size());
        CPPUNIT_ASSERT(deeper.segments[0].second == "one" && deeper.segments[1].second == "a/b");
        CPPUNIT_ASSERT(_router.find("GET", "/docs/one").segments[0].first == "name");
        CPPUNIT_ASSERT(!_router.find("GET", "a").route);
    }
    void aRestMakesNoMethodKnown() {
        add("GET", "/{path...}");
        add("POST", "/a");
        const auto elsewhere = _router.find("POST", "/b");
        CPPUNIT_ASSERT(!elsewhere.route && elsewhere.allowed.empty());
        CPPUNIT_ASSERT_EQUAL(std::string("POST"), _router.find("GET", "/a").allowed);
    }
    void aRouteCannotBeTakenTwice() {
        add("GET", "/a");
        CPPUNIT_ASSERT_THROW(add("GET", "/a"), std::logic_error);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(RouterTest);
