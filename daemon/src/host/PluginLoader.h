#pragma once

#include "salon/Plugin.h"

#include <string>
#include <vector>

namespace salon {

/// A library that was opened and whose descriptor fits this program. It stays open for ever:
/// threads, exceptions and statics of a plugin may outlive every object of it.
struct PluginLibrary {
    std::string path;
    const PluginDescriptor* descriptor = nullptr;
    std::vector<std::string> dependencies = {};
};

/// Opens `directory`/`entry`.so, or `entry` itself when it is an absolute path, and checks it
/// before any code of the plugin is called (what a library runs by itself when it is opened cannot
/// be helped: the directory must be the operator's own).
/// @throws ConfigurationError with one sentence that names both sides
PluginLibrary openPlugin(const std::string& directory, const std::string& entry);

/// The names of the plugins in a folder, sorted; none when there is no such folder.
std::vector<std::string> pluginsIn(const std::string& directory);

/// The order of starting: dependencies first, otherwise as given.
/// @throws ConfigurationError for a name given twice, a missing dependency, or a cycle, which is
/// named
std::vector<PluginLibrary> orderPlugins(std::vector<PluginLibrary> libraries);

} // namespace salon
