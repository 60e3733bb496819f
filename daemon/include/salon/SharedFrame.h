#pragma once

#include "salon/Visibility.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
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
    /// Bytes that are a whole frame already (control frames, other opcodes).
    static SharedFrame encoded(std::string_view bytes);

    explicit operator bool() const { return _body != nullptr; }
    /// The bytes for the socket, frame header included.
    std::string_view bytes() const {
        return {reinterpret_cast<const char*>(_body + 1), _body->size};
    }
    /// The message without its frame header.
    std::string_view payload() const { return bytes().substr(_body->header); }

private:
    struct Body {
        std::atomic<std::uint32_t> references;
        std::uint32_t size;
        std::uint32_t header;
    };
    static Body* allocate(std::size_t size);
    void retain() {
        if (_body) _body->references.fetch_add(1, std::memory_order_relaxed);
    }
    void release();

    Body* _body = nullptr;
};

} // namespace salon
