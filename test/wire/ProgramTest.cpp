#include "ProgramCase.h"

#include <algorithm>
#include <sstream>

using namespace salon::wire;
using namespace std::string_literals;

namespace {

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

/// Whether mdoc shows this word of a line as a flag: `Fl` goes on until another macro.
bool isFlag(const std::string& text, const std::string& flag) {
    std::istringstream words(text);
    std::string macro;
    for (std::string word; words >> word;) {
        if (word == flag) return macro == "Fl";
        if (word.starts_with('.')) word.erase(0, 1);
        if (word == "Fl" || word == "Ar" || word == "Op" || word == "Nm") macro = word;
    }
    return false;
}

} // namespace

/// Its command line, what it prints, and what a check finds.
class ProgramTest : public ProgramCase {
    CPPUNIT_TEST_SUITE(ProgramTest);
    CPPUNIT_TEST(itTellsItsVersion);
    CPPUNIT_TEST(itsHelpNamesEveryOptionAndKey);
    CPPUNIT_TEST(itsManualShowsTheCallsThatItsHelpShows);
    CPPUNIT_TEST(theConfigurationFileThatShipsIsWhatItPrints);
    CPPUNIT_TEST(theManualPageThatShipsIsWhatItPrints);
    CPPUNIT_TEST(theConfigurationFileThatShipsIsGoodWithEveryLineTakenIn);
    CPPUNIT_TEST(aCheckSaysThatAConfigurationIsGoodAndMakesNothing);
    CPPUNIT_TEST(aCheckFindsWhatIsInTheWayOfAStart);
    CPPUNIT_TEST(aCheckNamesEverythingThatIsInTheWay);
    CPPUNIT_TEST(aCheckNamesEveryKeyAndValueThatIsWrong);
    CPPUNIT_TEST(aCheckWarnsOfAMisspeltVariable);
    CPPUNIT_TEST(aCommandLineThatIsNoneIsAUsageError);
    CPPUNIT_TEST_SUITE_END();

public:
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

    void itsManualShowsTheCallsThatItsHelpShows() {
        const auto page = contentOf(SALON_SOURCE "/man/salond.8");
        const auto begin = page.find(".Sh SYNOPSIS\n");
        const auto synopsis = page.substr(begin, page.find(".Sh DESCRIPTION\n") - begin);
        const auto help = Daemon::run({"--help"}).output;
        std::istringstream usage(help.substr(0, help.find('\n')));
        int options = 0;
        for (std::string word; usage >> word;) {
            const auto dashes = word.find("--");
            if (dashes == std::string::npos) continue;
            word = word.substr(dashes + 1, word.find(']') - dashes - 1);
            CPPUNIT_ASSERT_MESSAGE(word, isFlag(synopsis, word));
            ++options;
        }
        CPPUNIT_ASSERT_EQUAL(9, options);
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

    void aCheckNamesEveryKeyAndValueThatIsWrong() {
        write("http.prot = 1\nws.rate = 99999999999\nauth.access_ttl = 3\n");
        const auto outcome = check();
        CPPUNIT_ASSERT_EQUAL(configuration, outcome.code);
        CPPUNIT_ASSERT_EQUAL(std::string(), outcome.output);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(
            outcome.errors, std::ptrdiff_t{3},
            std::count(outcome.errors.begin(), outcome.errors.end(), '\n'));
        for (const auto* line : {"salond: unknown key http.prot in ", "salond: ws.rate = 9999999",
                                 "salond: auth.access_ttl = 3 (from "}) {
            CPPUNIT_ASSERT_MESSAGE(outcome.errors, holds(outcome.errors, line));
        }
        // A plugin that is not there hides no bad value of the daemon's own.
        const auto absent = check({{"plugins.load", "nobody"}});
        CPPUNIT_ASSERT_EQUAL(configuration, absent.code);
        CPPUNIT_ASSERT(holds(absent.errors, "salond: ws.rate = 9999999"));
        CPPUNIT_ASSERT(holds(absent.errors, "nobody.so"));
        // Whose keys those of plugins are is not known without a list of plugins.
        refused(check({{"plugins.load", "auth,,web"}, {"ws.rate", "5"}}), configuration,
                "plugins.load = auth,,web");
        isUntouched();
    }

    void aCheckWarnsOfAMisspeltVariable() {
        const std::string warning = "salond: warning: the environment variable SALON_HTTP_PROT is "
                                    "not used: did you mean SALON_HTTP_PORT?\n";
        const Daemon::Defines good{{"web.root", webRoot()}};
        const auto warned = check(good, "--check", {"SALON_HTTP_PROT=1", "SALON_WS_RATE=7"});
        CPPUNIT_ASSERT_EQUAL(warning, warned.errors);
        CPPUNIT_ASSERT_EQUAL(std::string("configuration ok\n"), warned.output);
        CPPUNIT_ASSERT_EQUAL(0, warned.code);
        const auto both = check(good, "--check", {"SALON_HTTP_PROT=1", "SALON_WS_RATE=x"});
        CPPUNIT_ASSERT_EQUAL(configuration, both.code);
        CPPUNIT_ASSERT_MESSAGE(both.errors, both.errors.starts_with(warning + "salond: ws.rate"));
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

private:
    /// A web client, if a small one: so that nothing is left to be said of it.
    std::string webRoot() {
        std::ofstream(_www.file("index.html")) << "salut";
        return _www.path().string();
    }

    salon::test::TemporaryFolder _www;
};

CPPUNIT_TEST_SUITE_REGISTRATION(ProgramTest);
