#pragma once

#include "salon/Guarded.h"

#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace salon::net {

/// A peer's address in 16 bytes; IPv4 is kept in its IPv6-mapped form.
struct PeerAddress {
    std::array<std::uint8_t, 16> bytes{};

    static PeerAddress from(const sockaddr_storage& address);
    /// An address without port, IPv6 with or without brackets; nullopt for anything else.
    static std::optional<PeerAddress> parse(std::string_view text);
    /// `203.0.113.7` or `2001:db8::1`
    std::string text() const;
    /// What limits count by: an IPv4 address, or the /64 of an IPv6 one, of which a single host
    /// commonly has all.
    PeerAddress network() const;
    /// 127.0.0.0/8 or ::1
    bool isLoopback() const;
    bool operator==(const PeerAddress&) const = default;
    struct Hash {
        std::size_t operator()(const PeerAddress& address) const;
    };
};

/// Counts connections, in all and per network, against their limits (0 is none). Any thread.
class Admission {
public:
    enum class Verdict { admitted, full, addressFull };

    Admission(std::size_t limit, std::size_t limitPerAddress)
        : _limit(limit), _limitPerAddress(limitPerAddress) {}

    Verdict admit(const PeerAddress& address);
    /// Once for each that was admitted.
    void leave(const PeerAddress& address);

private:
    struct Counts {
        std::size_t all = 0;
        std::unordered_map<PeerAddress, std::uint32_t, PeerAddress::Hash> each;
    };
    std::size_t _limit;
    std::size_t _limitPerAddress;
    Guarded<Counts> _counts;
};

} // namespace salon::net
