#include "client/Frames.h"

#include <zlib.h>

#include <chrono>
#include <cstring>

namespace salon::bench {

namespace {

constexpr std::array<unsigned char, 4> mask{0x37, 0xfa, 0x21, 0x3d};
constexpr std::size_t maskSize = mask.size();

constexpr auto hex = [] {
    std::array<std::array<char, 2>, 256> pairs{};
    constexpr std::string_view digits = "0123456789abcdef";
    for (std::size_t i = 0; i < pairs.size(); ++i) pairs[i] = {digits[i >> 4], digits[i & 15]};
    return pairs;
}();

bool holds(std::string_view payload, std::string_view member) {
    // As the daemon writes it, `type` comes first; anywhere is right as well.
    if (payload.substr(1).starts_with(member)) return true;
    return ::memmem(payload.data(), payload.size(), member.data(), member.size()) != nullptr;
}

FrameKind kindOf(std::string_view payload) {
    if (payload.empty()) return FrameKind::other;
    if (holds(payload, R"("type":"ack")")) return FrameKind::ack;
    if (holds(payload, R"("type":"dm")")) return FrameKind::delivery;
    if (holds(payload, R"("type":"welcome")")) return FrameKind::welcome;
    if (holds(payload, R"("type":"error")")) return FrameKind::error;
    return FrameKind::other;
}

} // namespace

std::optional<ReceivedFrame> readFrame(std::string_view bytes) {
    if (bytes.size() < 2) return std::nullopt;
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
    std::uint64_t length = at(1) & 127U;
    std::size_t header = 2;
    if (length >= 126) {
        header = length == 126 ? 4 : 10;
        if (bytes.size() < header) return std::nullopt;
        length = 0;
        for (std::size_t i = 2; i < header; ++i) length = length << 8 | at(i);
    }
    if (bytes.size() - header < length) return std::nullopt;
    ReceivedFrame frame;
    frame.payload = bytes.substr(header, length);
    frame.size = header + length;
    switch (at(0) & 15U) {
    case 1:
        frame.kind = kindOf(frame.payload);
        break;
    case 8:
        frame.kind = FrameKind::close;
        break;
    case 9:
        frame.kind = FrameKind::ping;
        break;
    default:
        break;
    }
    return frame;
}

std::string clientFrame(unsigned opcode, std::string_view payload, bool last) {
    std::string frame(1, static_cast<char>((last ? 0x80U : 0U) | opcode));
    const auto size = payload.size();
    if (size < 126) {
        frame += static_cast<char>(0x80U | size);
    } else {
        const int bytes = size <= 0xffff ? 2 : 8;
        frame += static_cast<char>(0x80U | (bytes == 2 ? 126U : 127U));
        for (int i = bytes - 1; i >= 0; --i) frame += static_cast<char>(size >> (8 * i) & 255);
    }
    for (const auto byte : mask) frame += static_cast<char>(byte);
    for (std::size_t i = 0; i < payload.size(); ++i) {
        frame += static_cast<char>(static_cast<unsigned char>(payload[i]) ^ mask[i % maskSize]);
    }
    return frame;
}

std::string deflated(std::string_view message) {
    z_stream stream{};
    ::deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY);
    std::string out(::deflateBound(&stream, message.size()) + 16, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(message.data()));
    stream.avail_in = static_cast<uInt>(message.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    ::deflate(&stream, Z_SYNC_FLUSH);
    out.resize(out.size() - stream.avail_out - 4); // without the empty block (RFC 7692, 7.2.1)
    ::deflateEnd(&stream);
    return out;
}

std::string upgradeRequest(const std::string& token, const std::string& headers) {
    return "GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
           "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
           "Authorization: Bearer " +
           token + "\r\n" + headers + "\r\n";
}

void MessageIds::tick() {
    _milliseconds =
        static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(
                                       std::chrono::system_clock::now().time_since_epoch())
                                       .count());
}

void MessageIds::next(char* out) {
    const auto random = [this] {
        auto z = (_state += 0x9e3779b97f4a7c15);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    };
    const std::uint64_t first = _milliseconds << 16 | 0x7000 | (random() & 0xfff);
    const std::uint64_t second = (random() & 0x3fffffffffffffff) | 0x8000000000000000;
    for (int byte = 0; byte < 16; ++byte) {
        if (byte == 4 || byte == 6 || byte == 8 || byte == 10) *out++ = '-';
        const auto value = (byte < 8 ? first : second) >> (56 - 8 * (byte & 7)) & 255;
        *out++ = hex[value][0];
        *out++ = hex[value][1];
    }
}

DirectMessage::DirectMessage(std::int64_t to) {
    constexpr std::size_t textSize = 100;
    const auto payload = "{\"type\":\"dm\",\"to\":" + std::to_string(to) + ",\"content\":\"" +
                         std::string(textSize, 'x') + "\",\"id\":\"" +
                         std::string(MessageIds::length, '0') + "\"}";
    _frame = clientFrame(1, payload);
    _id = _frame.size() - MessageIds::length - 2;
}

std::string_view DirectMessage::next(MessageIds& ids) {
    char* id = _frame.data() + _id;
    ids.next(id);
    constexpr std::size_t header = 8; // two bytes, the length in two more, the mask
    const auto offset = _id - header;
    for (std::size_t i = 0; i < MessageIds::length; ++i) {
        id[i] =
            static_cast<char>(static_cast<unsigned char>(id[i]) ^ mask[(offset + i) % maskSize]);
    }
    return _frame;
}

} // namespace salon::bench
