#pragma once

#include "app/settings/ConfigurationLayers.h"
#include "app/settings/SettingValue.h"
#include "app/settings/SettingsRegistry.h"

#include "salon/Settings.h"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace salon {

/// A key that is wrong, and a sentence about it for the operator.
struct Fault {
    std::string key;
    std::string sentence;
};
using Faults = std::vector<Fault>;

/// The values that a start goes on with; never changed once made.
class CheckedConfiguration final : public Configuration {
public:
    std::string text(const std::string& key) const override;
    std::int64_t integer(const std::string& key) const override;
    std::chrono::milliseconds duration(const std::string& key) const override;
    std::vector<std::string> list(const std::string& key) const override;

private:
    friend CheckedConfiguration checkConfiguration(const SettingsRegistry&,
                                                   const ConfigurationLayers&, Faults&);
    struct Entry {
        Setting::Type type;
        SettingValue value;
    };
    const Entry& entry(const std::string& key) const;
    std::map<std::string, Entry> _entries;
};

/// The values of all declared keys but those whose value is not allowed: each of them adds a
/// sentence that names key, value, what is allowed and where it was written.
CheckedConfiguration checkConfiguration(const SettingsRegistry& registry,
                                        const ConfigurationLayers& layers, Faults& faults);

/// Adds a sentence for each key that nobody has declared, naming the nearest that somebody has;
/// `absent` are plugins that could be loaded and are not, whose keys deserve a better reason.
void checkKeys(const SettingsRegistry& registry, const ConfigurationLayers& layers,
               const std::set<std::string>& absent, Faults& faults);

} // namespace salon
