#include "ProgramCase.h"
#include "TurnLength.h"

#include <sys/resource.h>

#include <map>

using namespace salon::wire;

/// Starts, and those that fail for something outside of the configuration.
class StartTest : public ProgramCase {
    CPPUNIT_TEST_SUITE(StartTest);
    CPPUNIT_TEST(threadsThatPeopleWaitForHaveShortTurns);
    CPPUNIT_TEST(aPortInUseIsASentence);
    CPPUNIT_TEST(aSecondDaemonOnTheSameFileIsRefused);
    CPPUNIT_TEST(theTablesOfARunningDaemonAreLeftAsTheyAre);
    CPPUNIT_TEST(anAddressOfAnotherMachineIsASentence);
    CPPUNIT_TEST(aStoreThatCannotBeWrittenIsASentence);
    CPPUNIT_TEST(aStoreUrlThatIsNoneIsASentence);
    CPPUNIT_TEST_SUITE_END();

public:
    void threadsThatPeopleWaitForHaveShortTurns() {
        salon.start();
        salon.person("alice"); // a reactor, a hasher and the lane have worked
        std::map<std::string, pid_t> threads;
        const auto tasks = "/proc/" + std::to_string(salon.pid()) + "/task";
        for (const auto& task : std::filesystem::directory_iterator(tasks)) {
            const auto name = contentOf(task.path() / "comm");
            threads[name.substr(0, name.size() - 1)] = std::stoi(task.path().filename());
        }
        const auto usual = salon::test::turnLength();
        const std::uint64_t wanted = usual == 0 ? 0 : 100'000;
        CPPUNIT_ASSERT_EQUAL(wanted, salon::test::turnLength(threads.at("reactor-0")));
        CPPUNIT_ASSERT_EQUAL(wanted, salon::test::turnLength(threads.at("lane-0")));
        CPPUNIT_ASSERT_EQUAL(usual, salon::test::turnLength(threads.at("worker")));
        const auto hasher = static_cast<id_t>(threads.at("hasher"));
        CPPUNIT_ASSERT_EQUAL(19, ::getpriority(PRIO_PROCESS, hasher));
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

    /// It would go on writing as it has learnt them.
    void theTablesOfARunningDaemonAreLeftAsTheyAre() {
        salon.start();
        const Daemon::Defines same{{"store.url", "sqlite:" + salon.database()}};
        const auto createAdmin = [&](const std::string& name) {
            return salon.runHere({"--create-admin", name}, same, {}, "correct horse\n");
        };
        CPPUNIT_ASSERT_EQUAL(0, createAdmin("early").code);
        auto store = salon.openStore();
        store << "UPDATE schema_version SET version = 0 WHERE plugin = 'presence'",
            Poco::Data::Keywords::now;
        fails(createAdmin("root"), "another salond uses it; stop that one");
        fails(salon.runHere({}, same), "another salond uses it; stop that one");
        store << "UPDATE schema_version SET version = 1 WHERE plugin = 'presence'",
            Poco::Data::Keywords::now;
        CPPUNIT_ASSERT_EQUAL(0, createAdmin("root").code);
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
};

CPPUNIT_TEST_SUITE_REGISTRATION(StartTest);
