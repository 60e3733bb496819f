#include "Deadline.h"
#include "Dialogue.h"

#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

using salon::wire::Daemon;
using salon::wire::Reply;

namespace {

/// salond on a terminal of its own, as somebody at a keyboard sees it.
class AtTerminal {
public:
    explicit AtTerminal(std::vector<std::string> arguments) {
        std::string program = SALON_BUILD "/salond";
        arguments.insert(arguments.begin(), program);
        std::vector<char*> argv;
        for (auto& argument : arguments) argv.push_back(argument.data());
        argv.push_back(nullptr);
        _pid = forkpty(&_terminal, nullptr, nullptr, nullptr);
        if (_pid == 0) {
            execv(program.c_str(), argv.data());
            _exit(127);
        }
        CPPUNIT_ASSERT(_pid > 0);
    }
    ~AtTerminal() {
        close(_terminal);
        if (_pid > 0) {
            kill(_pid, SIGKILL);
            waitpid(_pid, nullptr, 0);
        }
    }
    AtTerminal(const AtTerminal&) = delete;
    AtTerminal& operator=(const AtTerminal&) = delete;

    void reads(const std::string& text) {
        const salon::test::Deadline deadline(salon::test::patience);
        while (_shown.find(text, _seen) == std::string::npos) {
            if (!more() || deadline.passed()) CPPUNIT_FAIL("no " + text + " in: " + _shown);
        }
        _seen = _shown.find(text, _seen) + text.size();
    }
    void types(const std::string& text) {
        CPPUNIT_ASSERT(write(_terminal, text.data(), text.size()) ==
                       static_cast<ssize_t>(text.size()));
    }
    /// To its end: its exit code.
    int ends() {
        while (more()) {
        }
        int status = 0;
        waitpid(_pid, &status, 0);
        _pid = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }
    const std::string& shown() const { return _shown; }

private:
    bool more() {
        pollfd watched{_terminal, POLLIN, 0};
        if (poll(&watched, 1, static_cast<int>(salon::test::patience.count())) <= 0) return false;
        char buffer[512];
        const auto got = read(_terminal, buffer, sizeof buffer);
        if (got > 0) _shown.append(buffer, static_cast<std::size_t>(got));
        return got > 0;
    }

    int _terminal = -1;
    pid_t _pid = -1;
    std::string _shown;
    std::size_t _seen = 0;
};

} // namespace

/// A closed house: the operator makes an administrator, who lets others in one by one.
class InvitationTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(InvitationTest);
    CPPUNIT_TEST(theFirstAdministratorLetsOthersIn);
    CPPUNIT_TEST(theStoreIsNamedByItsWholePath);
    CPPUNIT_TEST(whoIsRefusedLeavesNoStoreBehind);
    CPPUNIT_TEST(theDaemonMayRunMeanwhile);
    CPPUNIT_TEST(atATerminalThePasswordIsNotShown);
    CPPUNIT_TEST(atATerminalBothTimesMustBeTheSame);
    CPPUNIT_TEST(atATerminalItCanBeInterrupted);
    CPPUNIT_TEST(badCallsAreRefused);
    CPPUNIT_TEST_SUITE_END();

    const Daemon::Defines closed{{"auth.registration", "closed"}};

    /// `salond --create-admin` with these lines on its standard input.
    Daemon::Outcome createAdmin(const std::string& name, const std::string& input) {
        return salon.runHere({"--create-admin", name}, closed, {}, input);
    }
    Reply login(const std::string& name, const std::string& password) {
        return salon.http().post("/api/v1/auth/login",
                                 R"({"login":")" + name + R"(","password":")" + password + R"("})");
    }
    Reply enter(const std::string& name, const std::string& invitation) {
        return salon.http().post("/api/v1/auth/register",
                                 R"({"username":")" + name +
                                     R"(","password":"correct horse","invitation":")" + invitation +
                                     R"("})");
    }
    /// What the store is called, without the password that the tests' server asks for.
    std::string place() {
        auto url = salon.storeUrl();
        const auto at = url.rfind('@');
        const auto colon = url.find(':', url.find(':') + 1);
        if (at != url.npos && colon < at) url.erase(colon, at - colon);
        return url;
    }
    std::vector<std::string> arguments(const std::string& name) {
        return {"--create-admin", name,
                "--define",       "store.url=" + salon.storeUrl(),
                "--define",       "plugins.directory=" SALON_BUILD "/plugins"};
    }

    Daemon salon;

