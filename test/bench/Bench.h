#pragma once

#include "Options.h"
#include "Report.h"
#include "ServerProcess.h"
#include "Token.h"

#include <cstddef>
#include <memory>

namespace salon::bench {

/// The measurements in their order, each on a freshly started daemon over one seeded store.
class Bench {
public:
    /// @param descriptors how many a process may have open
    Bench(const Options& options, std::optional<unsigned> serverCore, std::size_t descriptors);

    Report run();

private:
    void idle();
    void memory();
    void latency();
    /// @param name begins the names of its figures; @param budget messages a second, if there is
    /// one
    void load(const std::string& name, std::size_t pairs, unsigned inFlight,
              std::optional<double> budget);

    const Options& _options;
    ServerProcess _server;
    std::size_t _manyPairs; ///< of the 10,000 wanted, as many as there are descriptors for
    std::unique_ptr<TokenMint> _mint;
    Report _report;
};

} // namespace salon::bench
