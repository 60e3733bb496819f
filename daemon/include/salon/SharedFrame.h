#pragma once

#include "salon/Visibility.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <utility>

namespace salon {

/// A WebSocket frame from the server, encoded once, shared by all who get it, freed with the last
/// of them: one allocation, one atomic count. Any thread.
class SALON_API SharedFrame {
public:
    SharedFrame() = default;
    SharedFrame(const SharedFrame& other) : _body(other._body) { retain(); }
    SharedFrame(SharedFrame&& other) noexcept : _body(std::exchange(other._body, nullptr)) {}
    SharedFrame& operator=(SharedFrame other) noexcept {
        std::swap(_body, other._body);
        return *this;
    }
    ~SharedFrame() { release(); }

    /// One unfragmented text message (RFC 6455, 5.6); `json` must be valid UTF-8.
    static SharedFrame text(std::string_view json);
    /// One unfragmented binary message.
    static SharedFrame binary(std::string_view bytes);
    /// One unfragmented message whose payload is compressed: RSV1 is set (RFC 7692, 6).
    static SharedFrame compressed(std::uint8_t opcode, std::string_view payload);
    /// Bytes that are a whole frame already (control frames, other opcodes), or none at all (HTTP).
    static SharedFrame encoded(std::string_view bytes);

    explicit operator bool() const { return _body != nullptr; }
    /// The bytes for the socket, frame header included.
    std::string_view bytes() const {
        return {reinterpret_cast<const char*>(_body + 1), _body->size};
    }
    /// The message without its frame header.
    std::string_view payload() const { return bytes().substr(_body->header); }

    /// Another form of the same message, such as one compressed for a window of `key` bits: made
    /// by the first who asks, then shared and freed with the frame. `make` gives a frame that
    /// nobody else has, or an empty one for "there is no such form"; that is kept too.
    SharedFrame variant(std::uint8_t key, const std::function<SharedFrame()>& make) const;

    /// The number of the type that this frame is counted as: found by the first who sends it, kept
    /// for the others. 0: not yet.
    std::uint16_t kind() const { return _body->kind.load(std::memory_order_relaxed); }
    void setKind(std::uint16_t kind) const { _body->kind.store(kind, std::memory_order_relaxed); }

private:
    struct Body {
        std::atomic<std::uint32_t> references;
        std::uint32_t size;
        std::uint16_t header;
        std::atomic<std::uint16_t> kind = 0;
        std::uint8_t key = 0;
        std::atomic<Body*> variants = nullptr; // of a variant: the next one
    };
    static Body* allocate(std::size_t size);
    static SharedFrame message(std::uint8_t opcode, std::string_view payload);
    static void release(Body* body);
    void retain() const {
        if (_body) _body->references.fetch_add(1, std::memory_order_relaxed);
    }
    void release() {
        if (_body) release(_body);
    }
    static SharedFrame find(Body* first, std::uint8_t key);

    Body* _body = nullptr;
};

} // namespace salon
