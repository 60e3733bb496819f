#include "app/settings/SettingValue.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <span>

namespace salon {

namespace {

using Type = Setting::Type;

struct Unit {
    std::string_view name;
    std::int64_t factor;
};
// Largest first, so that formatting finds the shortest way of writing.
constexpr Unit sizeUnits[] = {{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"", 1}};
constexpr Unit durationUnits[] = {
    {"d", 86400000}, {"h", 3600000}, {"m", 60000}, {"s", 1000}, {"ms", 1}};

std::span<const Unit> unitsOf(Type type) {
    if (type == Type::size) return sizeUnits;
    return durationUnits;
}

std::optional<std::int64_t> parseInteger(std::string_view text) {
    std::int64_t number = 0;
    const auto* end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || stopped != end) return std::nullopt;
    return number;
}

std::optional<std::int64_t> parseUnits(std::string_view text, Type type) {
    const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
    const auto number = parseInteger(text.substr(0, digits));
    if (!number) return std::nullopt;
    const auto name = text.substr(digits);
    if (*number == 0 && name.empty()) return 0; // nothing is nothing in any unit
    for (const auto& unit : unitsOf(type)) {
        if (unit.name != name) continue;
        if (*number > std::numeric_limits<std::int64_t>::max() / unit.factor) return std::nullopt;
        return *number * unit.factor;
    }
    return std::nullopt;
}

bool isWithin(const Setting& setting, std::int64_t number) {
    return (number == 0 && setting.zeroMeansNone) ||
           (number >= setting.least && number <= setting.most);
}

bool hasControl(std::string_view text) {
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

std::string_view trim(std::string_view text) {
    const auto begin = text.find_first_not_of(' ');
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(' ') + 1 - begin);
}

std::optional<std::vector<std::string>> parseList(std::string_view text) {
    std::vector<std::string> items;
    if (trim(text).empty()) return items;
    for (;;) {
        const auto comma = text.find(',');
        const auto item = trim(text.substr(0, comma));
        if (item.empty()) return std::nullopt;
        items.emplace_back(item);
        if (comma == std::string_view::npos) return items;
        text.remove_prefix(comma + 1);
    }
}

std::string format(std::int64_t number, Type type) {
    if (type == Type::integer) return std::to_string(number);
    for (const auto& unit : unitsOf(type)) {
        if (number != 0 && number % unit.factor == 0) {
            return std::to_string(number / unit.factor).append(unit.name);
        }
    }
    return "0";
}

std::string range(const Setting& setting) {
    std::string text;
    if (setting.most == std::numeric_limits<std::int64_t>::max()) {
        text = " of at least " + format(setting.least, setting.type);
    } else {
        text = " from " + format(setting.least, setting.type) + " to " +
               format(setting.most, setting.type);
    }
    if (setting.zeroMeansNone) text += setting.least > 0 ? ", or 0 for none" : "; 0 means none";
    return text;
}

std::string join(const std::vector<std::string>& choices) {
    std::string text;
    for (std::size_t i = 0; i < choices.size(); ++i) {
        if (i > 0) text += i + 1 == choices.size() ? " or " : ", ";
        text += choices[i];
    }
    return text;
}

} // namespace

std::optional<SettingValue> parseSetting(const Setting& setting, std::string_view text) {
    SettingValue value{std::string(text)};
    if (setting.fits && !setting.fits(value.text)) return std::nullopt;
    std::optional<std::int64_t> number;
    switch (setting.type) {
    case Type::text:
        if (hasControl(text)) return std::nullopt;
        return value;
    case Type::path:
        if (hasControl(text) || (text.empty() && !setting.standard.empty())) return std::nullopt;
        return value;
    case Type::choice:
        if (std::find(setting.choices.begin(), setting.choices.end(), text) ==
            setting.choices.end()) {
            return std::nullopt;
        }
        return value;
    case Type::list: {
        auto items = parseList(text);
        if (!items || hasControl(text)) return std::nullopt;
        value.items = std::move(*items);
        return value;
    }
    case Type::integer:
        number = parseInteger(text);
        break;
    case Type::size:
    case Type::duration:
        number = parseUnits(text, setting.type);
        break;
    }
    if (!number || !isWithin(setting, *number)) return std::nullopt;
    value.number = *number;
    return value;
}

std::string allowed(const Setting& setting) {
    if (!setting.form.empty()) return setting.form;
    switch (setting.type) {
    case Type::text:
        return "text without control characters";
    case Type::path:
        return "a path";
    case Type::choice:
        return join(setting.choices);
    case Type::list:
        return "a list separated by commas, without empty items";
    case Type::integer:
        return "an integer" + range(setting);
    case Type::size:
        return "a size (such as 4096, 64KiB or 16MiB)" + range(setting);
    case Type::duration:
        return "a duration (such as 250ms, 5s, 15m, 12h or 30d)" + range(setting);
    }
    return {};
}

} // namespace salon
