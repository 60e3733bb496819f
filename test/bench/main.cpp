// Measures a release build against its budgets: ./dev bench. Each scenario starts the real daemon
// on core 0 with its store on a disk and drives it from core 1. Scenario.h says how to add one.
#include "Scenario.h"
#include "store/Seed.h"

#include <Poco/Exception.h>

#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <csignal>
#include <exception>
#include <fstream>
#include <iostream>

namespace {

using namespace salon::bench;

/// As many descriptors as may be had, for the daemon as well, which inherits the limit.
std::size_t raiseDescriptors() {
    rlimit limit;
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    if (::setrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur < 12'000) {
        throw std::runtime_error("10,000 connections need a hard limit of 12,000 open files "
                                 "(ulimit -Hn)");
    }
    return limit.rlim_cur;
}

/// Leaves core 0 to the daemon. @returns the daemon's core, if there is more than one
std::optional<unsigned> shareCores() {
    cpu_set_t cores;
    CPU_ZERO(&cores);
    CPU_SET(1, &cores);
    if (::sched_setaffinity(0, sizeof cores, &cores) != 0) return std::nullopt;
    return 0;
}

void measure(const Options& options, Report& report, std::size_t descriptors,
             std::optional<unsigned> core, bool all) {
    std::unique_ptr<Site> shared;
    Stage stage{options, report, core, descriptors, [&]() -> Site& {
                    if (!shared) {
                        shared = std::make_unique<Site>(options, core);
                        shared->prepare();
                        seedPeople(*shared->database, seededUsers, seededUsers);
                        // The directory takes them in, and no figure has that in it.
                        shared->server.start();
                        shared->server.waitForRest();
                        shared->server.stop();
                    }
                    return *shared;
                }};
    for (const auto& scenario : scenarios()) {
        if (!options.wants(scenario.name) || !(all || scenario.everyStore)) continue;
        std::cerr << scenario.name << ": " << scenario.sentence << '\n';
        try {
            scenario.run(stage);
        } catch (const std::invalid_argument&) {
            throw; // the command line's
        } catch (const Poco::Exception& e) {
            report.check(std::string(scenario.name), false, e.displayText());
            shared.reset();
        } catch (const std::exception& e) {
            report.check(std::string(scenario.name), false, e.what());
            shared.reset(); // with whatever still runs
        }
    }
}

Report run(const Options& options) {
    Report report(!options.unjudged);
    const auto descriptors = raiseDescriptors();
    const auto core = shareCores();
    const auto on = [&](const std::string& store, bool all) {
        auto those = options;
        those.store = store;
        report.on(store == "sqlite" ? "SQLite" : "MariaDB");
        if (!core) report.note("there is one core only: the generator takes from the daemon's");
        measure(those, report, descriptors, core, all);
    };
    if (!options.store.empty()) {
        on(options.store, true);
    } else {
        on("sqlite", true);
        on("mysql", false);
    }
    return report;
}

} // namespace

int main(int argc, char** argv) {
    try {
        const auto options = Options::parse(argc, argv);
        if (options.help) {
            std::cout << Options::usage();
            return 0;
        }
        std::signal(SIGPIPE, SIG_IGN);
        ::prctl(PR_SET_TIMERSLACK, 1000); // nanoseconds: the open loop keeps its times
        const auto report = run(options);
        report.print(std::cout);
        std::ofstream json(options.json);
        report.printJson(json);
        if (!json.flush()) throw std::runtime_error("cannot write " + options.json);
        return report.good() ? 0 : 1;
    } catch (const std::exception& e) {
        std::cerr << "salon_bench: " << e.what() << '\n';
        return 2;
    }
}
