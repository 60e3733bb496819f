#include "ChildProcess.h"

#include "Deadline.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <stdexcept>
#include <system_error>

namespace salon::test {

namespace {

constexpr std::size_t kept = 4 << 20;

/// Both ends of a pipe, closed at the end unless taken.
struct Pipe {
    std::array<int, 2> ends{-1, -1};

    Pipe() {
        if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
            throw std::system_error(errno, std::generic_category(), "cannot make a pipe");
        }
    }
    ~Pipe() {
        closeEnd(0);
        closeEnd(1);
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;

    void closeEnd(std::size_t end) {
        if (ends[end] >= 0) ::close(ends[end]);
        ends[end] = -1;
    }
    int takeReader() { return std::exchange(ends[0], -1); }
};

std::vector<std::string> environmentOf(const ChildProcess::Start& start) {
    auto variables = start.environment;
    for (char** variable = environ; *variable; ++variable) {
        if (!std::string_view(*variable).starts_with("SALON_")) variables.emplace_back(*variable);
    }
    return variables;
}

std::vector<char*> pointersTo(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    pointers.reserve(texts.size() + 1);
    for (auto& text : texts) pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
}

/// What the new process needs between fork and exec, where nothing may be allocated.
struct Launch {
    const char* program;
    const char* folder;
    char* const* arguments;
    char* const* environment;
    pid_t parent;
    int core;          ///< -1 for any
    const char* input; ///< null for that of this process
    int output, errors, failure;
};

[[noreturn]] void launch(const Launch& launch) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != launch.parent) ::_exit(127); // the parent died before the line above
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::signal(SIGPIPE, SIG_DFL);
    const int input = launch.input ? ::open(launch.input, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
    bool ready = (input == STDIN_FILENO || ::dup2(input, STDIN_FILENO) >= 0) &&
                 ::dup2(launch.output, STDOUT_FILENO) >= 0 &&
                 ::dup2(launch.errors, STDERR_FILENO) >= 0 && ::chdir(launch.folder) == 0;
    if (ready && launch.core >= 0) {
        cpu_set_t cores;
        CPU_ZERO(&cores);
        CPU_SET(static_cast<unsigned>(launch.core), &cores);
        ready = ::sched_setaffinity(0, sizeof cores, &cores) == 0;
    }
    if (ready) {
        ::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
        ::execve(launch.program, launch.arguments, launch.environment);
    }
    const int reason = errno;
    [[maybe_unused]] const auto written = ::write(launch.failure, &reason, sizeof reason);
    ::_exit(127);
}

/// Reads once. @returns false at the end
bool readSome(int descriptor, std::string& text) {
    std::array<char, 16384> buffer;
    const auto count = ::read(descriptor, buffer.data(), buffer.size());
    if (count < 0) return errno == EINTR;
    text.append(buffer.data(), static_cast<std::size_t>(count));
    if (text.size() > kept) text.erase(0, kept / 2);
    return count > 0;
}

} // namespace

ChildProcess::ChildProcess(const Start& start) {
    Pipe output;
    Pipe errors;
    Pipe failure;
    auto arguments = start.arguments;
    arguments.insert(arguments.begin(), start.program);
    auto variables = environmentOf(start);
    const auto argumentPointers = pointersTo(arguments);
    const auto variablePointers = pointersTo(variables);
    const auto folder = start.folder.string();
    const auto input = start.input.string();
    const Launch request{start.program.c_str(),
                         folder.c_str(),
                         argumentPointers.data(),
                         variablePointers.data(),
                         ::getpid(),
                         start.core ? static_cast<int>(*start.core) : -1,
                         input.empty() ? nullptr : input.c_str(),
                         output.ends[1],
                         errors.ends[1],
                         failure.ends[1]};
    _pid = ::fork();
    if (_pid < 0) throw std::system_error(errno, std::generic_category(), "cannot fork");
    if (_pid == 0) launch(request);
    output.closeEnd(1);
    errors.closeEnd(1);
    failure.closeEnd(1);
    int reason = 0;
    if (::read(failure.ends[0], &reason, sizeof reason) > 0) {
        ::waitpid(_pid, nullptr, 0);
        throw std::system_error(reason, std::generic_category(), "cannot start " + start.program);
    }
    const int outputReader = output.takeReader();
    const int errorReader = errors.takeReader();
    _collector = std::thread([=, this] { collect(outputReader, errorReader); });
}

ChildProcess::~ChildProcess() {
    signal(SIGKILL);
    _collector.join();
}

void ChildProcess::collect(int output, int errors) {
    std::array<pollfd, 2> ends{{{output, POLLIN, 0}, {errors, POLLIN, 0}}};
    while (ends[0].fd >= 0 || ends[1].fd >= 0) {
        if (::poll(ends.data(), ends.size(), -1) < 0) continue;
        auto state = _state.lock();
        for (auto& end : ends) {
            if (end.fd < 0 || end.revents == 0) continue;
            if (!readSome(end.fd, end.fd == output ? state->output : state->errors)) {
                ::close(end.fd);
                end.fd = -1;
            }
        }
        _changed.notify_all();
    }
    reap();
}

void ChildProcess::reap() {
    // Its number stays its own until it is reaped under the lock: signal() never hits a stranger.
    siginfo_t ended;
    while (::waitid(P_PID, static_cast<id_t>(_pid), &ended, WEXITED | WNOWAIT) != 0) {
    }
    auto state = _state.lock();
    int status = 0;
    ::waitpid(_pid, &status, 0);
    state->code = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    _changed.notify_all();
}

std::string ChildProcess::output() {
    return _state.lock()->output;
}

std::string ChildProcess::errors() {
    return _state.lock()->errors;
}

std::string ChildProcess::waitForLine(std::string_view text, std::chrono::milliseconds within) {
    const Deadline deadline(within);
    auto state = _state.lock();
    std::string line;
    const auto found = [&] {
        const auto at = state->errors.find(text);
        const auto end = state->errors.find('\n', at == std::string::npos ? 0 : at);
        if (at == std::string::npos || end == std::string::npos) return false;
        const auto before = state->errors.rfind('\n', at);
        const auto begin = before == std::string::npos ? 0 : before + 1;
        line = state->errors.substr(begin, end - begin);
        return true;
    };
    _changed.wait_until(state.lock(), deadline.at(), [&] { return found() || state->code; });
    if (line.empty()) {
        throw std::runtime_error("the line \"" + std::string(text) + "\" did not come: " +
                                 (state->code
                                      ? "the process ended with " + std::to_string(*state->code)
                                      : std::string("the time is over")) +
                                 "; it printed:\n" + state->output + state->errors);
    }
    return line;
}

std::optional<int> ChildProcess::wait(std::chrono::milliseconds within) {
    const Deadline deadline(within);
    auto state = _state.lock();
    _changed.wait_until(state.lock(), deadline.at(), [&] { return state->code.has_value(); });
    return state->code;
}

void ChildProcess::signal(int number) {
    auto state = _state.lock();
    if (!state->code) ::kill(_pid, number);
}

} // namespace salon::test
