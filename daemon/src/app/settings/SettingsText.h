#pragma once

#include "app/settings/SettingsRegistry.h"

#include "salon/Program.h"

#include <string>
#include <vector>

namespace salon {

// What is written from the declarations, so that a key's sentence, its limits and its default are
// said in one place only.

/// `salond --help`: a line on how to call salond, the options, those of plugins too, then every key
/// with its default.
std::string helpText(const SettingsRegistry& registry, const std::vector<ProgramCommand>& commands);
/// `salond --print-config`: a properties file with every key, commented out.
std::string propertiesText(const SettingsRegistry& registry);
/// `salond --print-manual`: salond.properties(5) in mdoc(7).
std::string manualText(const SettingsRegistry& registry);

} // namespace salon
