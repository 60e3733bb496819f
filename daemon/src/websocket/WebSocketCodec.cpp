#include "websocket/WebSocketCodec.h"

#include <Poco/Base64Encoder.h>
#include <Poco/SHA1Engine.h>

#include <algorithm>
#include <sstream>
#include <stdexcept>

namespace salon::net {

namespace {

constexpr std::uint8_t close = 0x8;
constexpr std::uint8_t ping = 0x9;
constexpr std::uint8_t pong = 0xa;

std::string encodeControl(std::uint8_t opcode, std::string_view payload) {
    if (payload.size() > 125) throw std::length_error("a control frame takes 125 bytes");
    char header[10];
    std::string frame(header, encodeHeader(header, opcode, payload.size()));
    return frame.append(payload);
}

bool isBase64(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '/';
}

} // namespace

std::size_t encodeHeader(char (&out)[10], std::uint8_t opcode, std::size_t payload) {
    out[0] = static_cast<char>(0x80 | opcode);
    if (payload < 126) {
        out[1] = static_cast<char>(payload);
        return 2;
    }
    const std::size_t extended = payload <= 0xffff ? 2 : 8;
    out[1] = static_cast<char>(extended == 2 ? 126 : 127);
    for (std::size_t i = 0; i < extended; ++i) {
        const auto shift = 8 * (extended - 1 - i);
        out[2 + i] = static_cast<char>(static_cast<std::uint64_t>(payload) >> shift & 0xff);
    }
    return 2 + extended;
}

std::string encodeClose(std::uint16_t code, std::string_view reason) {
    if (code == 0) return encodeControl(close, {});
    std::string payload{static_cast<char>(code >> 8), static_cast<char>(code & 0xff)};
    return encodeControl(close, payload.append(reason));
}

std::string encodePing(std::string_view payload) {
    return encodeControl(ping, payload);
}

std::string encodePong(std::string_view payload) {
    return encodeControl(pong, payload);
}

std::string acceptKey(std::string_view key) {
    Poco::SHA1Engine sha1;
    sha1.update(key.data(), key.size());
    sha1.update("258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
    const auto& digest = sha1.digest();
    std::ostringstream out;
    Poco::Base64Encoder encoder(out);
    encoder.rdbuf()->setLineLength(0);
    encoder.write(reinterpret_cast<const char*>(digest.data()),
                  static_cast<std::streamsize>(digest.size()));
    encoder.close();
    return out.str();
}

bool validKey(std::string_view key) {
    return key.size() == 24 && key.ends_with("==") &&
           std::all_of(key.begin(), key.end() - 2, isBase64);
}

} // namespace salon::net
