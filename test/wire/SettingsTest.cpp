#include "Deadline.h"
#include "ProgramCase.h"

#include <array>
#include <csignal>
#include <utility>

using namespace salon::wire;
using namespace std::string_literals;

/// What is set where, and what is refused.
class SettingsTest : public ProgramCase {
    CPPUNIT_TEST_SUITE(SettingsTest);
    CPPUNIT_TEST(anUnknownKeyIsRefusedWithTheNearestOne);
    CPPUNIT_TEST(aKeyOfAPluginThatIsNotLoadedIsToldSo);
    CPPUNIT_TEST(aBadValueIsRefusedWithWhatIsAllowed);
    CPPUNIT_TEST(theEdgesOfARangeAreGood);
    CPPUNIT_TEST(theCommandLineComesBeforeTheEnvironmentAndThatBeforeTheFile);
    CPPUNIT_TEST(theLayersReachTheRunningDaemon);
    CPPUNIT_TEST(aMisspeltVariableIsAWarning);
    CPPUNIT_TEST(aFileThatCannotBeReadIsRefused);
    CPPUNIT_TEST(aKeySetTwiceIsRefused);
    CPPUNIT_TEST_SUITE_END();

public:
    void anUnknownKeyIsRefusedWithTheNearestOne() {
        for (const std::string mode : {"--check", ""}) {
            refused(check({{"http.prot", "1"}}, mode), configuration,
                    "unknown key http.prot on the command line: did you mean http.port?");
        }
        refused(check({{"ws.heartbeet", "5s"}}), configuration, "did you mean ws.heartbeat?");
        refused(check({{"something.else_entirely", "5"}}), configuration,
                "salond --help lists all keys");
        write("http.prot = 1\n");
        refused(check(), configuration,
                "unknown key http.prot in " + salon.folder().file("salond.properties"));
        isUntouched();
    }

    void aKeyOfAPluginThatIsNotLoadedIsToldSo() {
        refused(check({{"plugins.load", "auth"}, {"conversations.max_length", "5"}}), configuration,
                "unknown key conversations.max_length on the command line: the plugin "
                "conversations is not loaded, add it to plugins.load");
    }

    void aBadValueIsRefusedWithWhatIsAllowed() {
        const std::string integer = "must be an integer from 0 to 65535";
        const std::string size = "must be a size (such as 4096, 64KiB or 16MiB) from 1KiB to 64MiB";
        const std::string duration = "must be a duration (such as 250ms, 5s, 15m, 12h or 30d) from";
        const std::vector<std::array<std::string, 3>> cases{
            {"http.port", "abc", integer},
            {"http.port", "", integer},
            {"http.port", "-1", integer},
            {"http.port", "65536", integer},
            {"http.port", "8080 ", integer},
            {"http.port", "1.5", integer},
            {"http.port", "0x50", integer},
            {"http.port", "99999999999999999999", integer},
            {"http.max_body", "1023", size},
            {"http.max_body", "65MiB", size},
            {"http.max_body", "1MB", size},
            {"http.max_body", "1 MiB", size},
            {"http.max_body", "-1KiB", size},
            {"http.max_body", "99999999999GiB", size},
            {"ws.heartbeat", "25", duration},
            {"ws.heartbeat", "999ms", duration},
            {"ws.heartbeat", "25 s", duration},
            {"ws.heartbeat", "1y", duration},
            {"ws.heartbeat", "0", duration}, // no heartbeat is no choice
            {"auth.registration", "maybe", "must be open or closed"},
            {"auth.registration", "Open", "must be open or closed"},
            {"auth.email", "", "must be off, optional or required"},
            {"http.origins", "https://a.example,,https://b.example",
             "must be origins as browsers send them"},
            {"http.origins", "*", "must be origins as browsers send them"},
            {"http.origins", "a.b", "must be origins as browsers send them"},
            {"http.origins", "https://a.b/", "must be origins as browsers send them"},
            {"http.origins", "https://A.b", "must be origins as browsers send them"},
            {"http.origins", "https://a.b:443", "must be origins as browsers send them"},
            {"http.origins", "https://a.b, http://", "must be origins as browsers send them"},
            {"auth.key_file", "", "must be a path"},
            {"http.address", "a\tb", "must be an IPv4 or IPv6 address of this machine"},
            {"http.address", "localhost", "must be an IPv4 or IPv6 address of this machine"},
            {"http.trusted_proxies", "10.0.0.0/33", "must be addresses or networks such as"},
            {"ws.rate", "-5", "or 0 for none"},
        };
        for (const auto& [key, value, allowed] : cases) {
            const auto outcome = check({{key, value}});
            refused(outcome, configuration, allowed);
            CPPUNIT_ASSERT_MESSAGE(outcome.errors, outcome.errors.starts_with("salond: " + key));
            CPPUNIT_ASSERT_MESSAGE(outcome.errors, holds(outcome.errors, "the command line"));
        }
        refused(check({{"http.port", "abc"}}, ""), configuration, integer); // a start says the same
        isUntouched();
    }

