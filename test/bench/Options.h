#pragma once

#include <chrono>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace salon::bench {

/// What the command line asks for.
struct Options {
    std::chrono::milliseconds duration{10'000}; ///< of each measured load
    std::chrono::milliseconds warmUp{2'000};    ///< before it
    std::set<std::string> only;                 ///< names of measurements; empty: all
    std::string program = SALON_BUILD "/salond";
    std::string plugins = SALON_BUILD "/plugins";
    std::string folder = SALON_BUILD; ///< where the temporary folder is made: a disk, not memory
    std::string json = SALON_BUILD "/../bench.json";
    std::vector<std::pair<std::string, std::string>>
        defines; ///< further configuration of the daemon

    bool wants(const std::string& measurement) const {
        return only.empty() || only.count(measurement) > 0;
    }
    /// @throws std::invalid_argument with a sentence and the usage
    static Options parse(int argc, const char* const* argv);
};

} // namespace salon::bench
