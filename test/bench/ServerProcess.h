#pragma once

#include "ChildProcess.h"
#include "Options.h"
#include "TemporaryFolder.h"

#include <chrono>
#include <cstdint>
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

    /// @param core the only CPU it may use, if any is given
    ServerProcess(const Options& options, std::optional<unsigned> core);

    /// Returns once it listens. @returns how long that took from its execution
    std::chrono::duration<double> start();
    /// SIGTERM and its end. @throws std::runtime_error with its log when it does not end well
    void stop();

    std::uint16_t port() const { return _port; }
    std::string database() const { return _folder.file("salon.db"); }
    std::string keyFile() const { return _folder.file("salon.key"); }
    /// The database and its write-ahead log, bytes.
    std::int64_t bytesOnDisk() const;

    /// Processor time that it has used, user and system, seconds.
    double processorSeconds() const;
    Memory memory() const;

private:
    std::string readProcess(const char* file) const;

    const Options& _options;
    std::optional<unsigned> _core;
    test::TemporaryFolder _folder;
    std::unique_ptr<test::ChildProcess> _process;
    std::uint16_t _port = 0;
};

} // namespace salon::bench