    void theEdgesOfARangeAreGood() {
        for (const auto& defines :
             {Daemon::Defines{{"http.port", "65535"}, {"http.max_body", "1KiB"}},
              Daemon::Defines{{"http.port", "1"}, {"http.max_body", "64MiB"}},
              Daemon::Defines{{"ws.heartbeat", "1000ms"}, {"http.max_body", "1024"}},
              Daemon::Defines{{"ws.rate", "0"}, {"http.origins", ""}},
              Daemon::Defines{{"http.origins",
                               "https://a.b, http://localhost:3000, http://[::1]:81, "
                               "capacitor://localhost, http://192.0.2.1"}},
              Daemon::Defines{{"http.address", "[::]"}}, Daemon::Defines{{"http.address", "::1"}},
              Daemon::Defines{{"http.address", "0.0.0.0"}}}) {
            const auto outcome = check(defines);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(outcome.errors, 0, outcome.code);
        }
    }

    void theCommandLineComesBeforeTheEnvironmentAndThatBeforeTheFile() {
        // Whichever value is believed says where it came from, as each of them is bad.
        write("ws.rate = from-file\n");
        const std::vector<std::string> environment{"SALON_WS_RATE=from-environment"};
        refused(check({{"ws.rate", "from-line"}}, "--check", environment), configuration,
                "ws.rate = from-line (from the command line)");
        refused(check({}, "--check", environment), configuration,
                "ws.rate = from-environment (from the environment, SALON_WS_RATE)");
        refused(check(), configuration,
                "ws.rate = from-file (from " + salon.folder().file("salond.properties") + ")");
        CPPUNIT_ASSERT_EQUAL(0, check({}, "--check", {"SALON_WS_RATE=5"}).code);
        CPPUNIT_ASSERT_EQUAL(0, check({{"ws.rate", "5"}}, "--check", environment).code);
    }

    void theLayersReachTheRunningDaemon() {
        write("# a comment\nauth.access_ttl = 11m\nws.heartbeat = 7s\n");
        salon.start({{"ws.heartbeat", "9s"}});
        const auto account =
            salon.http()
                .post("/api/v1/auth/register", R"({"username":"bob","password":"correct horse"})")
                .is(201)
                .json();
        CPPUNIT_ASSERT_EQUAL(std::int64_t{660}, account.number("expires_in"));
        auto alice = salon.person("alice");
        CPPUNIT_ASSERT_EQUAL(std::int64_t{9}, alice.connect().number("heartbeat"));
        CPPUNIT_ASSERT_EQUAL(0, salon.stop());
    }

    void aMisspeltVariableIsAWarning() {
        const auto folder = salon.folder().path();
        salon::test::ChildProcess process(
            {SALON_BUILD "/salond",
             {"--define", "http.port=0", "--define", "metrics.port=0"},
             folder,
             {"SALON_HTTP_PROT=1", "SALON_WS_RATE=7", "SALON_AUTH_ACCESS_TTL=1h"}});
        process.waitForLine("SALON_HTTP_PROT is not used: did you mean SALON_HTTP_PORT?",
                            salon::test::patience);
        process.waitForLine("listening on http://127.0.0.1:", salon::test::patience);
        CPPUNIT_ASSERT(!holds(process.errors(), "SALON_WS_RATE"));
        process.signal(SIGTERM);
        CPPUNIT_ASSERT_EQUAL(0, process.wait(salon::test::patience).value_or(-1));
        // Its defaults: the store and the key where it was started.
        CPPUNIT_ASSERT(std::filesystem::exists(folder / "salon.db"));
        CPPUNIT_ASSERT(std::filesystem::exists(folder / "salon.key"));
    }

    void aFileThatCannotBeReadIsRefused() {
        refused(Daemon::run({"--check", "--config", "/nowhere/at.all"}), configuration,
                "the configuration file /nowhere/at.all cannot be read: No such file or directory");
        refused(Daemon::run({"--check", "--config", "/"}), configuration, "it is a folder");
    }

    void aKeySetTwiceIsRefused() {
        write("ws.rate = 5\nws.outbox = 1MiB\nws.rate = 6\n");
        refused(check(), configuration, "the key ws.rate is set twice");
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SettingsTest);
