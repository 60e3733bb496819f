#include "Deadline.h"
#include "Dialogue.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

using salon::wire::Daemon;
using Outcome = Daemon::Outcome;
using namespace std::string_literals;

namespace {

constexpr int failure = 1;
constexpr int usage = 64;
constexpr int configuration = 78;

bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

std::string contentOf(const std::string& path) {
    std::ifstream file(path);
    CPPUNIT_ASSERT_MESSAGE("there is no " + path, file.good());
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

/// Ended with this code and said this, in one line on stderr, and nothing else anywhere.
void refused(const Outcome& outcome, int code, const std::string& sentence) {
    CPPUNIT_ASSERT_EQUAL_MESSAGE(outcome.errors, code, outcome.code);
    CPPUNIT_ASSERT_MESSAGE(outcome.errors + " does not say " + sentence,
                           holds(outcome.errors, sentence));
    CPPUNIT_ASSERT_MESSAGE(outcome.errors, outcome.errors.starts_with("salond: "));
    CPPUNIT_ASSERT_EQUAL_MESSAGE(outcome.errors, outcome.errors.size() - 1,
                                 outcome.errors.find('\n'));
    CPPUNIT_ASSERT_EQUAL(std::string(), outcome.output);
}

/// The keys of a configuration file in which each is a comment, `#key = value`.
std::vector<std::string> keysOf(const std::string& file) {
    std::vector<std::string> keys;
    std::istringstream lines(file);
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with('#') || line.size() < 2 || line[1] == ' ') continue;
        keys.push_back(line.substr(1, line.find_first_of(" =") - 1));
    }
    return keys;
}

} // namespace

/// salond as whoever runs it meets it: its command line, its configuration, its refusals.
class ProgramTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ProgramTest);
    CPPUNIT_TEST(itTellsItsVersion);
    CPPUNIT_TEST(itsHelpNamesEveryOptionAndKey);
    CPPUNIT_TEST(theConfigurationFileThatShipsIsWhatItPrints);
    CPPUNIT_TEST(theManualPageThatShipsIsWhatItPrints);
    CPPUNIT_TEST(theConfigurationFileThatShipsIsGoodWithEveryLineTakenIn);
    CPPUNIT_TEST(aCheckSaysThatAConfigurationIsGoodAndMakesNothing);
    CPPUNIT_TEST(aCheckFindsWhatIsInTheWayOfAStart);
    CPPUNIT_TEST(aCheckNamesEverythingThatIsInTheWay);
    CPPUNIT_TEST(aCommandLineThatIsNoneIsAUsageError);
    CPPUNIT_TEST(anUnknownKeyIsRefusedWithTheNearestOne);
    CPPUNIT_TEST(aKeyOfAPluginThatIsNotLoadedIsToldSo);
    CPPUNIT_TEST(aBadValueIsRefusedWithWhatIsAllowed);
    CPPUNIT_TEST(theEdgesOfARangeAreGood);
    CPPUNIT_TEST(theCommandLineComesBeforeTheEnvironmentAndThatBeforeTheFile);
    CPPUNIT_TEST(theLayersReachTheRunningDaemon);
    CPPUNIT_TEST(aMisspeltVariableIsAWarning);
    CPPUNIT_TEST(aFileThatCannotBeReadIsRefused);
    CPPUNIT_TEST(aKeySetTwiceIsRefused);
    CPPUNIT_TEST(aPortInUseIsASentence);
    CPPUNIT_TEST(aSecondDaemonOnTheSameFileIsRefused);
    CPPUNIT_TEST(anAddressOfAnotherMachineIsASentence);
    CPPUNIT_TEST(aStoreThatCannotBeWrittenIsASentence);
    CPPUNIT_TEST(aStoreUrlThatIsNoneIsASentence);
    CPPUNIT_TEST_SUITE_END();

