#include "Fuzz.h"

#include "salon/Json.h"
#include "websocket/Deflate.h"
#include "websocket/Extensions.h"
#include "websocket/Utf8.h"
#include "websocket/WebSocketCodec.h"

#include <algorithm>
#include <memory>
#include <span>

// The WebSocket codec: what it makes of bytes does not hang on how they were cut; no message is
// over the limit; no text is anything but UTF-8; what we deflate comes back.

using namespace salon::net;
using salon::fuzz::hold;
using salon::fuzz::Input;

namespace {

struct Choice {
    WebSocketLimits limits;
    bool deflate = false;
    bool takeover = false;
    std::uint8_t windowBits = 15;
};

/// Everything that came out, as text.
std::string story(std::string_view bytes, std::size_t piece, const Choice& choice) {
    WebSocketDecoder decoder;
    InflaterPool pool;
    if (choice.deflate) decoder.allowDeflate(pool, choice.windowBits, choice.takeover);
    std::string words;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
        const auto part = bytes.substr(at, piece);
        // Memory of its own, so that every byte read beyond it is seen.
        const std::unique_ptr<char[]> memory(new char[part.size() + salon::JsonReader::padding]);
        std::copy(part.begin(), part.end(), memory.get());
        std::span<char> input(memory.get(), part.size());
        while (const auto item = decoder.next(input, choice.limits)) {
            using Kind = WebSocketDecoder::Kind;
            words += static_cast<char>('0' + static_cast<int>(item->kind));
            words += std::to_string(item->closeCode) + item->reason;
            words.append(item->payload);
            hold(item->payload.size() <= choice.limits.maxMessage || item->kind > Kind::binary,
                 "a message is within the limit");
            hold(item->kind != Kind::text || isUtf8(item->payload), "a text is UTF-8");
            if (item->kind == Kind::close || item->kind == Kind::violation) return words;
        }
        hold(input.empty(), "all bytes were taken");
    }
    return words;
}

void deflateAndInflate(std::string_view message, unsigned bits) {
    Deflater deflater(bits);
    Inflater inflater(bits);
    for (int i = 0; i < 2; ++i) {
        const std::string payload(deflater.message(message));
        std::string back;
        const auto most = message.size();
        hold(inflater.take(payload, back, most) == Inflater::Outcome::good &&
                 inflater.finish(back, most) == Inflater::Outcome::good && back == message,
             "what was deflated comes back");
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Input input(data, size);
    const auto first = input.byte();
    const auto second = input.byte();
    Choice choice;
    choice.limits = {static_cast<std::size_t>(second) * 16, std::size_t{first & 0x7u} + 1};
    choice.deflate = (first & 0x08) != 0;
    choice.takeover = (first & 0x10) != 0;
    choice.windowBits = static_cast<std::uint8_t>(8 + (first >> 5));
    const auto bytes = input.rest();
    const auto whole = story(bytes, bytes.size() + 1, choice);
    for (const std::size_t piece : {1, 2, 5, 13}) {
        hold(story(bytes, piece, choice) == whole, "it does not matter how bytes were cut");
    }
    deflateAndInflate(bytes, choice.windowBits);
    for (const auto compression :
         {salon::WebSocketRoute::Compression::alone, salon::WebSocketRoute::Compression::context}) {
        const auto outcome = negotiate(bytes, compression);
        if (!outcome.deflate) continue;
        const auto again = negotiate(outcome.deflate->answer(), compression);
        hold(again.deflate && again.deflate->answer() == outcome.deflate->answer(),
             "our answer is an offer that we would take");
    }
    return 0;
}
