#include "websocket/Handshake.h"

#include "http/HttpAnswer.h"
#include "http/HttpSyntax.h"
#include "websocket/WebSocketCodec.h"

namespace salon::net {

namespace {

constexpr std::string_view tokenPrefix = "bearer.";

void readSubprotocols(std::string_view list, std::string_view known, Handshake& handshake) {
    while (!list.empty()) {
        const auto comma = list.find(',');
        const auto item = trim(list.substr(0, comma));
        list = comma == std::string_view::npos ? std::string_view() : list.substr(comma + 1);
        if (item == known && !item.empty()) handshake.subprotocol = known;
        if (item.starts_with(tokenPrefix) && handshake.token.empty()) {
            handshake.token = item.substr(tokenPrefix.size());
        }
    }
}

HttpResponse refuse(const char* message) {
    return problemWithStatus(400, {Code::badRequest, message});
}

/// RFC 9110, 7.8 and 15.5.22.
HttpResponse askForUpgrade(const char* message) {
    auto response = problemWithStatus(426, {Code::badRequest, message});
    response.headers = {{"Upgrade", "websocket"}, {"Connection", "Upgrade"}};
    return response;
}

} // namespace

std::variant<Handshake, HttpResponse>
readHandshake(const HttpReader& reader, const WebSocketRoute& route, const Options& options) {
    if (reader.method() != "GET") {
        auto response = HttpResponse::problem(
            {Code::methodNotAllowed, "a WebSocket is opened with GET (RFC 6455, 4.1)"});
        response.headers.emplace_back("Allow", "GET");
        return response;
    }
    if (reader.http10() || !reader.hasToken("Connection", "upgrade") ||
        !reader.hasToken("Upgrade", "websocket")) {
        return askForUpgrade("this is a WebSocket: connect with Upgrade: websocket");
    }
    if (reader.header("Sec-WebSocket-Version") != std::optional<std::string_view>("13")) {
        auto response = askForUpgrade("only version 13 of the WebSocket protocol is spoken here");
        response.headers.emplace_back("Sec-WebSocket-Version", "13");
        return response;
    }
    const auto key = reader.header("Sec-WebSocket-Key");
    if (!key || !validKey(*key)) {
        return refuse("Sec-WebSocket-Key must be 16 bytes in base64");
    }
    if (!originAllowed(reader.header("Origin"), reader.header("Host"), options.origins)) {
        return HttpResponse::problem(
            {Code::forbidden, "this origin may not connect; list it in http.origins"});
    }
    if (reader.state() != HttpReader::State::complete) {
        return refuse("a WebSocket begins without a body");
    }
    Handshake handshake;
    handshake.accept = acceptKey(*key);
    if (const auto list = reader.header("Sec-WebSocket-Protocol")) {
        readSubprotocols(*list, route.subprotocol, handshake);
    }
    if (const auto field = reader.header("Sec-WebSocket-Extensions")) {
        const auto outcome = negotiate(*field, route.compression);
        if (outcome.malformed) return refuse("Sec-WebSocket-Extensions is not valid");
        handshake.deflate = outcome.deflate;
    }
    const auto authorization = bearerToken(reader.header("Authorization"));
    if (!authorization.empty()) handshake.token = authorization;
    if (handshake.token.empty()) {
        handshake.decodedToken = queryParameter(reader.query(), "token").value_or("");
    }
    return handshake;
}

HttpResponse acceptHandshake(const Handshake& handshake) {
    HttpResponse response;
    response.status = 101;
    response.headers = {{"Upgrade", "websocket"},
                        {"Connection", "Upgrade"},
                        {"Sec-WebSocket-Accept", handshake.accept}};
    if (!handshake.subprotocol.empty()) {
        response.headers.emplace_back("Sec-WebSocket-Protocol", handshake.subprotocol);
    }
    if (handshake.deflate) {
        response.headers.emplace_back("Sec-WebSocket-Extensions", handshake.deflate->answer());
    }
    return response;
}

} // namespace salon::net
