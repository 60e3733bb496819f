#include "host/PluginSet.h"

#include "../../plugins/Journal.h"
#include "HostFixture.h"

#include "app/settings/SettingsRegistry.h"

#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>

using namespace hosttest;
using test::Asked;
using test::Greeter;
using test::Journal;

class PluginSetTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(PluginSetTest);
    CPPUNIT_TEST(pluginsStartInOrderAndStopInReverse);
    CPPUNIT_TEST(whatAPluginRegisteredEndsWithIt);
    CPPUNIT_TEST(aStartThatThrowsStopsWhatHasStarted);
    CPPUNIT_TEST(aSchemaThatFailsIsNamedBeforeAnythingStarts);
    CPPUNIT_TEST(aMissingDependencyAndACycleAreRefused);
    CPPUNIT_TEST(keysThatClashAreRefusedWithThePluginsName);
    CPPUNIT_TEST(allPluginsOfAFolderTellTheirKeys);
    CPPUNIT_TEST_SUITE_END();

    using Lines = std::vector<std::string>;
    const std::string _folder = SALON_TEST_PLUGINS;

public:
    void setUp() override {
        _parts = std::make_unique<Parts>();
        _parts->configuration.values["good.greeting"] = "bonjour";
        _own = std::make_unique<PluginBus>(_parts->bus, "test");
        _journal = std::make_shared<Journal>();
        _own->provide<Journal>(_journal);
        _migrated.clear();
    }
    void tearDown() override {
        _own.reset();
        _parts.reset();
    }

    void pluginsStartInOrderAndStopInReverse() {
        PluginSet plugins;
        plugins.load(_folder, {"follower", "good"});
        CPPUNIT_ASSERT(plugins.names() == (Lines{"good", "follower"}));
        start(plugins);
        CPPUNIT_ASSERT(_migrated == (Lines{"good 1", "follower 0"}));
        plugins.stop(_parts->log);
        plugins.stop(_parts->log);
        auto lines = *_journal->lines.lock();
        // The queue has a thread of its own: it runs somewhere between start and stop.
        const auto queue = std::find(lines.begin(), lines.end(), "good's queue runs");
        CPPUNIT_ASSERT(queue != lines.end());
        lines.erase(queue);
        CPPUNIT_ASSERT(lines == (Lines{"good starts", "follower hears bonjour",
                                       "follower stops first", "good stops"}));
        CPPUNIT_ASSERT(_parts->log.lines() ==
                       (Lines{"good has started", "a plugin failed to stop plugin=follower "
                                                  "reason=the follower does not want to stop"}));
    }

    void whatAPluginRegisteredEndsWithIt() {
        PluginSet plugins;
        plugins.load(_folder, {"good"});
        start(plugins);
        const auto hook = _own->hook<Asked>();
        const auto greeter = _own->service<Greeter>();
        Asked asked;
        CPPUNIT_ASSERT(hook.ask(asked));
        CPPUNIT_ASSERT_EQUAL(42, asked.answer);
        CPPUNIT_ASSERT(greeter);
        plugins.stop(_parts->log);
        CPPUNIT_ASSERT(!hook.heard());
        CPPUNIT_ASSERT(!greeter);
    }

    void aStartThatThrowsStopsWhatHasStarted() {
        PluginSet plugins;
        plugins.load(_folder, {"good", "thrower"});
        CPPUNIT_ASSERT_EQUAL(std::string("plugin thrower could not start: the moon is full"),
                             sentenceOf([&] { start(plugins); }));
        CPPUNIT_ASSERT_EQUAL(std::string("good stops"), _journal->lines.lock()->back());
        CPPUNIT_ASSERT(!_own->hook<Asked>().heard());
        CPPUNIT_ASSERT(!_parts->timers.run());
        CPPUNIT_ASSERT(_parts->log.lines() == Lines{"good has started"});
    }

    void aSchemaThatFailsIsNamedBeforeAnythingStarts() {
        PluginSet plugins;
        plugins.load(_folder, {"good", "follower"});
        const auto sentence = sentenceOf([&] {
            plugins.start(
                _parts->host(),
                [](const std::string& plugin, const Migration*) {
                    if (plugin == "follower") throw std::runtime_error("it is newer");
                },
                _parts->log);
        });
        CPPUNIT_ASSERT_EQUAL(std::string("plugin follower has no usable schema: it is newer"),
                             sentence);
        CPPUNIT_ASSERT(_journal->lines.lock()->empty());
    }

    void aMissingDependencyAndACycleAreRefused() {
        PluginSet plugins;
        CPPUNIT_ASSERT_EQUAL(
            std::string("plugin needy needs absent, which is not loaded: add it to plugins.load"),
            sentenceOf([&] { plugins.load(_folder, {"needy"}); }));
        CPPUNIT_ASSERT_EQUAL(std::string("the plugins depend on each other in a circle: round_a "
                                         "needs round_b needs round_a"),
                             sentenceOf([&] {
                                 plugins.load(_folder, {"round_a", "round_b"});
                             }));
        CPPUNIT_ASSERT(plugins.names().empty());
    }

    void keysThatClashAreRefusedWithThePluginsName() {
        PluginSet plugins;
        plugins.load(_folder, {"good", "clashing"});
        SettingsRegistry registry;
        CPPUNIT_ASSERT_EQUAL(std::string("plugin clashing declares its keys wrongly: the key "
                                         "good.greeting is declared already"),
                             sentenceOf([&] { plugins.declare(registry); }));
    }

    void allPluginsOfAFolderTellTheirKeys() {
        PluginSet plugins;
        const auto refusals = plugins.loadAll(_folder);
        const auto names = plugins.names();
        CPPUNIT_ASSERT_EQUAL(std::size_t(9), refusals.size());
        CPPUNIT_ASSERT(std::find(names.begin(), names.end(), "needy") != names.end());
    }

private:
    void start(PluginSet& plugins) {
        plugins.start(
            _parts->host(),
            [this](const std::string& plugin, const Migration* migrations) {
                _migrated.push_back(plugin + " " + std::to_string(migrations[0].version));
            },
            _parts->log);
    }

    std::unique_ptr<Parts> _parts;
    std::unique_ptr<PluginBus> _own;
    std::shared_ptr<Journal> _journal;
    Lines _migrated;
};

CPPUNIT_TEST_SUITE_REGISTRATION(PluginSetTest);
