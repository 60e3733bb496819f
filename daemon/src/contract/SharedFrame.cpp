#include "salon/SharedFrame.h"

#include "websocket/WebSocketCodec.h"

#include <cstring>
#include <limits>
#include <new>
#include <stdexcept>

namespace salon {

namespace {

/// Length of a server's frame header (RFC 6455, 5.2), which bears no mask.
std::size_t headerLength(std::string_view frame) {
    if (frame.size() < 2) return frame.size();
    const auto brief = static_cast<unsigned char>(frame[1]) & 0x7f;
    const std::size_t length = brief == 126 ? 4 : brief == 127 ? 10 : 2;
    return length < frame.size() ? length : frame.size();
}

} // namespace

SharedFrame::Body* SharedFrame::allocate(std::size_t size) {
    if (size > std::numeric_limits<std::uint32_t>::max()) {
        throw std::length_error("a shared frame takes 4 GiB");
    }
    void* memory = ::operator new(sizeof(Body) + size);
    return new (memory) Body{1, static_cast<std::uint32_t>(size), 0};
}

void SharedFrame::release() {
    if (!_body || _body->references.fetch_sub(1, std::memory_order_acq_rel) > 1) return;
    _body->~Body();
    ::operator delete(_body);
}

SharedFrame SharedFrame::text(std::string_view json) {
    constexpr std::uint8_t opcode = 0x1;
    char header[10];
    const auto length = net::encodeHeader(header, opcode, json.size());
    SharedFrame frame;
    frame._body = allocate(length + json.size());
    frame._body->header = static_cast<std::uint32_t>(length);
    auto* out = reinterpret_cast<char*>(frame._body + 1);
    std::memcpy(out, header, length);
    json.copy(out + length, json.size());
    return frame;
}

SharedFrame SharedFrame::encoded(std::string_view bytes) {
    SharedFrame frame;
    frame._body = allocate(bytes.size());
    frame._body->header = static_cast<std::uint32_t>(headerLength(bytes));
    bytes.copy(reinterpret_cast<char*>(frame._body + 1), bytes.size());
    return frame;
}

} // namespace salon
