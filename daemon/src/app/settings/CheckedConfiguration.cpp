#include "app/settings/CheckedConfiguration.h"

#include "app/log/Printable.h"

#include <stdexcept>
#include <utility>

namespace salon {

namespace {

std::logic_error readAs(const std::string& key, const char* kind) {
    return std::logic_error("the key " + key + " is read as " + kind + ", which it is not");
}

} // namespace

std::string CheckedConfiguration::text(const std::string& key) const {
    return entry(key).value.text;
}

std::int64_t CheckedConfiguration::integer(const std::string& key) const {
    const auto& found = entry(key);
    if (found.type != Setting::Type::integer && found.type != Setting::Type::size) {
        throw readAs(key, "a number");
    }
    return found.value.number;
}

std::chrono::milliseconds CheckedConfiguration::duration(const std::string& key) const {
    const auto& found = entry(key);
    if (found.type != Setting::Type::duration) throw readAs(key, "a duration");
    return std::chrono::milliseconds(found.value.number);
}

std::vector<std::string> CheckedConfiguration::list(const std::string& key) const {
    const auto& found = entry(key);
    if (found.type != Setting::Type::list) throw readAs(key, "a list");
    return found.value.items;
}

const CheckedConfiguration::Entry& CheckedConfiguration::entry(const std::string& key) const {
    const auto found = _entries.find(key);
    if (found == _entries.end()) throw std::logic_error("nobody has declared the key " + key);
    return found->second;
}

CheckedConfiguration checkConfiguration(const SettingsRegistry& registry,
                                        const ConfigurationLayers& layers, Faults& faults) {
    CheckedConfiguration configuration;
    for (const auto* setting : registry.all()) {
        const auto [text, origin] = layers.find(setting->key);
        auto value = parseSetting(*setting, text);
        if (!value) {
            const auto shown = setting->secret ? "(not shown)" : printable(text);
            faults.push_back({setting->key, setting->key + " = " + shown + " (from " + origin +
                                                "): must be " + allowed(*setting)});
            continue;
        }
        configuration._entries.emplace(
            setting->key, CheckedConfiguration::Entry{setting->type, std::move(*value)});
    }
    return configuration;
}

void checkKeys(const SettingsRegistry& registry, const ConfigurationLayers& layers,
               const std::set<std::string>& absent, Faults& faults) {
    for (const auto& [key, where] : layers.given()) {
        if (registry.find(key)) continue;
        const auto group = std::string(groupOf(key));
        auto sentence = "unknown key " + printable(key) + " " + where + ": ";
        if (absent.contains(group)) {
            sentence += "the plugin " + group + " is not loaded, add it to plugins.load";
        } else if (const auto nearest = registry.nearest(key)) {
            sentence += "did you mean " + *nearest + "?";
        } else {
            sentence += "salond --help lists all keys";
        }
        faults.push_back({key, std::move(sentence)});
    }
}

} // namespace salon
