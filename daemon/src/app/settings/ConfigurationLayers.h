#pragma once

#include "app/settings/SettingsRegistry.h"

#include <Poco/AutoPtr.h>
#include <Poco/Util/LayeredConfiguration.h>

#include <functional>
#include <string>
#include <vector>

namespace salon {

/// What the operator has written, as text: command line over environment over file over defaults,
/// as layers of Poco's configuration. Values are taken literally: `${…}` is not expanded.
class ConfigurationLayers {
public:
    using Environment = std::function<const char*(const char*)>;

    /// `environment` is getenv(3) or a test's.
    ConfigurationLayers(Poco::AutoPtr<Poco::Util::LayeredConfiguration> layers,
                        const Environment& environment);
    ~ConfigurationLayers();
    ConfigurationLayers(const ConfigurationLayers&) = delete;
    ConfigurationLayers& operator=(const ConfigurationLayers&) = delete;

    /// `KEY=VALUE` from the command line; the last one of a key counts. @throws UsageError
    void define(const std::string& assignment);
    /// @throws ConfigurationError when the file cannot be read or sets a key twice
    void readFile(const std::string& path);
    /// Adds the defaults of the keys that have none yet.
    void addDefaults(const SettingsRegistry& registry);

    struct Value {
        std::string text;
        std::string origin; ///< `the command line`, `the environment, SALON_HTTP_PORT`, the file,
                            ///< or empty: the default
    };
    /// Of a declared key.
    Value find(const std::string& key) const;

    struct Given {
        std::string key;
        std::string where; ///< `on the command line` or `in /etc/salon/salond.properties`
    };
    /// Every key on the command line and in the file.
    std::vector<Given> given() const;

private:
    class Lines;
    using Layer = Poco::AutoPtr<Poco::Util::AbstractConfiguration>;

    Poco::AutoPtr<Poco::Util::LayeredConfiguration> _layers;
    Poco::AutoPtr<Lines> _commandLine;
    Layer _environment;
    Poco::AutoPtr<Lines> _file;
    Layer _defaults;
    std::string _path;
};

} // namespace salon
