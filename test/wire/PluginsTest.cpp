#include "Deadline.h"
#include "ProgramCase.h"
#include "RawWebSocket.h"

#include <Poco/NumberParser.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <utility>
#include <vector>

using namespace salon::wire;

namespace {

const std::string strangers = SALON_BUILD "/test/plugins/lib";

} // namespace

/// Which plugins salond takes, and how it refuses the others: in one sentence, before anything was
/// made.
class PluginsTest : public ProgramCase {
    CPPUNIT_TEST_SUITE(PluginsTest);
    CPPUNIT_TEST(pluginsStartInTheOrderThatTheyNeed);
    CPPUNIT_TEST(aDaemonWithoutConversationsHasAccountsOnly);
    CPPUNIT_TEST(aDaemonWithoutPluginsLetsNobodyIn);
    CPPUNIT_TEST(aPluginWithoutTheOneItNeedsIsRefused);
    CPPUNIT_TEST(aPluginThatIsNotThereIsRefused);
    CPPUNIT_TEST(aNameThatIsNoneIsRefused);
    CPPUNIT_TEST(aPluginMayBeNamedByItsFile);
    CPPUNIT_TEST(aPluginNamedTwiceIsRefused);
    CPPUNIT_TEST(pluginsThatNeedEachOtherAreRefused);
    CPPUNIT_TEST(whatIsNoPluginIsRefused);
    CPPUNIT_TEST(aPluginOfAnotherBuildIsRefusedNamingBothSides);
    CPPUNIT_TEST(aPluginThatTakesAnothersKeyIsRefused);
    CPPUNIT_TEST_SUITE_END();

public:
    void pluginsStartInTheOrderThatTheyNeed() {
        salon.start({{"plugins.load", "conversations, auth"}});
        auto alice = salon.person("alice");
        auto bob = salon.person("bob");
        alice.connect();
        bob.connect();
        alice.send(bob, "salut");
        bob.sees("dm");
        CPPUNIT_ASSERT_EQUAL(0, salon.stop());
    }

    void aDaemonWithoutConversationsHasAccountsOnly() {
        salon.start({{"plugins.load", "auth"}});
        auto alice = salon.person("alice");
        alice.connect();
        alice.frame(R"({"type":"dm","to":"@alice","content":"salut","id":"x"})");
        CPPUNIT_ASSERT_EQUAL(std::string("x"), alice.isRefused("bad_request").text("id"));
        alice.http().get("/api/v1/conversations").isProblem(404, "not_found");
        alice.seesNothing();
        CPPUNIT_ASSERT_EQUAL(0, salon.stop());
    }

    void aDaemonWithoutPluginsLetsNobodyIn() {
        // Started by hand, as a daemon without accounts does not know the keys of accounts.
        salon::test::ChildProcess process(
            {SALON_BUILD "/salond",
             {"--define", "plugins.load=", "--define", "http.port=0", "--define", "metrics.port=0"},
             salon.folder().path()});
        const std::string ready = "listening on http://127.0.0.1:";
        const auto line = process.waitForLine(ready, salon::test::patience);
        const auto digits = line.substr(line.find(ready) + ready.size());
        const salon::wire::Http http(
            static_cast<std::uint16_t>(Poco::NumberParser::parseUnsigned(digits)));
        http.get("/health/ready").is(200);
        http.get("/api/v1/users/me").isProblem(404, "not_found");
        http.raw(salon::wire::handshakeBytes("x"), 1)[0].isProblem(503, "unavailable");
        process.signal(SIGTERM);
        CPPUNIT_ASSERT_EQUAL(0, process.wait(salon::test::patience).value_or(-1));
    }

    void aPluginWithoutTheOneItNeedsIsRefused() {
        bothRefuse(
            {{"plugins.load", "conversations"}},
            {"plugin conversations needs auth, which is not loaded: add it to plugins.load"});
        refusedStranger("needy", {"plugin needy needs absent, which is not loaded"});
    }

    void aPluginThatIsNotThereIsRefused() {
        bothRefuse({{"plugins.load", "auth,absent"}},
                   {"there is no plugin absent: ", SALON_BUILD "/plugins/absent.so does not exist",
                    "the folder has auth, conversations"});
        bothRefuse({{"plugins.directory", "/nowhere"}},
                   {"there is no plugin auth: /nowhere/auth.so does not exist"});
    }

