#include "net/ProxyList.h"

#include "http/HttpSyntax.h"

#include <charconv>
#include <cstring>

namespace salon::net {

Result<ProxyList> ProxyList::parse(std::string_view text) {
    ProxyList list;
    while (!text.empty()) {
        const auto comma = text.find(',');
        const auto item = trim(text.substr(0, comma));
        text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
        if (item.empty()) continue;
        const auto slash = item.find('/');
        const auto address = PeerAddress::parse(item.substr(0, slash));
        const int most = address && item.find(':') == std::string_view::npos ? 32 : 128;
        int bits = most;
        bool valid = address.has_value();
        if (slash != std::string_view::npos) {
            const auto number = item.substr(slash + 1);
            const auto [end, problem] =
                std::from_chars(number.data(), number.data() + number.size(), bits);
            valid = valid && problem == std::errc() && end == number.data() + number.size() &&
                    bits >= 0 && bits <= most;
        }
        if (!valid) {
            return Error{Code::badRequest, std::string(item) + " is no address and no network"};
        }
        list._networks.push_back({*address, bits + 128 - most});
    }
    return list;
}

bool ProxyList::contains(const PeerAddress& address) const {
    for (const auto& network : _networks) {
        const auto whole = static_cast<std::size_t>(network.bits / 8);
        if (std::memcmp(address.bytes.data(), network.address.bytes.data(), whole) != 0) continue;
        const int rest = network.bits % 8;
        if (rest == 0 ||
            ((address.bytes[whole] ^ network.address.bytes[whole]) >> (8 - rest)) == 0) {
            return true;
        }
    }
    return false;
}

PeerAddress ProxyList::client(const PeerAddress& peer,
                              std::optional<std::string_view> forwardedFor) const {
    auto client = peer;
    auto rest = forwardedFor.value_or("");
    while (contains(client) && !rest.empty()) {
        const auto comma = rest.rfind(',');
        const auto last = trim(comma == std::string_view::npos ? rest : rest.substr(comma + 1));
        rest = comma == std::string_view::npos ? std::string_view() : rest.substr(0, comma);
        const auto address = PeerAddress::parse(last);
        if (!address) break;
        client = *address;
    }
    return client;
}

} // namespace salon::net
