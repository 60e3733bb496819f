#include "Usage.h"

#include <sys/resource.h>

#include <cmath>

namespace salon::bench {

namespace {

std::string percent(double part) {
    return std::to_string(std::lround(part * 100)) + " %";
}

} // namespace

Usage Usage::now(const ServerProcess& server) {
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    rusage own;
    ::getrusage(RUSAGE_SELF, &own);
    return {std::chrono::steady_clock::now().time_since_epoch(),
            seconds(own.ru_utime) + seconds(own.ru_stime), server.processorSeconds(),
            server.database().processorSeconds()};
}

Usage Usage::operator-(const Usage& before) const {
    Usage window{clock - before.clock, own - before.own, server - before.server, std::nullopt};
    if (database && before.database) window.database = *database - *before.database;
    return window;
}

std::string Usage::told() const {
    const auto seconds = clock.count();
    auto text = "the daemon used " + percent(server / seconds) + " of a core, ";
    if (database) text += "the database " + percent(*database / seconds) + ", ";
    return text + "the generator " + percent(own / seconds);
}

} // namespace salon::bench
