#include "metrics/ProcessMetrics.h"

#include "salon/Plugin.h"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string>

namespace salon {

namespace {

/// A field of /proc/self/stat by proc(5)'s number, from 3 on: the name, second, may hold spaces.
double statField(int number) {
    std::ifstream file("/proc/self/stat");
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    std::istringstream fields(text.substr(text.rfind(')') + 1));
    std::string field;
    for (int i = 3; i <= number; ++i) fields >> field;
    return std::stod(field);
}

double perSecond() {
    return static_cast<double>(::sysconf(_SC_CLK_TCK));
}

double bootTime() {
    std::ifstream file("/proc/stat");
    std::string line;
    while (std::getline(file, line)) {
        if (line.starts_with("btime ")) return std::stod(line.substr(6));
    }
    throw std::runtime_error("/proc/stat has no btime");
}

double seconds(const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

double processorSeconds() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double openDescriptors() {
    const std::filesystem::directory_iterator all("/proc/self/fd");
    return static_cast<double>(std::distance(begin(all), end(all)) - 1); // without this one
}

double mostDescriptors() {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    return static_cast<double>(limit.rlim_cur);
}

} // namespace

void registerProcessMetrics(Metrics& metrics) {
    metrics.gauge({"salon_build_info",
                   "Always 1: the labels say what runs.",
                   {{"version", SALON_VERSION},
                    {"abi", std::to_string(abiNumber)},
                    {"compiler", __VERSION__},
                    {"build", buildType()}}},
                  [] { return 1.0; });
    metrics.counter({"process_cpu_seconds_total", "Processor time used, in seconds."},
                    processorSeconds);
    metrics.gauge({"process_resident_memory_bytes", "Resident memory."},
                  [] { return statField(24) * static_cast<double>(::sysconf(_SC_PAGESIZE)); });
    metrics.gauge({"process_virtual_memory_bytes", "Virtual memory."},
                  [] { return statField(23); });
    metrics.gauge({"process_open_fds", "Open file descriptors."}, openDescriptors);
    metrics.gauge({"process_max_fds", "File descriptors that may be open."}, mostDescriptors);
    metrics.gauge({"process_threads", "Threads."}, [] { return statField(20); });
    metrics.gauge({"process_start_time_seconds", "When the process started, since 1970."},
                  [started = bootTime() + statField(22) / perSecond()] { return started; });
}

} // namespace salon
