#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// A client's side of RFC 6455, 5.2, as little of it as a load generator needs: the mask is one
// constant, what is sent is built once and only its id changes, what comes is told apart by its
// first bytes and never parsed.

namespace salon::bench {

enum class FrameKind : std::uint8_t { ack, delivery, welcome, error, ping, close, other };

/// A frame from the server at the beginning of `bytes`.
struct ReceivedFrame {
    FrameKind kind = FrameKind::other;
    std::string_view payload;
    std::size_t size = 0; ///< with its header
};

/// @returns nothing when it is not whole yet
std::optional<ReceivedFrame> readFrame(std::string_view bytes);

/// A masked frame. @param opcode 0 continuation, 1 text, 10 pong; 0x41 a compressed text
/// @param last whether it ends its message
std::string clientFrame(unsigned opcode, std::string_view payload, bool last = true);

/// What RFC 7692 makes of a message.
std::string deflated(std::string_view message);

/// The bytes that ask for a WebSocket. @param headers further lines, each with its CR LF
std::string upgradeRequest(const std::string& token, const std::string& headers = {});

/// UUIDs of version 7 (RFC 9562, 5.7), made fast.
class MessageIds {
public:
    static constexpr std::size_t length = 36;

    /// Reads the clock; at least once in a millisecond or so.
    void tick();
    void next(char* out);

private:
    std::uint64_t _milliseconds = 0;
    std::uint64_t _state = 0x9e3779b97f4a7c15; ///< splitmix64; ids differ by their time as well
};

/// `{"type":"dm",…}` to one user with a text of 100 bytes, ready to be sent again and again.
class DirectMessage {
public:
    explicit DirectMessage(std::int64_t to);
    /// The frame with a new id, valid until the next call.
    std::string_view next(MessageIds& ids);

private:
    std::string _frame;
    std::size_t _id; ///< where the id stands
};

} // namespace salon::bench
