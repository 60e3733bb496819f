#pragma once

#include "salon/SharedFrame.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

// The payloads of compressed messages (RFC 7692, 7.2), on zlib's raw deflate.

struct z_stream_s;

namespace salon::net {

/// Inflates the messages of one direction of a connection, as their bytes arrive. About 8 KiB, and
/// the window once a message was longer than one piece.
class Inflater {
public:
    enum class Outcome : std::uint8_t { good, bad, tooBig };
    static constexpr std::size_t footprint = 8192; ///< bytes of heap, about, without the window

    /// @param windowBits 8 to 15: how far back the sender may refer (RFC 7692, 7.1.2)
    explicit Inflater(unsigned windowBits);
    ~Inflater();
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;

    /// Appends what a part of a message inflates to, up to where it is bad or `out` would be over
    /// `most` bytes (tooBig); nothing more is inflated then.
    Outcome take(std::string_view part, std::string& out, std::size_t most);
    /// The message has no more parts: whether it ends where a message may (RFC 7692, 7.2.2).
    Outcome finish(std::string& out, std::size_t most);
    /// Forgets the messages so far.
    void reset();

private:
    std::unique_ptr<z_stream_s> _stream;
    bool _ended = false; // the last byte taken ended a whole deflate stream
};

/// Inflaters for connections that keep none between messages. One thread.
class InflaterPool {
public:
    std::unique_ptr<Inflater> take();
    void giveBack(std::unique_ptr<Inflater> inflater);

private:
    static constexpr std::size_t most = 8;
    std::vector<std::unique_ptr<Inflater>> _spare;
};

/// Deflates the messages of one direction of a connection: 20 KiB with a window of 9 bits, 260 KiB
/// with one of 15.
class Deflater {
public:
    /// @param windowBits 8 to 15
    explicit Deflater(unsigned windowBits);
    ~Deflater();
    Deflater(const Deflater&) = delete;
    Deflater& operator=(const Deflater&) = delete;

    /// The payload of a compressed message (RFC 7692, 7.2.1), valid until the next call.
    std::string_view message(std::string_view payload);
    /// Forgets the messages so far: the next one refers to none of them.
    void reset();

private:
    std::unique_ptr<z_stream_s> _stream;
    std::string _out;
};

/// Whether a frame from the server is a message of its own, which may be compressed.
bool isMessage(const SharedFrame& frame);
/// The same message with a compressed payload (RSV1, RFC 7692, 6).
SharedFrame compressedFrame(const SharedFrame& frame, std::string_view payload);

/// Compresses frames without context takeover: each once for all who take the same window, whatever
/// thread they are on. One compressor a thread.
class FrameCompressor {
public:
    /// The frame compressed for a window of 8 to 15 bits, or as it is when that is not longer.
    SharedFrame compress(const SharedFrame& frame, unsigned windowBits);

private:
    std::array<std::unique_ptr<Deflater>, 16> _deflaters;
};

} // namespace salon::net
