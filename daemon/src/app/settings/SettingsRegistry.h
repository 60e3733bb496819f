#pragma once

#include "salon/Settings.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace salon {

/// Every key that there is. Filled on the main thread before anything starts, only read afterwards.
class SettingsRegistry final : public Settings {
public:
    /// @throws std::logic_error also when two keys would share an environment variable, or the
    /// declaration has no sentence or no choices
    void declare(Setting setting) override;

    const Setting* find(std::string_view key) const;
    /// In groups by the first part of the key, the groups in alphabetical order, the keys of a
    /// group in the order of their declaration.
    std::vector<const Setting*> all() const;
    /// The declared key that `key` was probably meant to be.
    std::optional<std::string> nearest(std::string_view key) const;
    /// For the name of an environment variable that begins with SALON_ and stands for no key: the
    /// variable that was probably meant.
    std::optional<std::string> nearestVariable(std::string_view name) const;

private:
    std::map<std::string, std::vector<Setting>, std::less<>> _groups;
    std::map<std::string, std::string, std::less<>> _byVariable;
};

/// `SALON_HTTP_PORT` for `http.port`.
std::string environmentVariable(std::string_view key);

/// `http` of `http.port`.
std::string_view groupOf(std::string_view key);

} // namespace salon
