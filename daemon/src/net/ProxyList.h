#pragma once

#include "net/Admission.h"
#include "salon/Result.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace salon::net {

/// The reverse proxies whose word about the client is taken.
class ProxyList {
public:
    /// Addresses and networks (`10.0.0.0/8`, `2001:db8::/32`) separated by commas; the error's
    /// message says what is wrong with which.
    static Result<ProxyList> parse(std::string_view text);

    bool contains(const PeerAddress& address) const;
    /// Whose request it is: `peer`, or behind trusted proxies the last address of `forwardedFor`
    /// that is none of them. What is no address ends the search: the one before it counts.
    PeerAddress client(const PeerAddress& peer, std::optional<std::string_view> forwardedFor) const;

private:
    struct Network {
        PeerAddress address;
        int bits; // of 128
    };
    std::vector<Network> _networks;
};

} // namespace salon::net
