#pragma once

#include "salon/Guarded.h"

#include <sys/types.h>

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace salon::test {

/// A program that was started and is watched: what it prints is collected by a thread of its own,
/// so that it never waits for whoever reads it. It dies with the thread that started it, and with
/// this object.
class ChildProcess {
public:
    struct Start {
        std::string program;
        std::vector<std::string> arguments;
        std::filesystem::path folder; ///< where it runs
        /// Added to the environment, `NAME=value`; inherited variables that begin with `SALON_` are
        /// not passed on.
        std::vector<std::string> environment = {};
        std::optional<unsigned> core = std::nullopt; ///< the only CPU that it may use
        std::filesystem::path input = {}; ///< its standard input; that of this process when empty
    };

    /// @throws std::system_error when the program cannot be executed
    explicit ChildProcess(const Start& start);
    /// SIGKILL if it still runs.
    ~ChildProcess();
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    pid_t pid() const { return _pid; }
    /// What it printed so far; only the newest few MiB are kept.
    std::string output();
    std::string errors();

    /// Waits for a complete line on its standard error that holds `text`, and returns that line.
    /// @throws std::runtime_error with all it printed, when it ends before or the time is over
    std::string waitForLine(std::string_view text, std::chrono::milliseconds within);
    /// Waits for its end: its exit code, or minus the signal that ended it; nothing when it still
    /// runs.
    std::optional<int> wait(std::chrono::milliseconds within);
    /// Does nothing once it has ended.
    void signal(int number);

private:
    struct State {
        std::string output;
        std::string errors;
        std::optional<int> code;
    };

    void collect(int output, int errors);
    void reap();

    pid_t _pid = -1;
    Guarded<State> _state;
    std::condition_variable _changed;
    std::thread _collector;
};

} // namespace salon::test
