#include "ServerProcess.h"

#include "Deadline.h"

#include <sched.h>

#include <csignal>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace salon::bench {

namespace {

constexpr std::string_view ready = "listening on http://127.0.0.1:";
/// The most that a start may take, and an end after ten thousand connections.
constexpr std::chrono::seconds patience{30};

std::int64_t kibibytes(const std::string& text, const std::string& name) {
    const auto at = text.find("\n" + name + ":");
    if (at == std::string::npos) {
        throw std::runtime_error("the kernel does not tell " + name);
    }
    return std::stoll(text.substr(at + name.size() + 2)) * 1024;
}

} // namespace

ServerProcess::ServerProcess(const Options& options, std::optional<unsigned> core,
                             const Database& database)
    : _options(options), _database(database), _core(core), _folder(options.folder) {}

std::chrono::duration<double> ServerProcess::start(const Defines& extra) {
    Defines defines{
        {"http.address", "127.0.0.1"},
        {"http.port", "0"},
        {"http.max_connections", "0"},
        {"http.max_connections_per_address", "0"},
        {"net.reactors", "1"},
        {"ws.rate", "0"},
        {"ws.max_connections_per_user", "0"},
        // With ten thousand pairs more writes may wait than the default lets.
        {"store.lane_queue", "65536"},
        {"store.url", _database.url()},
        {"auth.key_file", keyFile()},
        {"metrics.port", "0"},
        {"plugins.directory", _options.plugins},
    };
    for (const auto& [key, value] : extra) defines[key] = value;
    for (const auto& [key, value] : _options.defines) defines[key] = value;
    // A file of its own, so that none of this machine is read.
    const auto file = _folder.file("salond.properties");
    std::ofstream(file, std::ios::app).flush();
    std::vector<std::string> arguments{"--config", file};
    for (const auto& [key, value] : defines) {
        arguments.emplace_back("--define");
        arguments.push_back(std::string(key).append("=").append(value));
    }
    const auto begin = test::Deadline::Clock::now();
    _process = std::make_unique<test::ChildProcess>(test::ChildProcess::Start{
        _options.program, std::move(arguments), _folder.path(), {}, _core});
    const auto line = _process->waitForLine(ready, patience);
    const auto took = test::Deadline::Clock::now() - begin;
    _port = static_cast<std::uint16_t>(std::stoul(line.substr(line.find(ready) + ready.size())));
    return took;
}

void ServerProcess::stop() {
    _process->signal(SIGTERM);
    const auto code = _process->wait(patience);
    if (code != 0) {
        throw std::runtime_error("salond did not end well (" +
                                 (code ? "exit " + std::to_string(*code) : "it does not stop") +
                                 "); its log:\n" + _process->errors());
    }
    _process.reset();
}

std::string ServerProcess::readProcess(const std::string& file) const {
    std::ifstream in("/proc/" + std::to_string(_process->pid()) + "/" + file);
    std::ostringstream text;
    text << in.rdbuf();
    if (text.str().empty()) {
        throw std::runtime_error("salond is gone; its log:\n" + _process->errors());
    }
    return text.str();
}

double ServerProcess::processorSeconds() const {
    clockid_t clock;
    timespec time;
    if (::clock_getcpuclockid(_process->pid(), &clock) != 0 || ::clock_gettime(clock, &time) != 0) {
        throw std::runtime_error("salond is gone; its log:\n" + _process->errors());
    }
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

void ServerProcess::waitForRest() const {
    constexpr std::chrono::milliseconds look{500};
    const test::Deadline deadline(std::chrono::seconds(60));
    auto before = processorSeconds();
    while (!deadline.passed()) {
        std::this_thread::sleep_for(look);
        const auto used = processorSeconds();
        if ((used - before) / std::chrono::duration<double>(look).count() < 0.02) return;
        before = used;
    }
    throw std::runtime_error("the daemon does not come to rest");
}

ServerProcess::Memory ServerProcess::memory() const {
    const auto text = readProcess("smaps_rollup");
    return {kibibytes(text, "Pss"), kibibytes(text, "Pss_Anon")};
}

std::int64_t ServerProcess::resident() const {
    return kibibytes(readProcess("status"), "VmRSS");
}

std::int64_t ServerProcess::mostResident() const {
    return kibibytes(readProcess("status"), "VmHWM");
}

void ServerProcess::giveWay() const {
    const sched_param none{};
    const auto tasks = "/proc/" + std::to_string(_process->pid()) + "/task";
    for (const auto& task : std::filesystem::directory_iterator(tasks)) {
        ::sched_setscheduler(std::stoi(task.path().filename()), SCHED_IDLE, &none);
    }
}

} // namespace salon::bench
