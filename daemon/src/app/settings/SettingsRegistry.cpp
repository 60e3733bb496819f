#include "app/settings/SettingsRegistry.h"

#include "app/settings/SettingValue.h"

#include <Poco/String.h>

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <utility>

namespace salon {

namespace {

bool isKey(std::string_view key) {
    const bool plain =
        key.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_.") == std::string_view::npos;
    return plain && key.find('.') != std::string_view::npos && key.front() != '.' &&
           key.back() != '.' && key.find("..") == std::string_view::npos;
}

// Levenshtein's distance, in which two neighbours exchanged count as one step.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before;
    std::vector<std::size_t> above(b.size() + 1);
    std::iota(above.begin(), above.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::vector<std::size_t> row(b.size() + 1);
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
            row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + change});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                row[j] = std::min(row[j], before[j - 2] + 1);
            }
        }
        before = std::exchange(above, std::move(row));
    }
    return above.back();
}

std::optional<std::string> nearestOf(const std::vector<std::string_view>& known,
                                     std::string_view word, std::size_t prefix) {
    if (word.size() > 100) return std::nullopt;
    std::size_t least = std::max<std::size_t>(2, (word.size() - prefix) / 3) + 1;
    std::optional<std::string> found;
    for (const auto name : known) {
        const auto steps = distance(word, name);
        if (steps >= least) continue;
        least = steps;
        found = name;
    }
    return found;
}

constexpr std::string_view variablePrefix = "SALON_";

} // namespace

void SettingsRegistry::declare(Setting setting) {
    const auto& key = setting.key;
    if (!isKey(key)) throw std::logic_error("\"" + key + "\" is no name for a key");
    if (setting.sentence.empty()) throw std::logic_error("the key " + key + " has no sentence");
    if (setting.type == Setting::Type::choice && setting.choices.empty()) {
        throw std::logic_error("the key " + key + " has no choices");
    }
    if (!parseSetting(setting, setting.standard)) {
        throw std::logic_error("the default of " + key + ", " + setting.standard + ", must be " +
                               allowed(setting));
    }
    const auto [taken, fresh] = _byVariable.emplace(environmentVariable(key), key);
    if (!fresh) {
        throw std::logic_error(taken->second == key
                                   ? "the key " + key + " is declared already"
                                   : "the keys " + taken->second + " and " + key +
                                         " share the environment variable " + taken->first);
    }
    _groups[std::string(groupOf(key))].push_back(std::move(setting));
}

const Setting* SettingsRegistry::find(std::string_view key) const {
    const auto group = _groups.find(groupOf(key));
    if (group == _groups.end()) return nullptr;
    for (const auto& setting : group->second) {
        if (setting.key == key) return &setting;
    }
    return nullptr;
}

std::vector<const Setting*> SettingsRegistry::all() const {
    std::vector<const Setting*> settings;
    for (const auto& [name, group] : _groups) {
        for (const auto& setting : group) settings.push_back(&setting);
    }
    return settings;
}

std::optional<std::string> SettingsRegistry::nearest(std::string_view key) const {
    std::vector<std::string_view> keys;
    for (const auto* setting : all()) keys.push_back(setting->key);
    // Keys have no capitals: whoever writes some means the key without them.
    return nearestOf(keys, Poco::toLower(std::string(key)), 0);
}

std::optional<std::string> SettingsRegistry::nearestVariable(std::string_view name) const {
    if (!name.starts_with(variablePrefix) || _byVariable.contains(name)) return std::nullopt;
    std::vector<std::string_view> names;
    for (const auto& [variable, key] : _byVariable) names.push_back(variable);
    return nearestOf(names, name, variablePrefix.size());
}

std::string environmentVariable(std::string_view key) {
    std::string name(variablePrefix);
    for (const char c : key) {
        if (c == '.') {
            name += '_';
        } else {
            name += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        }
    }
    return name;
}

std::string_view groupOf(std::string_view key) {
    return key.substr(0, key.find('.'));
}

} // namespace salon
