#pragma once

#include "app/settings/CheckedConfiguration.h"
#include "app/settings/ConfigurationLayers.h"
#include "app/settings/SettingsRegistry.h"
#include "host/PluginSet.h"

#include <string>
#include <vector>

namespace salon {

/// The first half of a start, which changes nothing: the plugins loaded and the configuration
/// checked.
struct Preparation {
    PluginSet plugins;
    CheckedConfiguration configuration;
    /// What is wrong with the configuration, a sentence each; there is no start with any.
    std::vector<std::string> faults;
    /// Sentences for the log about environment variables that look like a key misspelt.
    std::vector<std::string> warnings;
};

/// The daemon's own keys.
void declareCoreSettings(Settings& settings);

/// `plugins.directory`, or the folder `plugins` beside the program if the key is not set and there
/// is one.
std::string pluginsDirectory(const ConfigurationLayers& layers);

/// Fills `registry`, which must be empty, and `preparation`, which is good for nothing but telling
/// its faults when it has some. @throws std::runtime_error
void prepare(SettingsRegistry& registry, ConfigurationLayers& layers, Preparation& preparation);

} // namespace salon
