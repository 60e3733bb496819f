#include "Options.h"

#include "Scenario.h"

#include <algorithm>
#include <optional>
#include <stdexcept>

namespace salon::bench {

namespace {

constexpr std::chrono::milliseconds usualDuration{10'000};
constexpr std::chrono::milliseconds usualWarmUp{2'000};
constexpr std::chrono::milliseconds quickDuration{2'000};
constexpr std::chrono::milliseconds quickWarmUp{500};

std::chrono::milliseconds seconds(const std::string& name, const std::string& text) {
    std::size_t read = 0;
    double value = -1;
    try {
        value = std::stod(text, &read);
    } catch (const std::logic_error&) {
        read = 0;
    }
    if (read != text.size() || !(value > 0 && value <= 3600)) {
        throw std::invalid_argument(
            name + " takes a number of seconds above 0, at most 3600, not " + text);
    }
    return std::chrono::milliseconds(static_cast<std::int64_t>(value * 1000));
}

std::pair<std::string, std::string> definition(const std::string& text) {
    const auto equals = text.find('=');
    if (equals == std::string::npos) {
        throw std::invalid_argument("--define takes KEY=VALUE, not " + text);
    }
    return {text.substr(0, equals), text.substr(equals + 1)};
}

std::string scenario(const std::string& name) {
    const auto all = scenarios();
    if (std::any_of(all.begin(), all.end(), [&](const auto& one) { return one.name == name; })) {
        return name;
    }
    throw std::invalid_argument("there is no scenario " + name + "; --help lists them");
}

} // namespace

Options Options::parse(int argc, const char* const* argv) {
    Options options;
    std::optional<std::chrono::milliseconds> duration;
    std::optional<std::chrono::milliseconds> warmUp;
    for (int i = 1; i < argc; ++i) {
        const std::string name = argv[i];
        if (name == "--quick") {
            options.quick = true;
            continue;
        }
        if (name == "--unjudged") {
            options.unjudged = true;
            continue;
        }
        if (name == "--help" || name == "-h") {
            options.help = true;
            return options;
        }
        const auto value = [&]() -> std::string {
            if (i + 1 == argc) throw std::invalid_argument(name + " wants a value; see --help");
            return argv[++i];
        };
        if (name == "--seconds") {
            duration = seconds(name, value());
        } else if (name == "--warm-up") {
            warmUp = seconds(name, value());
        } else if (name == "--only") {
            options.only.insert(scenario(value()));
        } else if (name == "--define") {
            options.defines.push_back(definition(value()));
        } else if (name == "--store") {
            options.store = value();
        } else if (name == "--program") {
            options.program = value();
        } else if (name == "--plugins") {
            options.plugins = value();
        } else if (name == "--folder") {
            options.folder = value();
        } else if (name == "--json") {
            options.json = value();
        } else {
            throw std::invalid_argument(name + " is not understood; see --help");
        }
    }
    options.duration = duration.value_or(options.quick ? quickDuration : usualDuration);
    options.warmUp = warmUp.value_or(options.quick ? quickWarmUp : usualWarmUp);
    return options;
}

std::string Options::usage() {
    std::string text =
        "usage: salon_bench [--only SCENARIO]... [--quick] [--unjudged] [--seconds N] [--warm-up "
        "N]\n"
        "                   [--store STORE] [--define KEY=VALUE]... [--program FILE]\n"
        "                   [--plugins FOLDER] [--folder FOLDER] [--json FILE]\n\n"
        "--quick     a tenth of the rows of the large stores, shorter loads, smaller crowds\n"
        "--seconds   how long each load is measured (10, quick 2), after --warm-up (2, 0.5)\n"
        "--unjudged  a missed budget is no failure, as on a machine that does other things\n"
        "--store     the one database of all scenarios: sqlite (a temporary file), mysql (a "
        "MariaDB\n"
        "            server of the bench's own), or mysql://USER:PASSWORD@HOST:PORT/NAME (a "
        "MariaDB\n"
        "            server that is there: databases NAME_1, NAME_2... are made and dropped); "
        "without\n"
        "            it both sqlite and mysql, the latter for the scenarios with a * below\n"
        "--define    further configuration of the daemon\n"
        "--folder    where temporary folders are made: a disk, not memory\n\n"
        "Scenarios, in the order in which they run:\n";
    for (const auto& one : scenarios()) {
        text.append(one.everyStore ? "* " : "  ").append(one.name);
        text.append(14 - one.name.size(), ' ').append(one.sentence).append("\n");
    }
    return text;
}

} // namespace salon::bench
