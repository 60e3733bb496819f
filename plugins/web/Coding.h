#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace salon::web {

/// Content codings (RFC 9110, 8.4.1; RFC 7932), the smallest first.
enum class Coding : std::size_t { brotli, gzip, identity };
constexpr std::size_t codings = 3;

constexpr std::string_view word(Coding coding) {
    constexpr std::array<std::string_view, codings> words = {"br", "gzip", "identity"};
    return words[static_cast<std::size_t>(coding)];
}

/// What the file's name ends in, besides its own.
constexpr std::string_view suffix(Coding coding) {
    constexpr std::array<std::string_view, codings> suffixes = {".br", ".gz", ""};
    return suffixes[static_cast<std::size_t>(coding)];
}

/// The best of those there are for a request's Accept-Encoding (RFC 9110, 12.5.3): the highest
/// weight, of equal ones the smallest. Identity when nothing there is acceptable: a client gets
/// bytes that it can read rather than 415.
Coding choose(std::optional<std::string_view> accepted, const std::array<bool, codings>& there);

} // namespace salon::web
