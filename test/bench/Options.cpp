#include "Options.h"

#include <stdexcept>

namespace salon::bench {

namespace {

const std::set<std::string> measurements{"idle", "memory", "latency", "load", "pairs"};

const char* const usage =
    "usage: salon_bench [--seconds N] [--warm-up N] [--only idle|memory|latency|load|pairs]...\n"
    "                   [--define KEY=VALUE]... [--program FILE] [--plugins FOLDER]\n"
    "                   [--folder FOLDER] [--json FILE]";

std::chrono::milliseconds seconds(const std::string& name, const std::string& text) {
    std::size_t read = 0;
    double value = -1;
    try {
        value = std::stod(text, &read);
    } catch (const std::logic_error&) {
        read = 0;
    }
    if (read != text.size() || !(value >= 0 && value <= 3600)) {
        throw std::invalid_argument(name + " takes a number of seconds from 0 to 3600, not " +
                                    text);
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

} // namespace

Options Options::parse(int argc, const char* const* argv) {
    Options options;
    for (int i = 1; i < argc; i += 2) {
        const std::string name = argv[i];
        if (i + 1 == argc) throw std::invalid_argument(name + " is not understood\n" + usage);
        const std::string value = argv[i + 1];
        if (name == "--seconds") {
            options.duration = seconds(name, value);
        } else if (name == "--warm-up") {
            options.warmUp = seconds(name, value);
        } else if (name == "--only" && measurements.count(value) > 0) {
            options.only.insert(value);
        } else if (name == "--define") {
            options.defines.push_back(definition(value));
        } else if (name == "--program") {
            options.program = value;
        } else if (name == "--plugins") {
            options.plugins = value;
        } else if (name == "--folder") {
            options.folder = value;
        } else if (name == "--json") {
            options.json = value;
        } else {
            throw std::invalid_argument(std::string(name).append(" ").append(value) +
                                        " is not understood\n" + usage);
        }
    }
    return options;
}

} // namespace salon::bench
