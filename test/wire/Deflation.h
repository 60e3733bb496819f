#pragma once

#include <memory>
#include <string>
#include <string_view>

struct z_stream_s;

namespace salon::wire {

/// The client's side of permessage-deflate, on zlib, apart from the daemon's own code.
class Compressor {
public:
    /// @param bits of the window; 9 to 15
    /// @param takeover whether a message may refer to earlier ones
    explicit Compressor(int bits = 15, bool takeover = true);
    ~Compressor();
    Compressor(const Compressor&) = delete;
    Compressor& operator=(const Compressor&) = delete;

    std::string operator()(std::string_view message);
    /// In two blocks that end at bytes: parts to be sent in two frames.
    std::string flushed(std::string_view message);

private:
    std::unique_ptr<z_stream_s> _stream;
    bool _takeover;
};

/// Inflates with a window of exactly so many bits; a message that needs more, or ends badly, fails
/// the test.
class Decompressor {
public:
    /// @param bits 8 to 15
    explicit Decompressor(int bits = 15, bool takeover = true);
    ~Decompressor();
    Decompressor(const Decompressor&) = delete;
    Decompressor& operator=(const Decompressor&) = delete;

    std::string operator()(std::string_view payload);

private:
    std::unique_ptr<z_stream_s> _stream;
    bool _takeover;
};

} // namespace salon::wire
