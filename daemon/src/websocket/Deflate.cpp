#include "websocket/Deflate.h"

#include <zlib.h>

#include <algorithm>
#include <new>
#include <stdexcept>
#include <utility>

namespace salon::net {

namespace {

/// What the sender of a message has left out at its end (RFC 7692, 7.2.1).
constexpr std::string_view tail("\x00\x00\xff\xff", 4);

/// How much is inflated before its size is looked at.
constexpr std::size_t pieceSize = 16384;

// The least work that still finds what repeats: a reactor does it.
constexpr int level = Z_BEST_SPEED;
constexpr int memoryLevel = 8;

// zlib has no raw deflate with a window of 256 bytes. With one of 512 it refers back by at most
// 512 - 262 bytes (deflate.h, MAX_DIST), which a window of 256 has room for.
int zlibBits(unsigned windowBits) {
    return -static_cast<int>(windowBits == 8 ? 9 : windowBits);
}

void give(z_stream& stream, std::string_view bytes) {
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
}

void check(int result) {
    if (result == Z_MEM_ERROR) throw std::bad_alloc();
    if (result != Z_OK) throw std::logic_error("zlib was called wrongly");
}

} // namespace

Inflater::Inflater(unsigned windowBits) : _stream(std::make_unique<z_stream>()) {
    check(::inflateInit2(_stream.get(), zlibBits(windowBits)));
}

Inflater::~Inflater() {
    ::inflateEnd(_stream.get());
}

void Inflater::reset() {
    check(::inflateReset(_stream.get()));
}

Inflater::Outcome Inflater::take(std::string_view part, std::string& out, std::size_t most) {
    char piece[pieceSize];
    give(*_stream, part);
    do {
        _stream->next_out = reinterpret_cast<Bytef*>(piece);
        _stream->avail_out = pieceSize;
        const auto result = ::inflate(_stream.get(), Z_SYNC_FLUSH);
        if (result == Z_MEM_ERROR) throw std::bad_alloc();
        const auto size = pieceSize - _stream->avail_out;
        const auto room = most - out.size();
        out.append(piece, std::min(size, room));
        if (size > room) return Outcome::tooBig;
        if (result != Z_OK && result != Z_BUF_ERROR && result != Z_STREAM_END) return Outcome::bad;
        // A block with BFINAL ends a stream; another one may follow in the same message, and
        // follows in the next one (RFC 7692, 7.2.3.4).
        _ended = result == Z_STREAM_END;
        if (_ended) reset();
    } while (_stream->avail_in > 0 || _stream->avail_out == 0);
    return Outcome::good;
}

Inflater::Outcome Inflater::finish(std::string& out, std::size_t most) {
    const auto outcome = take(tail, out, most);
    if (outcome != Outcome::good || _ended) return outcome;
    // zlib.h, inflate(): 128 is set between two blocks, the lowest six bits count what is left of
    // the last byte.
    const bool between = (_stream->data_type & 128) != 0 && (_stream->data_type & 63) == 0;
    return between ? Outcome::good : Outcome::bad;
}

std::unique_ptr<Inflater> InflaterPool::take() {
    if (_spare.empty()) return std::make_unique<Inflater>(15);
    auto inflater = std::move(_spare.back());
    _spare.pop_back();
    return inflater;
}

void InflaterPool::giveBack(std::unique_ptr<Inflater> inflater) {
    if (_spare.size() == most) return;
    inflater->reset();
    _spare.push_back(std::move(inflater));
}

Deflater::Deflater(unsigned windowBits) : _stream(std::make_unique<z_stream>()) {
    check(::deflateInit2(_stream.get(), level, Z_DEFLATED, zlibBits(windowBits), memoryLevel,
                         Z_DEFAULT_STRATEGY));
}

Deflater::~Deflater() {
    ::deflateEnd(_stream.get());
}

void Deflater::reset() {
    check(::deflateReset(_stream.get()));
}

std::string_view Deflater::message(std::string_view payload) {
    // An empty message is an empty block (RFC 7692, 7.2.3.6), which a second flush does not write.
    if (payload.empty()) return {"\x00", 1};
    give(*_stream, payload);
    _out.resize(::deflateBound(_stream.get(), static_cast<uLong>(payload.size())) + 16);
    std::size_t size = 0;
    do {
        if (size == _out.size()) _out.resize(2 * size);
        _stream->next_out = reinterpret_cast<Bytef*>(_out.data() + size);
        _stream->avail_out = static_cast<uInt>(_out.size() - size);
        ::deflate(_stream.get(), Z_SYNC_FLUSH);
        size = _out.size() - _stream->avail_out;
    } while (_stream->avail_out == 0);
    return std::string_view(_out).substr(0, size - tail.size());
}

bool isMessage(const SharedFrame& frame) {
    const auto first = static_cast<std::uint8_t>(frame.bytes().front());
    return first == 0x81 || first == 0x82;
}

SharedFrame compressedFrame(const SharedFrame& frame, std::string_view payload) {
    const auto opcode = static_cast<std::uint8_t>(frame.bytes().front() & 0x0f);
    return SharedFrame::compressed(opcode, payload);
}

SharedFrame FrameCompressor::compress(const SharedFrame& frame, unsigned windowBits) {
    const auto made = frame.variant(static_cast<std::uint8_t>(windowBits), [&]() -> SharedFrame {
        auto& deflater = _deflaters.at(windowBits);
        if (!deflater) deflater = std::make_unique<Deflater>(windowBits);
        const auto payload = deflater->message(frame.payload());
        auto compressed = payload.size() < frame.payload().size() ? compressedFrame(frame, payload)
                                                                  : SharedFrame();
        deflater->reset();
        return compressed;
    });
    return made.bytes().empty() ? frame : made;
}

} // namespace salon::net