    void aNameThatIsNoneIsRefused() {
        for (const auto* name : {"../plugins/auth", "auth.so", "/etc/passwd", "a b", "auth-2", "/",
                                 "plugins/auth.so", "/plugins/.so", "/plugins/a b.so"}) {
            bothRefuse({{"plugins.load", name}},
                       {"plugins.load names " + std::string(name),
                        "a plugin's name is made of letters, digits and _"});
        }
    }

    void aPluginMayBeNamedByItsFile() {
        const std::string good = strangers + "/good.so";
        const auto outcome = check({{"plugins.load", "auth," + good}}, "--check");
        CPPUNIT_ASSERT_EQUAL_MESSAGE(outcome.errors, 0, outcome.code);
        bothRefuse({{"plugins.load", "/nowhere/absent.so"}},
                   {"there is no plugin absent: /nowhere/absent.so does not exist"});
        bothRefuse({{"plugins.load", strangers + "/other_name.so"}}, {"name both alike"});
    }

    void aPluginNamedTwiceIsRefused() {
        bothRefuse({{"plugins.load", "auth,conversations,auth"}},
                   {"plugins.load names auth twice"});
        bothRefuse({{"plugins.load", "auth," SALON_BUILD "/plugins/auth.so"}},
                   {"plugins.load names auth twice"});
    }

    void pluginsThatNeedEachOtherAreRefused() {
        refusedStranger("round_a,round_b", {"the plugins depend on each other in a circle: "
                                            "round_a needs round_b needs round_a"});
    }

    void whatIsNoPluginIsRefused() {
        refusedStranger("no_plugin", {"no_plugin.so is no plugin of salond: it has no symbol "
                                      "salonPlugin_no_plugin"});
        const salon::test::TemporaryFolder folder;
        std::ofstream(folder.file("text.so")) << "salut";
        bothRefuse({{"plugins.directory", folder.path()}, {"plugins.load", "text"}},
                   {folder.file("text.so") + " cannot be loaded: "});
    }

    void aPluginOfAnotherBuildIsRefusedNamingBothSides() {
        const std::pair<const char*, std::vector<std::string>> cases[] = {
            {"other_magic", {"is no plugin of salond: its descriptor begins with another number"}},
            {"other_abi", {"was built for ABI ", "(g++ 13.1.0), this salond has ABI "}},
            {"other_size", {"has a descriptor of ", " bytes, this salond of "}},
            {"other_poco", {"was built with Poco 1.13.0, this salond with Poco "}},
            {"other_host", {"types have ", " bytes in all, this salond's have "}},
            {"other_compiler", {"was built by g++ 13.1.0, this salond by "}},
            {"other_build", {"is a build of type strange, this salond of type "}},
            {"other_name",
             {"holds the plugin somebody_else, its file is named other_name: name both alike"}},
        };
        for (const auto& [name, parts] : cases) {
            auto all = parts;
            all.push_back(strangers + "/" + name + ".so");
            refusedStranger(name, all);
        }
    }

    void aPluginThatTakesAnothersKeyIsRefused() {
        const auto outcome =
            check({{"plugins.directory", strangers}, {"plugins.load", "good,clashing"}}, "");
        CPPUNIT_ASSERT(outcome.code > 0);
        CPPUNIT_ASSERT_MESSAGE(outcome.errors,
                               holds(outcome.errors, "plugin clashing declares its keys wrongly: "
                                                     "the key good.greeting is declared already"));
        isUntouched();
    }

private:
    /// A start and a check alike: the code of a bad configuration, one line, nothing made.
    void bothRefuse(const Daemon::Defines& extra, const std::vector<std::string>& parts) {
        for (const auto* mode : {"", "--check"}) {
            const auto outcome = check(extra, mode);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(outcome.errors, configuration, outcome.code);
            CPPUNIT_ASSERT_MESSAGE(outcome.errors, outcome.errors.starts_with("salond: "));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(outcome.errors, outcome.errors.size() - 1,
                                         outcome.errors.find('\n'));
            for (const auto& part : parts) {
                CPPUNIT_ASSERT_MESSAGE(outcome.errors + " does not say " + part,
                                       holds(outcome.errors, part));
            }
            CPPUNIT_ASSERT_EQUAL(std::string(), outcome.output);
            isUntouched();
        }
    }

    void refusedStranger(const std::string& names, const std::vector<std::string>& parts) {
        // Plugins that are not loaded do not know the keys of accounts.
        bothRefuse({{"plugins.directory", strangers}, {"plugins.load", names}}, parts);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(PluginsTest);
