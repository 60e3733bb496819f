#include "host/PluginSet.h"

#include "app/ConfigurationError.h"
#include "host/Reason.h"

#include <stdexcept>
#include <utility>

namespace salon {

namespace {

// Calls into a plugin; what it throws becomes the sentence of a failed start.
template <class Call> void guard(const std::string& plugin, const char* what, const Call& call) {
    std::string reason;
    try {
        call();
        return;
    } catch (...) {
        reason = currentReason();
    }
    throw std::runtime_error("plugin " + plugin + " " + what + ": " + reason);
}

} // namespace

PluginSet::~PluginSet() {
    while (!_plugins.empty()) _plugins.pop_back();
}

void PluginSet::load(const std::string& directory, const std::vector<std::string>& names) {
    std::vector<PluginLibrary> libraries;
    libraries.reserve(names.size());
    for (const auto& name : names) libraries.push_back(openPlugin(directory, name));
    for (const auto& library : orderPlugins(std::move(libraries))) construct(library);
}

std::vector<std::string> PluginSet::loadAll(const std::string& directory) {
    std::vector<std::string> refusals;
    for (const auto& name : pluginsIn(directory)) {
        try {
            construct(openPlugin(directory, name));
        } catch (const std::exception& exception) {
            refusals.emplace_back(exception.what());
        }
    }
    return refusals;
}

void PluginSet::construct(const PluginLibrary& library) {
    const auto& descriptor = *library.descriptor;
    guard(descriptor.name, "cannot be made", [&] {
        _plugins.push_back({descriptor.name, descriptor.migrations, descriptor.api, nullptr,
                            std::unique_ptr<Plugin>(descriptor.create()), false});
    });
}

void PluginSet::declare(Settings& settings) const {
    for (const auto& loaded : _plugins) {
        guard(loaded.name, "declares its keys wrongly", [&] { loaded.plugin->declare(settings); });
    }
}

std::vector<ProgramCommand> PluginSet::commands() const {
    std::vector<ProgramCommand> all;
    for (const auto& loaded : _plugins) {
        guard(loaded.name, "names its commands wrongly", [&] {
            for (auto& command : loaded.plugin->commands()) {
                for (const auto& other : all) {
                    if (other.name == command.name) {
                        throw std::logic_error("another plugin has --" + command.name + " already");
                    }
                }
                all.push_back(std::move(command));
            }
        });
    }
    return all;
}

std::vector<PluginSet::Checks> PluginSet::checks() const {
    std::vector<Checks> all;
    for (const auto& loaded : _plugins) {
        guard(loaded.name, "names its checks wrongly", [&] {
            all.push_back({loaded.name, loaded.migrations, loaded.plugin->checks()});
        });
    }
    return all;
}

std::vector<Obstacle> PluginSet::obstacles(const Configuration& configuration) const {
    std::vector<Obstacle> all;
    for (const auto& loaded : _plugins) {
        guard(loaded.name, "could not look for what is in its way", [&] {
            for (auto& obstacle : loaded.plugin->obstacles(configuration)) {
                obstacle.sentence = "plugin " + loaded.name + ": " + obstacle.sentence;
                all.push_back(std::move(obstacle));
            }
        });
    }
    return all;
}

void PluginSet::migrate(const Migrate& migrate) const {
    for (const auto& loaded : _plugins) {
        guard(loaded.name, "has no usable schema",
              [&] { migrate(loaded.name, loaded.migrations); });
    }
}

void PluginSet::start(const HostParts& parts, const Migrate& migrate, Log& log) {
    this->migrate(migrate);
    for (auto& loaded : _plugins) {
        try {
            guard(loaded.name, "could not start", [&] {
                loaded.host = std::make_unique<PluginHost>(loaded.name, parts);
                loaded.plugin->start(*loaded.host);
                loaded.started = true;
            });
        } catch (...) {
            stop(log);
            throw;
        }
    }
}

void PluginSet::stop(Log& log) {
    for (auto loaded = _plugins.rbegin(); loaded != _plugins.rend(); ++loaded) {
        if (loaded->host) end(*loaded, log);
    }
}

void PluginSet::end(Loaded& loaded, Log& log) {
    loaded.host->withdraw();
    try {
        if (loaded.started) loaded.plugin->stop();
    } catch (...) {
        log.error("a plugin failed to stop",
                  {{"plugin", loaded.name}, {"reason", currentReason()}});
    }
    loaded.started = false;
    loaded.plugin.reset();
    loaded.host.reset();
}

std::vector<std::string> PluginSet::names() const {
    std::vector<std::string> names;
    for (const auto& loaded : _plugins) names.push_back(loaded.name);
    return names;
}

std::vector<std::pair<std::string, const char* const*>> PluginSet::descriptions() const {
    std::vector<std::pair<std::string, const char* const*>> all;
    for (const auto& loaded : _plugins) all.emplace_back(loaded.name, loaded.api);
    return all;
}

} // namespace salon
