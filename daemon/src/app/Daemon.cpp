#include "app/Daemon.h"

#include "app/ConfigurationError.h"
#include "app/Preparation.h"
#include "app/Service.h"
#include "app/StoreVerification.h"
#include "app/log/PocoLog.h"
#include "app/log/Printable.h"
#include "app/settings/ConfigurationLayers.h"
#include "app/settings/SettingsText.h"
#include "host/Reason.h"
#include "store/DatabaseStore.h"

#include "salon/Plugin.h"

#include <Poco/Util/Option.h>
#include <Poco/Util/OptionException.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>

namespace salon {

namespace {

constexpr const char* standardFile = "/etc/salon/salond.properties";

// One line, whatever an exception's text holds.
int fail(const std::string& sentence, int code) {
    std::cerr << "salond: " + printable(sentence, 2000) + "\n" << std::flush;
    return code;
}

void warn(const std::string& sentence) {
    fail("warning: " + sentence, 0);
}

std::string versionText() {
    return "salond " SALON_VERSION " (ABI " + std::to_string(abiNumber) + ", Poco " +
           std::to_string(POCO_VERSION >> 24) + "." + std::to_string(POCO_VERSION >> 16 & 255) +
           "." + std::to_string(POCO_VERSION >> 8 & 255) + ")\n";
}

std::string optionProblem(const Poco::Util::OptionException& exception) {
    // Behind the option's name Poco writes more, in its own words.
    const auto text = exception.message();
    const auto name = "--" + text.substr(0, text.find(' '));
    if (dynamic_cast<const Poco::Util::UnknownOptionException*>(&exception)) {
        return "there is no option " + name;
    }
    if (dynamic_cast<const Poco::Util::MissingArgumentException*>(&exception)) {
        return "the option " + name + " needs a value";
    }
    if (dynamic_cast<const Poco::Util::IncompatibleOptionsException*>(&exception)) {
        return "the option " + name + " cannot follow the one before it";
    }
    return "the option " + name + " cannot be used so";
}

/// All that is in the way is said, not the first of it alone.
void lookForObstacles(const Preparation& preparation) {
    auto all = preparation.plugins.obstacles(preparation.configuration);
    if (auto store = store::DatabaseStore::obstacle(preparation.configuration)) {
        all.insert(all.begin(), {std::move(*store)});
    }
    std::vector<std::string> grave;
    for (auto& obstacle : all) {
        if (obstacle.endsStart) {
            grave.push_back(std::move(obstacle.sentence));
        } else {
            warn(obstacle.sentence);
        }
    }
    if (!grave.empty()) throw ConfigurationError(std::move(grave));
}

} // namespace

Daemon::Daemon(const Signals& signals) : _signals(signals) {
    signals.restoreFaultHandlers();
}

int Daemon::launch(int argc, char** argv) {
    try {
        std::vector<std::string> arguments(argv, argv + argc);
        Poco::Util::OptionSet own;
        defineOptions(own);
        _program = takeProgramCall(arguments, own);
        // Not ServerApplication::run(argc, argv), which looks for --daemon by itself and forks.
        init(arguments);
    } catch (const Poco::Util::OptionException& exception) {
        return fail(optionProblem(exception) + ": see salond --help", exitUsage);
    } catch (...) {
        return fail(currentReason(), exitFailure);
    }
    return run();
}

void Daemon::defineOptions(Poco::Util::OptionSet& options) {
    using Poco::Util::Option;
    options.addOption(Option("config", "").argument("FILE").repeatable(false));
    options.addOption(Option("define", "").argument("KEY=VALUE").repeatable(true));
    for (const auto* mode :
         {"check", "verify-store", "help", "version", "print-config", "print-manual"}) {
        options.addOption(Option(mode, "").group("mode"));
    }
}

void Daemon::handleOption(const std::string& name, const std::string& value) {
    if (name == "config") {
        _config = value;
    } else if (name == "define") {
        _defines.push_back(value);
    } else if (name == "check") {
        _mode = Mode::check;
    } else if (name == "verify-store") {
        _mode = Mode::verifyStore;
    } else if (name == "help") {
        _mode = Mode::help;
    } else if (name == "version") {
        _mode = Mode::version;
    } else if (name == "print-config") {
        _mode = Mode::printConfig;
    } else if (name == "print-manual") {
        _mode = Mode::printManual;
    }
}

int Daemon::main(const std::vector<std::string>& arguments) {
    try {
        if (!arguments.empty()) {
            throw UsageError("salond takes no argument " + arguments.front() +
                             ": see salond --help");
        }
        act();
        return exitOk;
    } catch (const UsageError& error) {
        return fail(error.what(), exitUsage);
    } catch (const ConfigurationError& error) {
        for (const auto& fault : error.faults()) fail(fault, exitConfiguration);
        return exitConfiguration;
    } catch (...) {
        return fail(currentReason(), _mode == Mode::check ? exitConfiguration : exitFailure);
    }
}

void Daemon::act() {
    if (_program) checkProgram();
    if (_mode == Mode::version) {
        std::cout << versionText() << std::flush;
        return;
    }
    if (_mode != Mode::serve && _mode != Mode::check && _mode != Mode::verifyStore) {
        describeKeys();
        return;
    }
    ConfigurationLayers layers(configPtr(), std::getenv);
    for (const auto& define : _defines) layers.define(define);
    if (!_config.empty()) {
        layers.readFile(_config);
    } else if (std::filesystem::exists(standardFile)) {
        layers.readFile(standardFile);
    }
    SettingsRegistry registry;
    Preparation preparation;
    prepare(registry, layers, preparation);
    if (_mode == Mode::check) {
        for (const auto& warning : preparation.warnings) warn(warning);
    }
    if (!preparation.faults.empty()) throw ConfigurationError(std::move(preparation.faults));
    if (_mode == Mode::check) {
        lookForObstacles(preparation);
        std::cout << "configuration ok\n" << std::flush;
        return;
    }
    startLogging(preparation.configuration);
    if (_mode == Mode::verifyStore) {
        verifyStore(preparation, std::cout);
        return;
    }
    if (_program) {
        std::cout << runProgram(*_program, preparation, _signals) + "\n" << std::flush;
        return;
    }
    serve(preparation, _signals);
}

std::vector<std::string> Daemon::lookAround(SettingsRegistry& registry, PluginSet& plugins) {
    ConfigurationLayers layers(configPtr(), std::getenv);
    for (const auto& define : _defines) layers.define(define);
    if (!_config.empty()) layers.readFile(_config);
    declareCoreSettings(registry);
    layers.addDefaults(registry);
    return plugins.loadAll(pluginsDirectory(layers));
}

void Daemon::checkProgram() {
    SettingsRegistry registry;
    PluginSet plugins;
    const auto refusals = lookAround(registry, plugins);
    const auto option = "--" + _program->name;
    for (const auto& command : plugins.commands()) {
        if (command.name != _program->name) continue;
        if (_mode != Mode::serve) {
            throw UsageError("the option " + option + " cannot follow the one before it");
        }
        if (!_program->value) throw UsageError("the option " + option + " needs a value");
        return;
    }
    // One that could not be loaded may be the one that is missed.
    if (!refusals.empty()) throw ConfigurationError(refusals.front());
    throw UsageError("there is no option " + option + ": see salond --help");
}

void Daemon::describeKeys() {
    SettingsRegistry registry;
    PluginSet plugins;
    // Help helps although a plugin is broken; a file or a page that lacks keys is worse than none.
    for (const auto& refusal : lookAround(registry, plugins)) {
        if (_mode != Mode::help) throw ConfigurationError(refusal);
        fail(refusal, exitOk);
    }
    plugins.declare(registry);
    const auto text = _mode == Mode::help          ? helpText(registry, plugins.commands())
                      : _mode == Mode::printConfig ? propertiesText(registry)
                                                   : manualText(registry);
    std::cout << text << std::flush;
}

} // namespace salon
