#pragma once

#include <chrono>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace salon::bench {

/// What the command line asks for.
struct Options {
    std::chrono::milliseconds duration{};    ///< of each measured load
    std::chrono::milliseconds warmUp{};      ///< before it
    std::set<std::string, std::less<>> only; ///< names of scenarios; empty: all
    bool quick = false;                      ///< all of it in two minutes: less of everything
    bool unjudged = false;                   ///< whether a missed budget is no failure
    bool help = false;
    /// The database that is measured, see Database::make(); empty: SQLite, and then a server of the
    /// bench's own with those scenarios whose figures hang on the database.
    std::string store;
    std::string program = SALON_BUILD "/salond";
    std::string plugins = SALON_BUILD "/plugins";
    std::string folder = SALON_BUILD; ///< where temporary folders are made: a disk, not memory
    std::string json = SALON_BUILD "/../bench.json";
    std::vector<std::pair<std::string, std::string>>
        defines; ///< further configuration of the daemon

    bool wants(std::string_view scenario) const { return only.empty() || only.contains(scenario); }
    /// @throws std::invalid_argument with a sentence
    static Options parse(int argc, const char* const* argv);
    /// How it is used, scenarios included.
    static std::string usage();
};

} // namespace salon::bench
