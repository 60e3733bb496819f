#pragma once

#include "salon/Settings.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace salon {

/// A value that was checked against its declaration.
struct SettingValue {
    std::string text;
    std::int64_t number = 0; ///< integers as they are, sizes in bytes, durations in milliseconds
    std::vector<std::string> items = {}; ///< of a list
};

/// nullopt when the declaration does not allow `text`.
std::optional<SettingValue> parseSetting(const Setting& setting, std::string_view text);

/// What is allowed, to stand after "must be": `an integer from 0 to 65535`.
std::string allowed(const Setting& setting);

} // namespace salon
