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
    return new (memory) Body{1, static_cast<std::uint32_t>(size), 0, 0, 0, nullptr};
}

void SharedFrame::release(Body* body) {
    if (body->references.fetch_sub(1, std::memory_order_acq_rel) > 1) return;
    for (auto* variant = body->variants.load(std::memory_order_acquire); variant;) {
        // It may outlive the frame, in somebody's outbox, and then stands alone.
        auto* const next = variant->variants.exchange(nullptr, std::memory_order_relaxed);
        release(variant);
        variant = next;
    }
    body->~Body();
    ::operator delete(body);
}

SharedFrame SharedFrame::text(std::string_view json) {
    return message(0x1, json);
}

SharedFrame SharedFrame::binary(std::string_view bytes) {
    return message(0x2, bytes);
}

SharedFrame SharedFrame::compressed(std::uint8_t opcode, std::string_view payload) {
    return message(0x40 | opcode, payload);
}

SharedFrame SharedFrame::message(std::uint8_t opcode, std::string_view payload) {
    char header[10];
    const auto length = net::encodeHeader(header, opcode, payload.size());
    SharedFrame frame;
    frame._body = allocate(length + payload.size());
    frame._body->header = static_cast<std::uint16_t>(length);
    auto* out = reinterpret_cast<char*>(frame._body + 1);
    std::memcpy(out, header, length);
    payload.copy(out + length, payload.size());
    return frame;
}

SharedFrame SharedFrame::encoded(std::string_view bytes) {
    SharedFrame frame;
    frame._body = allocate(bytes.size());
    frame._body->header = static_cast<std::uint16_t>(headerLength(bytes));
    bytes.copy(reinterpret_cast<char*>(frame._body + 1), bytes.size());
    return frame;
}

SharedFrame SharedFrame::variant(std::uint8_t key, const std::function<SharedFrame()>& make) const {
    auto* first = _body->variants.load(std::memory_order_acquire);
    if (auto known = find(first, key)) return known;
    auto made = make();
    if (!made) made._body = allocate(0);
    made._body->key = key;
    for (;;) {
        made._body->variants.store(first, std::memory_order_relaxed);
        if (_body->variants.compare_exchange_weak(first, made._body, std::memory_order_acq_rel,
                                                  std::memory_order_acquire)) {
            made.retain(); // for the frame
            return made;
        }
        if (auto known = find(first, key)) {
            // Another thread was quicker.
            made._body->variants.store(nullptr, std::memory_order_relaxed);
            return known;
        }
    }
}

SharedFrame SharedFrame::find(Body* first, std::uint8_t key) {
    SharedFrame found;
    for (; first && !found; first = first->variants.load(std::memory_order_acquire)) {
        if (first->key != key) continue;
        found._body = first;
        found.retain();
    }
    return found;
}

} // namespace salon
