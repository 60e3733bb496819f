#pragma once

#include "app/settings/SettingsRegistry.h"

#include <string>

namespace salon {

// What is written from the declarations, so that a key's sentence, its limits and its default are
// said in one place only.

/// One line on how to call salond.
std::string usageText();
/// `salond --help`: the options, then every key with its default.
std::string helpText(const SettingsRegistry& registry);
/// `salond --print-config`: a properties file with every key, commented out.
std::string propertiesText(const SettingsRegistry& registry);
/// `salond --print-manual`: salond.properties(5) in mdoc(7).
std::string manualText(const SettingsRegistry& registry);

} // namespace salon
