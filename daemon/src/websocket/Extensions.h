#pragma once

#include "salon/WebSockets.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace salon::net {

/// What both sides agreed upon for permessage-deflate (RFC 7692, 7.1).
struct DeflateTerms {
    /// How far back our messages may refer, 8 to 15; nullopt when the client did not say (15).
    std::optional<std::uint8_t> serverBits = std::nullopt;
    std::uint8_t clientBits = 15;
    bool serverTakeover = true; ///< whether our messages refer to earlier ones
    bool clientTakeover = true;
    /// The value of the answer's Sec-WebSocket-Extensions.
    std::string answer() const;
};

/// What a client's Sec-WebSocket-Extensions led to.
struct Negotiation {
    bool malformed = false; ///< against RFC 6455, 9.1: the handshake fails
    std::optional<DeflateTerms> deflate = std::nullopt;
};

/// Takes the first offer that can be met. Extensions that nobody knows are passed over; an offer
/// with a parameter that is unknown, named twice or of a wrong value is declined (RFC 7692, 7.1).
/// @param field the whole field; several are joined by commas
Negotiation negotiate(std::string_view field, WebSocketRoute::Compression compression);

} // namespace salon::net
