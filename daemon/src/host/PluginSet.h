#pragma once

#include "host/PluginHost.h"
#include "host/PluginLoader.h"

#include "salon/Log.h"
#include "salon/Plugin.h"
#include "salon/Settings.h"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace salon {

/// The plugins of this process, from their files to their end. Main thread.
class PluginSet {
public:
    PluginSet() = default;
    ~PluginSet();
    PluginSet(const PluginSet&) = delete;
    PluginSet& operator=(const PluginSet&) = delete;

    /// Opens all, orders them, and constructs them only then. @throws ConfigurationError
    void load(const std::string& directory, const std::vector<std::string>& names);
    /// As load() for each by itself, without regard to dependencies: to learn their keys. Returns a
    /// sentence for each that was refused.
    std::vector<std::string> loadAll(const std::string& directory);
    /// @throws std::runtime_error that names the plugin
    void declare(Settings& settings) const;

    /// What the plugins bring for the command line. @throws std::runtime_error that names the
    /// plugin
    std::vector<ProgramCommand> commands() const;

    struct Checks {
        std::string plugin;
        const Migration* migrations;
        std::vector<StoreCheck> checks;
    };
    /// What must hold for each plugin's tables. @throws std::runtime_error that names the plugin
    std::vector<Checks> checks() const;

    /// What would be in the way of their start. @throws std::runtime_error that names the plugin
    std::vector<Obstacle> obstacles(const Configuration& configuration) const;

    using Migrate = std::function<void(const std::string& plugin, const Migration* migrations)>;
    /// Brings each schema up to date. @throws std::runtime_error that names the plugin
    void migrate(const Migrate& migrate) const;
    /// migrate(), then starts each, in order. What has been started is stopped
    /// again when one fails. @throws std::runtime_error that names the plugin
    void start(const HostParts& parts, const Migrate& migrate, Log& log);
    /// In reverse order; what a plugin throws is logged. Idempotent.
    void stop(Log& log);

    std::vector<std::string> names() const;
    /// What each describes of its calls and frames: its name and the texts, which end with null.
    std::vector<std::pair<std::string, const char* const*>> descriptions() const;

private:
    struct Loaded {
        std::string name;
        const Migration* migrations;
        const char* const* api;
        std::unique_ptr<PluginHost> host; // from its start on; outlives the plugin's object
        std::unique_ptr<Plugin> plugin;
        bool started = false;
    };

    void construct(const PluginLibrary& library);
    static void end(Loaded& loaded, Log& log);

    std::vector<Loaded> _plugins;
};

} // namespace salon
