#include "app/Preparation.h"

#include "app/ConfigurationError.h"
#include "app/log/PocoLog.h"
#include "host/PluginLoader.h"
#include "metrics/MetricsEndpoint.h"
#include "net/Server.h"
#include "store/DatabaseStore.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <string_view>
#include <utility>

namespace salon {

namespace {

std::vector<std::string> suspiciousVariables(const SettingsRegistry& registry) {
    std::vector<std::string> warnings;
    for (char** variable = environ; variable && *variable; ++variable) {
        const std::string_view text = *variable;
        const auto name = text.substr(0, text.find('='));
        // Others than operators set such names too (Kubernetes does), so that this is no error.
        if (const auto meant = registry.nearestVariable(name)) {
            warnings.push_back("the environment variable " + std::string(name) +
                               " is not used: did you mean " + *meant + "?");
        }
    }
    return warnings;
}

std::set<std::string> pluginsNotLoaded(const std::string& directory, const PluginSet& plugins) {
    std::set<std::string> names;
    for (auto& name : pluginsIn(directory)) names.insert(std::move(name));
    for (const auto& name : plugins.names()) names.erase(name);
    return names;
}

std::vector<std::string> sentencesOf(Faults faults) {
    std::vector<std::string> sentences;
    for (auto& fault : faults) sentences.push_back(std::move(fault.sentence));
    return sentences;
}

/// Whether it is known which plugins are to be loaded, without which nobody knows all keys.
bool knowsPlugins(const Faults& faults) {
    return std::none_of(faults.begin(), faults.end(),
                        [](const Fault& fault) { return groupOf(fault.key) == "plugins"; });
}

} // namespace

void declareCoreSettings(Settings& settings) {
    declareLogSettings(settings);
    net::Server::declare(settings);
    MetricsEndpoint::declare(settings);
    store::DatabaseStore::declare(settings);
    settings.declare({.key = "plugins.directory",
                      .type = Setting::Type::path,
                      .standard = "/usr/lib/salon/plugins",
                      .sentence = "The folder that plugins are loaded from; when it is not set, a "
                                  "folder named plugins beside the program comes first."});
    settings.declare({.key = "plugins.load",
                      .type = Setting::Type::list,
                      .standard = "auth,conversations,directory,presence,web",
                      .sentence =
                          "The plugins to load, by name, or by file (/folder/name.so) from another "
                          "folder; those that a plugin needs are started before it, in whatever "
                          "order they are given."});
}

std::string pluginsDirectory(const ConfigurationLayers& layers) {
    auto [text, origin] = layers.find("plugins.directory");
    if (!origin.empty()) return std::move(text);
    std::error_code error;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
    const auto beside = program.parent_path() / "plugins";
    if (!error && std::filesystem::is_directory(beside, error)) return beside.string();
    return std::move(text);
}

void prepare(SettingsRegistry& registry, ConfigurationLayers& layers, Preparation& preparation) {
    declareCoreSettings(registry);
    layers.addDefaults(registry);
    Faults coreFaults;
    const auto core = checkConfiguration(registry, layers, coreFaults);
    preparation.faults = sentencesOf(coreFaults);
    if (!knowsPlugins(coreFaults)) return;

    const auto directory = pluginsDirectory(layers);
    try {
        preparation.plugins.load(directory, core.list("plugins.load"));
    } catch (const ConfigurationError& error) {
        preparation.faults.insert(preparation.faults.end(), error.faults().begin(),
                                  error.faults().end());
        return;
    }
    preparation.plugins.declare(registry);
    layers.addDefaults(registry);
    Faults faults;
    checkKeys(registry, layers, pluginsNotLoaded(directory, preparation.plugins), faults);
    preparation.configuration = checkConfiguration(registry, layers, faults);
    preparation.faults = sentencesOf(std::move(faults));
    preparation.warnings = suspiciousVariables(registry);
}

} // namespace salon