public:
    void tearDown() override { salon.end(); }

    void theFirstAdministratorLetsOthersIn() {
        const auto made = createAdmin("root", "correct horse\nignored\n");
        CPPUNIT_ASSERT_EQUAL_MESSAGE(made.errors, 0, made.code);
        CPPUNIT_ASSERT_EQUAL("the administrator root can log in now (" + place() + ")\n",
                             made.output);
        salon.start(closed);
        enter("alice", "x").isProblem(403, "forbidden");
        salon.http()
            .post("/api/v1/auth/register", R"({"username":"alice","password":"correct horse"})")
            .isProblem(403, "forbidden");

        const auto root = login("root", "correct horse").is(200).json();
        CPPUNIT_ASSERT_EQUAL(std::string("admin"), root.object("user").text("role"));
        const auto http = salon.http(root.text("access_token"));
        const auto invitation =
            http.post("/api/v1/auth/invitations", R"({"expires_in":3600})").is(201).json();
        CPPUNIT_ASSERT_EQUAL(std::size_t{24}, invitation.text("expires_at").size());
        const auto alice = enter("alice", invitation.text("code")).is(201).json();
        enter("eve", invitation.text("code")).isProblem(403, "forbidden");
        salon.http(alice.text("access_token"))
            .post("/api/v1/auth/invitations", "")
            .isProblem(403, "forbidden");
        salon.http().post("/api/v1/auth/invitations", "").isProblem(401, "unauthorized");
        http.post("/api/v1/auth/invitations", R"({"expires_in":1})").isProblem(400, "bad_request");
        http.post("/api/v1/auth/invitations", "").is(201);
    }

    void theStoreIsNamedByItsWholePath() {
        const auto made = salon.runHere({"--create-admin", "root"},
                                        {{"store.url", "sqlite:./new.db"}}, {}, "correct horse\n");
        CPPUNIT_ASSERT_EQUAL_MESSAGE(made.errors, 0, made.code);
        CPPUNIT_ASSERT_EQUAL("the administrator root can log in now (sqlite:" +
                                 salon.folder().file("new.db") + ")\n",
                             made.output);
    }

    void whoIsRefusedLeavesNoStoreBehind() {
        const auto make = [&](const std::string& name, const std::string& input) {
            const auto refused = salon.runHere({"--create-admin", name},
                                               {{"store.url", "sqlite:new.db"}}, {}, input);
            CPPUNIT_ASSERT_EQUAL(1, refused.code);
        };
        make("a b", "correct horse\n");
        make("root", "short\n");
        make("root", "");
        for (const auto& entry : std::filesystem::directory_iterator(salon.folder().path())) {
            CPPUNIT_ASSERT_MESSAGE(entry.path(),
                                   !entry.path().filename().string().starts_with("new.db"));
        }
        // A store that cannot be opened is said before anybody is asked for a password.
        const auto outcome = salon.runHere({"--create-admin", "root"},
                                           {{"store.url", "sqlite:nowhere/new.db"}}, {}, "");
        CPPUNIT_ASSERT_EQUAL(1, outcome.code);
        CPPUNIT_ASSERT_MESSAGE(outcome.errors,
                               outcome.errors.find("there is no directory") != std::string::npos);
    }

    void theDaemonMayRunMeanwhile() {
        salon.start(closed);
        CPPUNIT_ASSERT_EQUAL(0, createAdmin("root", "correct horse\n").code);
        const auto root = login("root", "correct horse").is(200).json();
        // Whoever can log in can be found.
        const auto found =
            salon.http(root.text("access_token")).get("/api/v1/users?q=root").is(200).json();
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, found.list("users").size());
        const auto again = createAdmin("ROOT", "correct horse\n");
        CPPUNIT_ASSERT_EQUAL(1, again.code);
        CPPUNIT_ASSERT_MESSAGE(again.errors,
                               again.errors.starts_with("salond: the username is taken in " +
                                                        place() + ": take another, or give "));
    }

    void atATerminalThePasswordIsNotShown() {
        AtTerminal terminal(arguments("root"));
        terminal.reads("Password for root: ");
        terminal.types("correct horse\n");
        terminal.reads("Password for root again: ");
        terminal.types("correct horse\n");
        CPPUNIT_ASSERT_EQUAL(0, terminal.ends());
        CPPUNIT_ASSERT(terminal.shown().find("horse") == std::string::npos);
        salon.start(closed);
        login("root", "correct horse").is(200);
    }

    void atATerminalBothTimesMustBeTheSame() {
        AtTerminal terminal(arguments("root"));
        terminal.reads("Password for root: ");
        terminal.types("correct horse\n");
        terminal.reads("again: ");
        terminal.types("correct house\n");
        terminal.reads("the second time");
        CPPUNIT_ASSERT_EQUAL(1, terminal.ends());
    }

    void atATerminalItCanBeInterrupted() {
        AtTerminal terminal(arguments("root"));
        terminal.reads("Password for root: ");
        terminal.types("correct\x03");
        terminal.reads("interrupted");
        CPPUNIT_ASSERT_EQUAL(1, terminal.ends());
    }

    void badCallsAreRefused() {
        const auto refused = [](const Daemon::Outcome& outcome, int code,
                                const std::string& sentence) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(outcome.errors, code, outcome.code);
            CPPUNIT_ASSERT_MESSAGE(outcome.errors,
                                   outcome.errors.find(sentence) != std::string::npos);
        };
        refused(createAdmin("a b", "correct horse\n"), 1, "username");
        refused(createAdmin("root", "short\n"), 1, "password");
        refused(createAdmin("root", ""), 1, "standard input is empty");
        refused(createAdmin("root", std::string(5000, 'x')), 1, "the line is too long");
        refused(salon.runHere({"--create-admin"}), 64, "the option --create-admin needs a value");
        refused(salon.runHere({"--check", "--create-admin", "root"}), 64, "--create-admin");
        const auto help = salon.runHere({"--help"});
        CPPUNIT_ASSERT(help.output.find("\n  --create-admin NAME ") != std::string::npos);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(InvitationTest);