public:
    void tearDown() override { salon.end(); }

    void itTellsItsVersion() {
        const auto told = Daemon::run({"--version"});
        CPPUNIT_ASSERT_EQUAL(0, told.code);
        CPPUNIT_ASSERT_EQUAL(std::string(), told.errors);
        CPPUNIT_ASSERT_MESSAGE(told.output, told.output.starts_with("salond "));
        CPPUNIT_ASSERT_MESSAGE(told.output, holds(told.output, " (ABI "));
        CPPUNIT_ASSERT_MESSAGE(told.output, holds(told.output, ", Poco 1."));
    }

    void itsHelpNamesEveryOptionAndKey() {
        const auto help = Daemon::run({"--help"});
        CPPUNIT_ASSERT_EQUAL(0, help.code);
        CPPUNIT_ASSERT_EQUAL(std::string(), help.errors);
        for (const auto* option :
             {"--config FILE", "--define KEY=VALUE", "--check", "--print-config", "--print-manual",
              "--version", "--help", "SALON_HTTP_PORT"}) {
            CPPUNIT_ASSERT_MESSAGE(option, holds(help.output, option));
        }
        const auto keys = keysOf(Daemon::run({"--print-config"}).output);
        for (const auto* key : {"http.port", "store.url", "ws.rate", "plugins.load", "log.level",
                                "net.reactors", "auth.key_file", "conversations.max_length"}) {
            CPPUNIT_ASSERT_MESSAGE(key, std::count(keys.begin(), keys.end(), key) == 1);
        }
        for (const auto& key : keys) {
            CPPUNIT_ASSERT_MESSAGE(key, holds(help.output, "\n  " + key + " ="));
        }
    }

    void theConfigurationFileThatShipsIsWhatItPrints() {
        const auto printed = Daemon::run({"--print-config"});
        CPPUNIT_ASSERT_EQUAL(0, printed.code);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(
            "run ./dev docs", contentOf(SALON_SOURCE "/etc/salond.properties"), printed.output);
    }

    void theManualPageThatShipsIsWhatItPrints() {
        const auto printed = Daemon::run({"--print-manual"});
        CPPUNIT_ASSERT_EQUAL(0, printed.code);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(
            "run ./dev docs", contentOf(SALON_SOURCE "/man/salond.properties.5"), printed.output);
        for (const auto& key : keysOf(Daemon::run({"--print-config"}).output)) {
            CPPUNIT_ASSERT_MESSAGE(key, holds(printed.output, "\n.It Ic " + key + "\n"));
        }
    }

    void theConfigurationFileThatShipsIsGoodWithEveryLineTakenIn() {
        auto text = contentOf(SALON_SOURCE "/etc/salond.properties");
        const auto keys = keysOf(text);
        CPPUNIT_ASSERT(keys.size() > 20);
        for (const auto& key : keys) text.erase(text.find("\n#" + key + " =") + 1, 1);
        const salon::test::TemporaryFolder folder;
        std::ofstream(folder.file("all.properties")) << text;
        // But for the folders, which are the build's and the test's.
        std::vector<std::string> arguments{"--config", folder.file("all.properties"), "--check"};
        for (const auto& define :
             {"plugins.directory=" SALON_BUILD "/plugins"s, "web.root=" + webRoot(),
              "store.url=sqlite:" + folder.file("salon.db"),
              "auth.key_file=" + folder.file("salon.key")}) {
            arguments.insert(arguments.end(), {"--define", define});
        }
        const auto outcome = Daemon::run(std::move(arguments));
        CPPUNIT_ASSERT_EQUAL(std::string(), outcome.errors);
        CPPUNIT_ASSERT_EQUAL(0, outcome.code);
    }

    void aCheckSaysThatAConfigurationIsGoodAndMakesNothing() {
        const auto outcome = check({{"web.root", webRoot()}});
        CPPUNIT_ASSERT_EQUAL(std::string(), outcome.errors);
        CPPUNIT_ASSERT_EQUAL(std::string("configuration ok\n"), outcome.output);
        CPPUNIT_ASSERT_EQUAL(0, outcome.code);
        isUntouched();
    }

    void aCheckFindsWhatIsInTheWayOfAStart() {
        const auto nowhere = salon.folder().path() / "nowhere";
        const Daemon::Defines good{{"web.root", webRoot()}};
        const auto with = [&](const std::string& key, const std::string& value) {
            auto defines = good;
            defines[key] = value;
            return check(defines);
        };
        refused(with("auth.key_file", nowhere / "salon.key"), configuration,
                "there is no folder " + nowhere.string() + "/: create it");
        refused(with("store.url", "sqlite:" + (nowhere / "salon.db").string()), configuration,
                "there is no directory " + nowhere.string() + "; create it");
        refused(with("store.url", "sqlite:" + salon.folder().path().string()), configuration,
                "that is no regular file; name another path");
        refused(with("store.url", "mysql://a:b@127.0.0.1/c?ssl-ca=" + nowhere.string()),
                configuration, "as ssl-ca, but it cannot be read");
        isUntouched();
        const auto letter = salon.folder().file("letter");
        std::ofstream(letter) << "dear all, there is more here than a head has";
        std::filesystem::permissions(letter, std::filesystem::perms::owner_read);
        refused(with("store.url", "sqlite:" + letter), configuration, "no SQLite database");
        refused(with("auth.key_file", letter), configuration, "line 1 is not a key");
        refused(with("web.root", letter), configuration, letter);
    }

    void aCheckNamesEverythingThatIsInTheWay() {
        const auto nowhere = salon.folder().path() / "nowhere";
        const auto outcome = check({{"web.root", nowhere},
                                    {"auth.key_file", nowhere / "salon.key"},
                                    {"store.url", "sqlite:" + (nowhere / "salon.db").string()}});
        CPPUNIT_ASSERT_EQUAL(configuration, outcome.code);
        CPPUNIT_ASSERT(holds(outcome.errors, "salond: store.url names the file "));
        CPPUNIT_ASSERT(holds(outcome.errors, "salond: plugin auth: auth.key_file = "));
        CPPUNIT_ASSERT(holds(outcome.errors, "salond: warning: plugin web: web.root = "));
        // Without the client a daemon starts all the same.
        const auto warned = check({{"web.root", nowhere}});
        CPPUNIT_ASSERT_EQUAL(0, warned.code);
        CPPUNIT_ASSERT_EQUAL(std::string("configuration ok\n"), warned.output);
        CPPUNIT_ASSERT(holds(warned.errors, "no such folder"));
    }

    void aCommandLineThatIsNoneIsAUsageError() {
        const std::pair<std::vector<std::string>, const char*> cases[] = {
            {{"--frobnicate"}, "there is no option --frobnicate"},
            {{"--daemon"}, "there is no option --daemon"},
            {{"--config"}, "the option --config needs a value"},
            {{"--define"}, "the option --define needs a value"},
            {{"--define", "http.port"}, "--define takes KEY=VALUE, not http.port"},
            {{"--define", "=5"}, "--define takes KEY=VALUE, not =5"},
            {{"start"}, "salond takes no argument start"},
            {{"--check", "--version"}, "--version"},
            {{"--evil\n\x1b[2J"}, "there is no option"},
        };
        for (const auto& [arguments, sentence] : cases) {
            const auto outcome = Daemon::run(arguments);
            refused(outcome, usage, sentence);
            CPPUNIT_ASSERT(!holds(outcome.errors, "\x1b"));
        }
    }

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

    void aPortInUseIsASentence() {
        salon.start();
        const auto port = std::to_string(salon.port());
        const auto outcome = salon.runHere(
            {}, {{"http.port", port}, {"store.url", "sqlite:" + salon.folder().file("other.db")}});
        fails(outcome, "cannot listen on 127.0.0.1:" + port);
        fails(outcome, "http.port to a free port");
        salon.http().get("/health/live").is(200);
        CPPUNIT_ASSERT_EQUAL(0, salon.stop());
    }

    /// Each would believe its own memory of where conversations stand.
    void aSecondDaemonOnTheSameFileIsRefused() {
        salon.start();
        const Daemon::Defines same{{"store.url", "sqlite:" + salon.database()}};
        fails(salon.runHere({}, same), "another salond uses it; stop that one");
        salon.person("alice");
        salon.kill();
        salon.restart(); // nothing is left of a lock whose owner was killed
        CPPUNIT_ASSERT_EQUAL(0, salon.stop());
    }

    void anAddressOfAnotherMachineIsASentence() {
        fails(salon.runHere({}, {{"http.address", "192.0.2.1"}}), "cannot listen on 192.0.2.1:0");
    }

    void aStoreThatCannotBeWrittenIsASentence() {
        const auto folder = salon.folder().path().string();
        fails(withStore("sqlite:" + folder + "/nowhere/salon.db"),
              "there is no directory " + folder + "/nowhere");
        fails(withStore("sqlite:" + folder), "that is no regular file");
        fails(withStore("sqlite:/dev/null"), "that is no regular file");
        std::ofstream(salon.folder().file("text.db")) << std::string(5000, 'x');
        fails(withStore("sqlite:" + folder + "/text.db"), "store.url");
        CPPUNIT_ASSERT_EQUAL(std::string(5000, 'x'), contentOf(salon.folder().file("text.db")));
    }

    void aStoreUrlThatIsNoneIsASentence() {
        for (const std::string none : {"salon.db", "", "mysql://salon:secret@example.org",
                                       "sqlite:", "sqlite::memory:", "sqlite:file:x?mode=ro"}) {
            for (const std::string mode : {"--check", ""}) {
                const auto outcome = check({{"store.url", none}}, mode);
                refused(outcome, configuration,
                        "store.url = (not shown) (from the command line): must be sqlite: and the "
                        "path of a file");
                CPPUNIT_ASSERT(!holds(outcome.errors, "secret"));
            }
        }
        isUntouched();
    }

