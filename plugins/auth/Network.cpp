#include "Network.h"

#include <arpa/inet.h>
#include <netinet/in.h>

namespace salon::auth {

namespace {

std::uint64_t bigEndian(const unsigned char* bytes) {
    std::uint64_t number = 0;
    for (int i = 0; i < 8; ++i) number = number << 8 | bytes[i];
    return number;
}

} // namespace

Network Network::of(const std::string& address) {
    // IPv4 counts where IPv6 maps it (::ffff:0:0/96).
    constexpr std::uint64_t mapped = 0xffffULL << 32;
    in_addr four{};
    if (inet_pton(AF_INET, address.c_str(), &four) == 1) return {0, mapped | ntohl(four.s_addr)};
    in6_addr six{};
    const auto withoutZone = address.substr(0, address.find('%'));
    if (inet_pton(AF_INET6, withoutZone.c_str(), &six) != 1) return {};
    if (IN6_IS_ADDR_V4MAPPED(&six)) return {0, bigEndian(six.s6_addr + 8)};
    return {bigEndian(six.s6_addr), 0};
}

} // namespace salon::auth
