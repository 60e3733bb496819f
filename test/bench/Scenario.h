#pragma once

#include "Options.h"
#include "Report.h"
#include "ServerProcess.h"
#include "client/Token.h"
#include "store/Database.h"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

// How to add a scenario: a file in scenarios/ with a function that is given a Stage, a line in
// Scenarios.h and one in the table of Scenarios.cpp. It starts the daemon, drives it, stops it, and
// reports its figures, each beside its budget if there is one. One whose figures hang on the
// database is run on each kind of it.

namespace salon::bench {

/// A stopped daemon and the store that it has; the store is removed with this object.
struct Site {
    /// Empty. @param options must outlive it
    Site(const Options& options, std::optional<unsigned> core);

    /// What the first start makes: the schema and the key.
    void prepare();

    std::unique_ptr<Database> database;
    ServerProcess server;
    std::optional<TokenMint> mint;
};

/// What a scenario is given.
struct Stage {
    const Options& options;
    Report& report;
    std::optional<unsigned> core; ///< the daemon's; none when there is only one
    std::size_t descriptors;      ///< how many a process may have open
    /// The store that scenarios share, seeded when it is first asked for: users 1 to 20,000, each
    /// with the session of the same number and with ten direct conversations.
    std::function<Site&()> site;
};

/// What `site` has.
constexpr std::size_t seededUsers = 20'000;

struct Scenario {
    std::string_view name;     ///< for --only
    std::string_view sentence; ///< for --help
    void (*run)(Stage&);
    bool everyStore = false; ///< whether its figures hang on the database
};

/// In the order in which they run.
std::span<const Scenario> scenarios();

/// Of the sockets that are wanted, as many as both processes have descriptors for.
inline std::size_t roomFor(const Stage& stage, std::size_t wanted) {
    constexpr std::size_t spare = 1000;
    return std::min(wanted, stage.descriptors - spare);
}

} // namespace salon::bench