private:
    Outcome check(const Daemon::Defines& extra = {}, const std::string& mode = "--check",
                  const std::vector<std::string>& environment = {}) {
        std::vector<std::string> arguments;
        if (!mode.empty()) arguments.push_back(mode);
        return salon.runHere(arguments, extra, environment);
    }

    Outcome withStore(const std::string& url) { return salon.runHere({}, {{"store.url", url}}); }

    /// A start that failed: its last line is the sentence.
    static void fails(const Outcome& outcome, const std::string& sentence) {
        CPPUNIT_ASSERT_EQUAL_MESSAGE(outcome.errors, failure, outcome.code);
        const auto line = outcome.errors.rfind("salond: ");
        CPPUNIT_ASSERT_MESSAGE(outcome.errors + " does not say " + sentence,
                               line != std::string::npos &&
                                   holds(outcome.errors.substr(line), sentence));
        CPPUNIT_ASSERT_EQUAL(outcome.errors.size() - 1, outcome.errors.find('\n', line));
    }

    void write(const std::string& text) {
        std::ofstream(salon.folder().file("salond.properties"), std::ios::trunc) << text;
    }

    /// Nothing was made where a store and a key would be.
    void isUntouched() {
        std::set<std::string> names;
        for (const auto& entry : std::filesystem::directory_iterator(salon.folder().path())) {
            names.insert(entry.path().filename().string());
        }
        CPPUNIT_ASSERT(names == std::set<std::string>{"salond.properties"});
    }

    /// A web client, if a small one: so that nothing is left to be said of it.
    std::string webRoot() {
        std::ofstream(_www.file("index.html")) << "salut";
        return _www.path().string();
    }

    Daemon salon;
    salon::test::TemporaryFolder _www;
};

CPPUNIT_TEST_SUITE_REGISTRATION(ProgramTest);
