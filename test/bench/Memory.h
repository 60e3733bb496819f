#pragma once

#include "Fleet.h"
#include "ServerProcess.h"

namespace salon::bench {

struct MemoryResult {
    double bytesPerConnection = 0;   ///< of anonymous memory, once all are idle
    double connectionsPerSecond = 0; ///< from the first connect to the last `welcome`
    double microsecondsEach = 0;     ///< of the daemon's processor time
    double ownShare = 0;             ///< how much of its core the generator used meanwhile
    bool settled = false;            ///< whether two samples in a row were equal at last
};

/// Connects `count` clients and lets them be idle.
MemoryResult measureMemory(Fleet& fleet, const ServerProcess& server, std::size_t count);

struct IdleResult {
    double readyMilliseconds = 0; ///< the median of the starts
    double slowestMilliseconds = 0;
    std::int64_t bytes = 0; ///< proportional set size of an idle daemon, at most
};

/// Starts the daemon a few times; it must not run. It does not run afterwards.
IdleResult measureIdle(ServerProcess& server);

} // namespace salon::bench
