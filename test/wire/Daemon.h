#pragma once

#include "ChildProcess.h"
#include "Deadline.h"
#include "Http.h"
#include "TemporaryFolder.h"

#include <Poco/Data/Session.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace salon::wire {

class Person;

/// A real salond in a temporary folder on a free port. Whatever does not happen within
/// test::patience fails the test, with the daemon's log in the message.
class Daemon {
public:
    using Defines = std::map<std::string, std::string>; ///< configuration key to value

    Daemon() = default;
    ~Daemon();
    Daemon(const Daemon&) = delete;
    Daemon& operator=(const Daemon&) = delete;

    /// Returns once it listens.
    void start(Defines extra = {});
    /// SIGTERM. @returns its exit code, or minus the signal that ended it
    int stop();
    /// SIGKILL, as when the power goes.
    void kill();
    /// After stop() or kill(): starts again in the same folder; the port is another one.
    void restart();
    /// kill() if it runs, and removes the folder.
    void end();
    void signal(int number) { _process->signal(number); }

    bool running() const { return _process != nullptr; }
    std::uint16_t port() const { return _port; }
    pid_t pid() const { return _process->pid(); }
    std::string log() const { return _process->errors(); }
    /// Waits for a line of the log that holds `text`.
    std::string logged(std::string_view text, std::chrono::milliseconds within = test::patience);
    /// Made when it is first needed: CppUnit constructs every fixture of a program at once.
    const test::TemporaryFolder& folder();
    /// The database of SQLite.
    std::string database() { return folder().file("salon.db"); }
    /// What start() gives as store.url: a file of SQLite, or with SALON_TEST_STORE=mysql in the
    /// environment a database of the program's own server.
    std::string storeUrl();
    /// Whether the tests run on a database server.
    static bool onServer();
    /// A session of the test's own on the database.
    Poco::Data::Session openStore();

    Http http(std::string token = {}) const { return Http(_port, std::move(token)); }
    /// Somebody with an account of that name: registers, or logs in if the name is taken.
    Person person(const std::string& name);

    struct Outcome {
        int code = 0;
        std::string output;
        std::string errors;
    };
    /// Runs salond with these arguments to its end, in a temporary folder.
    static Outcome run(std::vector<std::string> arguments,
                       std::vector<std::string> environment = {});
    /// `salond --verify-store` with the configuration of the last start, running or not, finds
    /// nothing wrong.
    void verifyStore();
    /// As run(), with the configuration that start() gives, changed by `extra`, and with `input` as
    /// its standard input.
    Outcome runHere(std::vector<std::string> arguments, const Defines& extra = {},
                    std::vector<std::string> environment = {}, const std::string& input = {});

    /// Prints on stderr what is new in the log; what Person does when a test fails around it.
    void tellLog();

private:
    std::vector<std::string> arguments(const Defines& extra);

    std::unique_ptr<test::TemporaryFolder> _folder;
    std::string _database; ///< on the server
    Defines _extra;
    std::unique_ptr<test::ChildProcess> _process;
    std::uint16_t _port = 0;
    std::size_t _told = 0; ///< how much of the log was printed
};

} // namespace salon::wire
