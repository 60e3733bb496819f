#include "host/Reloads.h"

#include "HostFixture.h"

#include <cppunit/extensions/HelperMacros.h>

using namespace hosttest;

class ReloadsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ReloadsTest);
    CPPUNIT_TEST(allAreCalledInOrder);
    CPPUNIT_TEST(whoThrowsStopsNobody);
    CPPUNIT_TEST(aPluginThatStoppedIsNotCalled);
    CPPUNIT_TEST_SUITE_END();

    Parts parts;
    std::string called;

    std::unique_ptr<PluginHost> host(const std::string& name) {
        auto made = std::make_unique<PluginHost>(name, parts.host());
        made->onReload([this, name] { called += name + ' '; });
        return made;
    }

public:
    void allAreCalledInOrder() {
        const auto one = host("one");
        const auto two = host("two");
        parts.reloads.run();
        parts.reloads.run();
        CPPUNIT_ASSERT_EQUAL(std::string("one two one two "), called);
    }

    void whoThrowsStopsNobody() {
        const auto one = host("one");
        one->onReload([] { throw std::runtime_error("the file is gone"); });
        const auto two = host("two");
        parts.reloads.run();
        CPPUNIT_ASSERT_EQUAL(std::string("one two "), called);
        CPPUNIT_ASSERT(
            parts.log.lines() ==
            std::vector<std::string>{
                "a plugin could not read again what it should; it goes on with what it has "
                "plugin=one reason=the file is gone"});
    }

    void aPluginThatStoppedIsNotCalled() {
        auto one = host("one");
        const auto two = host("two");
        one->withdraw();
        parts.reloads.run();
        one.reset();
        parts.reloads.run();
        CPPUNIT_ASSERT_EQUAL(std::string("two two "), called);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ReloadsTest);
