#pragma once

#include "ChildProcess.h"
#include "TemporaryFolder.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace salon::test {

/// A MariaDB server of this process's own: in a temporary folder, on a free port of 127.0.0.1, as
/// the user that runs the test. Never the machine's service. What it commits is synchronized.
class MariaServer {
public:
    /// As tests want it. The folder is in memory where there is room: a kill loses nothing there,
    /// and tables are made and dropped by the hundred.
    struct Setup {
        std::filesystem::path folder = {}; ///< where its own is made; empty: memory if it may be
        unsigned pool = 64;                ///< MiB of rows and indexes that it keeps in memory
        unsigned log = 16;                 ///< MiB of its redo log
        std::optional<unsigned> core = std::nullopt; ///< the only CPU that it may use
        std::vector<std::string> arguments = {};     ///< added to its command line
    };

    /// Starts it. @throws std::runtime_error with what the server printed
    MariaServer() : MariaServer(Setup()) {}
    explicit MariaServer(const Setup& setup);
    ~MariaServer();
    MariaServer(const MariaServer&) = delete;
    MariaServer& operator=(const MariaServer&) = delete;

    /// The one that all suites of a program share; started when it is first asked for.
    static MariaServer& shared();

    std::uint16_t port() const { return _port; }
    pid_t pid() const { return _process->pid(); }
    /// Makes a database that nobody else has, and returns its name.
    std::string createDatabase();
    void dropDatabase(const std::string& name);
    /// As store.url takes it. The password has characters that are percent-encoded.
    std::string url(const std::string& database) const;
    static const char* password();
    /// Runs a statement as somebody who may do everything.
    void execute(const std::string& sql) const;
    /// Ends every connection to this database, on the server's side; how many there were.
    int breakLinks(const std::string& database);
    /// As Poco's own connector takes it.
    std::string pocoConnection(const std::string& database) const;

    /// Asks it to stop and waits; start() starts it again, on the same port.
    void stop();
    void kill();
    void start();
    /// Starts it again if it ends by itself within this time.
    void startIfEnded(std::chrono::milliseconds within);
    /// It is there and does not answer, as when its disk hangs.
    void freeze();
    void thaw();

private:
    const Setup _setup;
    TemporaryFolder _folder;
    std::uint16_t _port = 0;
    int _databases = 0;
    std::unique_ptr<ChildProcess> _process;
};

} // namespace salon::test
