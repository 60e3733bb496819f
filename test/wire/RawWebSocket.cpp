#include "RawWebSocket.h"

#include "Contract.h"

#include <Poco/Net/WebSocket.h>
#include <cppunit/extensions/HelperMacros.h>

#include <array>
#include <utility>

namespace salon::wire {

namespace {

constexpr int wholeText =
    int{Poco::Net::WebSocket::FRAME_FLAG_FIN} | int{Poco::Net::WebSocket::FRAME_OP_TEXT};
constexpr std::array<char, 4> mask{'\x1f', '\x2e', '\x3d', '\x4c'};

void appendNumber(std::string& out, std::uint64_t number, int bytes) {
    for (int i = bytes - 1; i >= 0; --i) out += static_cast<char>(number >> (8 * i) & 0xff);
}

std::uint64_t readNumber(std::string_view bytes) {
    std::uint64_t number = 0;
    for (const char c : bytes) number = number << 8 | static_cast<unsigned char>(c);
    return number;
}

} // namespace

std::string openingBytes(const std::string& path, const std::string& headers) {
    return "GET " + path +
           " HTTP/1.1\r\nHost: salon\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
           "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
           headers + "\r\n";
}

std::string handshakeBytes(const std::string& token) {
    return openingBytes("/ws", "Authorization: Bearer " + token + "\r\n");
}

std::string frameBytes(int first, std::string_view payload, bool masked) {
    std::string bytes(1, static_cast<char>(first));
    const std::uint64_t bit = masked ? 0x80 : 0;
    if (payload.size() < 126) {
        appendNumber(bytes, bit | payload.size(), 1);
    } else if (payload.size() <= 0xffff) {
        appendNumber(bytes, bit | 126, 1);
        appendNumber(bytes, payload.size(), 2);
    } else {
        appendNumber(bytes, bit | 127, 1);
        appendNumber(bytes, payload.size(), 8);
    }
    if (!masked) return bytes.append(payload);
    bytes.append(mask.data(), mask.size());
    for (std::size_t i = 0; i < payload.size(); ++i) {
        bytes += static_cast<char>(payload[i] ^ mask[i % mask.size()]);
    }
    return bytes;
}

std::string textBytes(std::string_view payload) {
    return frameBytes(wholeText, payload);
}

RawWebSocket::RawWebSocket(std::uint16_t port, const std::string& token, int receiveBuffer)
    : RawWebSocket(RawConnection(port, receiveBuffer), handshakeBytes(token)) {
    _opened.is(101);
}

RawWebSocket RawWebSocket::at(std::uint16_t port, const std::string& path,
                              const std::string& headers) {
    return {RawConnection(port), openingBytes(path, headers)};
}

RawWebSocket::RawWebSocket(RawConnection connection, const std::string& opening)
    : _connection(std::move(connection)) {
    _connection.send(opening);
    _opened = _connection.reply();
}

Incoming RawWebSocket::incoming() {
    const auto head = _connection.bytes(2);
    const auto second = static_cast<unsigned char>(head[1]);
    // RFC 6455, 5.1: a server must not mask.
    CPPUNIT_ASSERT_MESSAGE("the daemon masks a frame", (second & 0x80) == 0);
    std::uint64_t length = second;
    if (length == 126) {
        length = readNumber(_connection.bytes(2));
    } else if (length == 127) {
        length = readNumber(_connection.bytes(8));
    }
    return {head[0] & 0x0f, _connection.bytes(length), (head[0] & 0x40) != 0};
}

Json RawWebSocket::next() {
    for (;;) {
        const auto frame = incoming();
        CPPUNIT_ASSERT_EQUAL_MESSAGE("opcode of the frame with " + frame.payload,
                                     int{Poco::Net::WebSocket::FRAME_OP_TEXT}, frame.opcode);
        Contract::get().checkServerFrame(frame.payload);
        auto json = Json::parse(frame.payload);
        if (!isNews(json)) return json;
    }
}

int RawWebSocket::closedWith() {
    for (;;) {
        const auto frame = incoming();
        if (frame.opcode == Poco::Net::WebSocket::FRAME_OP_CLOSE) return frame.closeCode();
    }
}

} // namespace salon::wire
