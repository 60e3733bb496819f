#pragma once

#include "ChildProcess.h"
#include "Options.h"
#include "TemporaryFolder.h"
#include "store/Database.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace salon::bench {

/// The daemon under measurement: one reactor, the limits per client off, on a core of its own.
class ServerProcess {
public:
    struct Memory {
        std::int64_t proportional = 0; ///< Pss, bytes
        std::int64_t anonymous = 0;    ///< the part of it that is no file, bytes
    };

    using Defines = std::map<std::string, std::string>; ///< configuration key to value

    /// @param core the only CPU it may use, if any is given
    /// @param database its store; this and `options` must outlive it
    ServerProcess(const Options& options, std::optional<unsigned> core, const Database& database);

    /// Returns once it listens. @param extra replaces what it is configured with otherwise
    /// @returns how long that took from its execution
    std::chrono::duration<double> start(const Defines& extra = {});
    /// SIGTERM and its end. @throws std::runtime_error with its log when it does not end well
    void stop();

    std::uint16_t port() const { return _port; }
    std::string keyFile() const { return _folder.file("salon.key"); }
    pid_t pid() const { return _process->pid(); }
    const Database& database() const { return _database; }
    /// Processor time that it has used, user and system, seconds.
    double processorSeconds() const;
    /// Waits until it uses no more than a fiftieth of a core, as after a start over a large store.
    void waitForRest() const;
    Memory memory() const;
    /// The memory that it has now, or the most that it ever had, bytes; files that it maps are
    /// counted, what it shares too. Unlike memory() this does not hold it up.
    std::int64_t resident() const;
    std::int64_t mostResident() const;
    /// From now on it only gets processor time that nobody else wants.
    void giveWay() const;

private:
    std::string readProcess(const std::string& file) const;

    const Options& _options;
    const Database& _database;
    std::optional<unsigned> _core;
    test::TemporaryFolder _folder;
    std::unique_ptr<test::ChildProcess> _process;
    std::uint16_t _port = 0;
};

} // namespace salon::bench
