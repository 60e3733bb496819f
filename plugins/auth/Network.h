#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>

namespace salon::auth {

/// What is counted as one client: an IPv4 address, or the /64 of an IPv6 address, of which one
/// customer has all.
struct Network {
    std::uint64_t high = 0; ///< the halves of an IPv6 address
    std::uint64_t low = 0;
    // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 takes the 0 inside of it for a pointer
    auto operator<=>(const Network&) const = default;

    /// Both spellings of an IPv4 address are one. What is no address at all shares that of `::`.
    static Network of(const std::string& address);
};

} // namespace salon::auth
