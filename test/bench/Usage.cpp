#include "Usage.h"

#include <sys/resource.h>

namespace salon::bench {

Usage Usage::now(const ServerProcess& server) {
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    rusage own;
    ::getrusage(RUSAGE_SELF, &own);
    return {std::chrono::steady_clock::now().time_since_epoch(),
            seconds(own.ru_utime) + seconds(own.ru_stime), server.processorSeconds()};
}

} // namespace salon::bench
