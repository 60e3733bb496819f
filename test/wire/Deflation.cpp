#include "Deflation.h"

#include <cppunit/extensions/HelperMacros.h>
#include <zlib.h>

namespace salon::wire {

namespace {

constexpr std::string_view tail("\x00\x00\xff\xff", 4);

void give(z_stream& stream, std::string_view bytes) {
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
}

} // namespace

Compressor::Compressor(int bits, bool takeover)
    : _stream(std::make_unique<z_stream>()), _takeover(takeover) {
    CPPUNIT_ASSERT_EQUAL(Z_OK, ::deflateInit2(_stream.get(), Z_DEFAULT_COMPRESSION, Z_DEFLATED,
                                              -bits, 8, Z_DEFAULT_STRATEGY));
}

Compressor::~Compressor() {
    ::deflateEnd(_stream.get());
}

std::string Compressor::operator()(std::string_view message) {
    auto bytes = flushed(message);
    bytes.resize(bytes.size() - tail.size());
    if (!_takeover) ::deflateReset(_stream.get());
    return bytes;
}

std::string Compressor::flushed(std::string_view message) {
    // A second flush without anything between writes nothing.
    if (message.empty()) return std::string(1, 0) + std::string(tail);
    std::string bytes;
    give(*_stream, message);
    do {
        char room[4096];
        _stream->next_out = reinterpret_cast<Bytef*>(room);
        _stream->avail_out = sizeof room;
        ::deflate(_stream.get(), Z_SYNC_FLUSH);
        bytes.append(room, sizeof room - _stream->avail_out);
    } while (_stream->avail_out == 0);
    return bytes;
}

Decompressor::Decompressor(int bits, bool takeover)
    : _stream(std::make_unique<z_stream>()), _takeover(takeover) {
    CPPUNIT_ASSERT_EQUAL(Z_OK, ::inflateInit2(_stream.get(), -bits));
}

Decompressor::~Decompressor() {
    ::inflateEnd(_stream.get());
}

std::string Decompressor::operator()(std::string_view payload) {
    const auto whole = std::string(payload) + std::string(tail);
    give(*_stream, whole);
    std::string message;
    // With so little room zlib finds nothing but in its window.
    char room[64];
    do {
        _stream->next_out = reinterpret_cast<Bytef*>(room);
        _stream->avail_out = sizeof room;
        const auto result = ::inflate(_stream.get(), Z_SYNC_FLUSH);
        CPPUNIT_ASSERT_MESSAGE(_stream->msg ? _stream->msg : "zlib",
                               result == Z_OK || result == Z_BUF_ERROR);
        message.append(room, sizeof room - _stream->avail_out);
    } while (_stream->avail_in > 0 || _stream->avail_out == 0);
    if (!_takeover) ::inflateReset(_stream.get());
    return message;
}

} // namespace salon::wire
