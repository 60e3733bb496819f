#include "Coding.h"

#include <algorithm>

namespace salon::web {

namespace {

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool sameWord(std::string_view one, std::string_view other) {
    return std::equal(one.begin(), one.end(), other.begin(), other.end(), [](char a, char b) {
        const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; };
        return lower(a) == lower(b);
    });
}

/// A weight in thousandths (RFC 9110, 12.4.2); what is no weight counts as none given.
int weight(std::string_view parameters) {
    const auto equals = parameters.find('=');
    if (equals == std::string_view::npos || !sameWord(trimmed(parameters.substr(0, equals)), "q")) {
        return 1000;
    }
    const auto value = trimmed(parameters.substr(equals + 1));
    if (value.empty() || (value[0] != '0' && value[0] != '1')) return 1000;
    int thousandths = (value[0] - '0') * 1000;
    int unit = 100;
    for (std::size_t i = 2; i < value.size() && unit > 0; ++i, unit /= 10) {
        if (value[i] < '0' || value[i] > '9') break;
        thousandths += (value[i] - '0') * unit;
    }
    return std::min(thousandths, 1000);
}

} // namespace

Coding choose(std::optional<std::string_view> accepted, const std::array<bool, codings>& there) {
    if (!accepted) return Coding::identity;
    // -1: not named. Identity is acceptable unless it is refused, and the last choice.
    std::array<int, codings> weights = {-1, -1, -1};
    int others = -1;
    for (auto left = *accepted; !left.empty();) {
        const auto comma = left.find(',');
        const auto element = left.substr(0, comma);
        left = comma == std::string_view::npos ? std::string_view() : left.substr(comma + 1);
        const auto semicolon = element.find(';');
        const auto name = trimmed(element.substr(0, semicolon));
        const int value =
            semicolon == std::string_view::npos ? 1000 : weight(element.substr(semicolon + 1));
        if (name == "*") others = value;
        for (std::size_t i = 0; i < codings; ++i) {
            const bool gzip = static_cast<Coding>(i) == Coding::gzip && sameWord(name, "x-gzip");
            if (gzip || sameWord(name, word(static_cast<Coding>(i)))) weights[i] = value;
        }
    }
    auto best = Coding::identity;
    int highest = 0;
    for (std::size_t i = 0; i < codings; ++i) {
        const auto coding = static_cast<Coding>(i);
        const int value = weights[i] >= 0              ? weights[i]
                          : coding == Coding::identity ? (others == 0 ? 0 : 1)
                                                       : others;
        if (there[i] && value > highest) {
            best = coding;
            highest = value;
        }
    }
    return best;
}

} // namespace salon::web
