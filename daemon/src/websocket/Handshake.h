#pragma once

#include "http/HttpReader.h"
#include "net/Options.h"
#include "salon/Http.h"
#include "salon/WebSockets.h"
#include "websocket/Extensions.h"

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace salon::net {

/// What a WebSocket opening handshake asks for (RFC 6455, 4.2.1), checked but for its token.
struct Handshake {
    std::string accept;           ///< of `Sec-WebSocket-Accept`
    std::string_view token;       ///< empty when there is none; points into the request
    std::string decodedToken;     ///< holds a token of the query
    std::string_view subprotocol; ///< agreed upon; empty when there is none
    std::optional<DeflateTerms> deflate;

    std::string_view theToken() const { return decodedToken.empty() ? token : decodedToken; }
};

/// The handshake for `route`, or the answer that refuses it.
std::variant<Handshake, HttpResponse>
readHandshake(const HttpReader& reader, const WebSocketRoute& route, const Options& options);

/// The 101 answer.
HttpResponse acceptHandshake(const Handshake& handshake);

} // namespace salon::net
