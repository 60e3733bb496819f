#include "ByteRange.h"

#include <algorithm>
#include <charconv>

namespace salon::web {

namespace {

/// All of `text` as a number, nullopt when it is none; beyond the type's range its greatest.
std::optional<std::size_t> number(std::string_view text) {
    if (text.empty() ||
        !std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; })) {
        return std::nullopt;
    }
    std::size_t value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    return read.ec == std::errc() ? value : static_cast<std::size_t>(-1);
}

} // namespace

ByteRange parseRange(std::optional<std::string_view> field, std::size_t length) {
    constexpr std::string_view unit = "bytes=";
    if (!field || !field->starts_with(unit)) return {};
    const auto range = field->substr(unit.size());
    const auto dash = range.find('-');
    if (dash == std::string_view::npos) return {};
    const auto from = range.substr(0, dash);
    const auto to = range.substr(dash + 1);
    const auto last = number(to);
    if (from.empty()) {
        if (!last) return {};
        const auto size = std::min(*last, length);
        if (size == 0) return {ByteRange::Kind::unsatisfiable, 0, 0};
        return {ByteRange::Kind::part, length - size, size};
    }
    const auto first = number(from);
    if (!first || (!last && !to.empty()) || (last && *last < *first)) return {};
    if (*first >= length) return {ByteRange::Kind::unsatisfiable, 0, 0};
    const auto end = last ? std::min(*last, length - 1) : length - 1;
    return {ByteRange::Kind::part, *first, end - *first + 1};
}

} // namespace salon::web
