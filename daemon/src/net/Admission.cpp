#include "net/Admission.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <cstring>
#include <functional>
#include <string_view>

namespace salon::net {

namespace {
constexpr std::array<std::uint8_t, 12> mappedPrefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
bool isMapped(const PeerAddress& address) {
    return std::memcmp(address.bytes.data(), mappedPrefix.data(), mappedPrefix.size()) == 0;
}
} // namespace

PeerAddress PeerAddress::from(const sockaddr_storage& address) {
    PeerAddress peer;
    if (address.ss_family == AF_INET6) {
        const auto& six = reinterpret_cast<const sockaddr_in6&>(address);
        std::memcpy(peer.bytes.data(), &six.sin6_addr, 16);
    } else {
        const auto& four = reinterpret_cast<const sockaddr_in&>(address);
        std::memcpy(peer.bytes.data(), mappedPrefix.data(), mappedPrefix.size());
        std::memcpy(peer.bytes.data() + mappedPrefix.size(), &four.sin_addr, 4);
    }
    return peer;
}

std::optional<PeerAddress> PeerAddress::parse(std::string_view text) {
    if (text.size() > 1 && text.front() == '[' && text.back() == ']') {
        text = text.substr(1, text.size() - 2);
    }
    const std::string copy(text);
    sockaddr_storage storage{};
    auto& four = reinterpret_cast<sockaddr_in&>(storage);
    auto& six = reinterpret_cast<sockaddr_in6&>(storage);
    if (::inet_pton(AF_INET, copy.c_str(), &four.sin_addr) == 1) {
        storage.ss_family = AF_INET;
    } else if (::inet_pton(AF_INET6, copy.c_str(), &six.sin6_addr) == 1) {
        storage.ss_family = AF_INET6;
    } else {
        return std::nullopt;
    }
    return from(storage);
}

std::string PeerAddress::text() const {
    char buffer[INET6_ADDRSTRLEN] = "";
    if (isMapped(*this)) {
        ::inet_ntop(AF_INET, bytes.data() + mappedPrefix.size(), buffer, sizeof buffer);
    } else {
        ::inet_ntop(AF_INET6, bytes.data(), buffer, sizeof buffer);
    }
    return buffer;
}

PeerAddress PeerAddress::network() const {
    PeerAddress network = *this;
    if (!isMapped(*this)) std::memset(network.bytes.data() + 8, 0, 8);
    return network;
}

bool PeerAddress::isLoopback() const {
    if (isMapped(*this)) return bytes[mappedPrefix.size()] == 127;
    return std::memcmp(bytes.data(), in6addr_loopback.s6_addr, bytes.size()) == 0;
}

std::size_t PeerAddress::Hash::operator()(const PeerAddress& address) const {
    return std::hash<std::string_view>()(
        {reinterpret_cast<const char*>(address.bytes.data()), address.bytes.size()});
}

Admission::Verdict Admission::admit(const PeerAddress& address) {
    const auto network = address.network();
    auto counts = _counts.lock();
    if (_limit != 0 && counts->all >= _limit) return Verdict::full;
    if (_limitPerAddress != 0) {
        auto& count = counts->each[network];
        if (count >= _limitPerAddress) return Verdict::addressFull;
        ++count;
    }
    ++counts->all;
    return Verdict::admitted;
}

void Admission::leave(const PeerAddress& address) {
    const auto network = address.network();
    auto counts = _counts.lock();
    --counts->all;
    const auto found = counts->each.find(network);
    if (found != counts->each.end() && --found->second == 0) counts->each.erase(found);
}

} // namespace salon::net
