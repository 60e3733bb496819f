#include "websocket/WebSocketCodec.h"

#include "salon/Json.h"
#include "websocket/Utf8.h"

#include <algorithm>
#include <cstring>
#include <utility>

// Two ways through the decoder. A frame that is a message of its own, whole inside the input and
// not compressed is unmasked and checked where it lies. Everything else goes through a Partial,
// which keeps what has arrived of a header, of a control frame's payload and of a message; these
// three are apart because a control frame may come between the fragments of a message. A Partial
// with nothing begun in it is freed at the start of the next call, so that what was delivered from
// it lives until then.
//
// Every check hangs on a byte's position only, never on how the bytes were cut into calls.

namespace salon::net {

namespace {

constexpr std::uint8_t continuation = 0x0;
constexpr std::uint8_t text = 0x1;
constexpr std::uint8_t close = 0x8;
constexpr std::uint8_t ping = 0x9;
constexpr std::size_t longestHeader = 14;
constexpr std::size_t longestControl = 125;

using Item = WebSocketDecoder::Item;
using Kind = WebSocketDecoder::Kind;

struct Fault {
    Ending ending = Ending::none;
    const char* reason = "";
    explicit operator bool() const { return ending != Ending::none; }
};

constexpr Fault badText{Ending::notUtf8, "a text not in UTF-8"};
constexpr Fault badDeflate{Ending::notDeflate, "a compressed message that cannot be inflated"};
constexpr Fault tooLong{Ending::tooBig, "a message over the limit"};

struct Frame {
    std::size_t header = 0; // its length; 0 while it is not whole
    std::uint64_t length = 0;
    std::uint8_t opcode = 0;
    bool fin = false;
    bool compressed = false; // the message that begins with it is
    char mask[4] = {};

    bool control() const { return (opcode & 0x8) != 0; }
    /// Whether it is a message, or a control frame, without any other frame.
    bool alone() const { return control() || (fin && opcode != continuation); }
    bool readInPlace() const { return alone() && !compressed; }
};

/// The message whose fragments are arriving, as far as headers are judged by it.
struct Begun {
    bool mayCompress = false; // on this connection
    bool open = false;
    bool compressed = false;
    std::size_t size = 0; // on the wire
    std::size_t fragments = 0;
};

/// Bytes that a message may take on the wire. Stored blocks, which is what zlib makes of what
/// cannot be compressed, add five bytes to 16 KiB; blocks of nothing could be added without end.
std::size_t mostOnWire(bool compressed, const WebSocketLimits& limits) {
    return compressed ? limits.maxMessage + limits.maxMessage / 64 + 64 : limits.maxMessage;
}

Item violation(Fault fault) {
    Item item;
    item.kind = Kind::violation;
    item.ending = fault.ending;
    item.reason = fault.reason;
    return item;
}

Item message(std::uint8_t opcode, std::string_view payload) {
    Item item;
    item.kind = opcode == text ? Kind::text : Kind::binary;
    item.payload = payload;
    return item;
}

void unmask(char* data, std::size_t size, const char (&mask)[4], std::uint64_t offset) {
    char key[8];
    for (std::size_t i = 0; i < sizeof key; ++i) key[i] = mask[(offset + i) % 4];
    std::uint64_t wideKey;
    std::memcpy(&wideKey, key, sizeof wideKey);
    for (; size >= sizeof wideKey; data += sizeof wideKey, size -= sizeof wideKey) {
        std::uint64_t wide;
        std::memcpy(&wide, data, sizeof wide);
        wide ^= wideKey;
        std::memcpy(data, &wide, sizeof wide);
    }
    for (std::size_t i = 0; i < size; ++i) data[i] = static_cast<char>(data[i] ^ key[i]);
}

/// RFC 6455, 5.2 and 5.4: what the first byte alone tells.
Fault readFirst(std::uint8_t first, const Begun& begun, const WebSocketLimits& limits,
                Frame& frame) {
    frame.fin = (first & 0x80) != 0;
    frame.opcode = first & 0x0f;
    // RFC 7692, 6: RSV1 is for the first frame of a message.
    const bool begins = !frame.control() && frame.opcode != continuation;
    frame.compressed = (first & 0x40) != 0 && begun.mayCompress && begins;
    if ((first & (frame.compressed ? 0x30 : 0x70)) != 0) {
        return {Ending::protocol, "a reserved bit is set"};
    }
    if ((frame.opcode & 0x7) > 2) return {Ending::protocol, "a reserved opcode"};
    if (frame.control()) {
        if (!frame.fin) return {Ending::protocol, "a fragmented control frame"};
        return {};
    }
    if (frame.opcode == continuation) {
        if (!begun.open) return {Ending::protocol, "a continuation of nothing"};
        if (begun.fragments >= limits.maxFragments) return {Ending::tooBig, "too many fragments"};
    } else if (begun.open) {
        return {Ending::protocol, "a new message inside a fragmented one"};
    }
    return {};
}

/// Judges a frame's header as far as it has arrived; `frame.header` is set once it is whole.
Fault readHeader(std::string_view bytes, const Begun& begun, const WebSocketLimits& limits,
                 Frame& frame) {
    if (auto fault = readFirst(static_cast<std::uint8_t>(bytes[0]), begun, limits, frame)) {
        return fault;
    }
    if (bytes.size() < 2) return {};
    const auto second = static_cast<std::uint8_t>(bytes[1]);
    const auto brief = second & 0x7f;
    if ((second & 0x80) == 0) return {Ending::protocol, "a frame without a mask"};
    if (frame.control() && brief > 125) return {Ending::protocol, "a control frame over 125 bytes"};

    const std::size_t extended = brief == 126 ? 2 : brief == 127 ? 8 : 0;
    if (bytes.size() < 2 + extended) return {};
    frame.length = extended == 0 ? static_cast<std::uint64_t>(brief) : 0;
    for (const auto byte : bytes.substr(2, extended)) {
        frame.length = frame.length << 8 | static_cast<std::uint8_t>(byte);
    }
    if (frame.length >> 63) return {Ending::protocol, "a length of more than 63 bits"};
    if ((extended == 2 && frame.length < 126) || (extended == 8 && frame.length <= 0xffff)) {
        return {Ending::protocol, "a length in more bytes than it needs"};
    }
    const auto most = mostOnWire(frame.compressed || begun.compressed, limits);
    if (!frame.control() && (begun.size > most || frame.length > most - begun.size)) {
        return tooLong;
    }
    const auto whole = 2 + extended + sizeof frame.mask;
    if (bytes.size() < whole) return {};
    std::memcpy(frame.mask, bytes.data() + 2 + extended, sizeof frame.mask);
    frame.header = whole;
    return {};
}

/// RFC 6455, 7.4, with the codes that IANA has registered since (1012 to 1014).
bool mayBeSent(std::uint16_t code) {
    return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) ||
           (code >= 3000 && code <= 4999);
}

Item controlItem(std::uint8_t opcode, std::string_view payload) {
    Item item;
    item.payload = payload;
    if (opcode != close) {
        item.kind = opcode == ping ? Kind::ping : Kind::pong;
        return item;
    }
    item.kind = Kind::close;
    item.closeCode = 1005;
    if (payload.empty()) return item;
    if (payload.size() == 1) return violation({Ending::protocol, "half a close code"});
    item.closeCode = static_cast<std::uint16_t>(static_cast<std::uint8_t>(payload[0]) << 8 |
                                                static_cast<std::uint8_t>(payload[1]));
    item.payload = payload.substr(2);
    if (!mayBeSent(item.closeCode)) return violation({Ending::protocol, "a reserved close code"});
    if (!isUtf8(item.payload)) return violation({Ending::notUtf8, "a close reason not in UTF-8"});
    return item;
}

Item itemInPlace(const Frame& frame, char* data) {
    const std::string_view payload(data, frame.length);
    unmask(data, payload.size(), frame.mask, 0);
    if (frame.control()) return controlItem(frame.opcode, payload);
    if (frame.opcode == text && !isUtf8(payload)) {
        return violation(badText);
    }
    return message(frame.opcode, payload);
}

} // namespace

struct WebSocketDecoder::Partial {
    std::string gathered; // of the message, unmasked and inflated
    std::size_t onWire = 0;
    std::size_t fragments = 0;
    std::uint8_t opcode = continuation; // of the message; continuation while none has begun
    bool compressed = false;
    Utf8Stream utf8;

    bool inPayload = false;
    Frame frame; // whose payload is being read
    std::uint64_t taken = 0;
    char control[longestControl];

    std::uint8_t headSize = 0;
    char head[longestHeader]; // of a header that is not whole

    Begun begun(bool mayCompress) const {
        return {mayCompress, opcode != continuation, compressed, onWire, fragments};
    }
    bool idle() const { return !inPayload && headSize == 0 && opcode == continuation; }

    void keepHeader(std::span<char>& input) {
        std::copy(input.begin(), input.end(), head);
        headSize = static_cast<std::uint8_t>(input.size());
        input = input.subspan(input.size());
    }

    /// Goes on with a header that was kept.
    Fault takeHeader(std::span<char>& input, bool mayCompress, const WebSocketLimits& limits,
                     Frame& next) {
        while (!input.empty() && next.header == 0) {
            head[headSize++] = input.front();
            input = input.subspan(1);
            if (auto fault = readHeader({head, headSize}, begun(mayCompress), limits, next))
                return fault;
        }
        if (next.header > 0) headSize = 0;
        return {};
    }

    void begin(const Frame& next) {
        frame = next;
        inPayload = true;
        taken = 0;
        if (frame.control()) return;
        ++fragments;
        if (frame.opcode == continuation) return;
        opcode = frame.opcode;
        compressed = frame.compressed;
    }

    /// Takes what there is of the frame's payload, unmasked. @returns whether that is all of it
    bool takePart(std::span<char>& input, std::string_view& part) {
        const auto size =
            static_cast<std::size_t>(std::min<std::uint64_t>(input.size(), frame.length - taken));
        unmask(input.data(), size, frame.mask, taken);
        part = {input.data(), size};
        input = input.subspan(size);
        taken += size;
        inPayload = taken < frame.length;
        return !inPayload;
    }

    /// Keeps a part of the message; `last`: it was the last one.
    Fault keep(std::string_view part, bool last, Inflater* inflater, std::size_t most) {
        onWire += part.size();
        const auto known = gathered.size();
        if (!compressed) {
            gathered.append(part);
        } else {
            auto outcome = inflater->take(part, gathered, most);
            if (last && outcome == Inflater::Outcome::good) {
                outcome = inflater->finish(gathered, most);
            }
            if (outcome == Inflater::Outcome::bad) return badDeflate;
            if (outcome == Inflater::Outcome::tooBig) return tooLong;
        }
        if (opcode != text) return {};
        if (!utf8.feed(std::string_view(gathered).substr(known))) return badText;
        return last && !utf8.complete() ? badText : Fault();
    }

    Item deliver() {
        const auto size = gathered.size();
        gathered.append(JsonReader::padding, '\0');
        return message(std::exchange(opcode, continuation), {gathered.data(), size});
    }
};

WebSocketDecoder::WebSocketDecoder() = default;
WebSocketDecoder::~WebSocketDecoder() = default;

void WebSocketDecoder::allowDeflate(InflaterPool& pool, std::uint8_t windowBits, bool takeover) {
    _pool = &pool;
    _windowBits = windowBits;
    _takeover = takeover;
}

std::optional<Item> WebSocketDecoder::next(std::span<char>& input, const WebSocketLimits& limits) {
    if (_partial && _partial->idle()) _partial.reset();
    while (!input.empty()) {
        if (!_partial || !_partial->inPayload) {
            Frame frame;
            Fault fault;
            if (_partial && _partial->headSize > 0) {
                fault = _partial->takeHeader(input, _pool != nullptr, limits, frame);
            } else {
                auto begun = _partial ? _partial->begun(_pool != nullptr) : Begun{_pool != nullptr};
                fault = readHeader({input.data(), input.size()}, begun, limits, frame);
                input = input.subspan(frame.header);
                if (!fault && frame.header == 0) partial().keepHeader(input);
            }
            if (fault) return violation(fault);
            if (frame.header == 0) break;
            if (frame.readInPlace() && frame.length <= input.size()) {
                auto* payload = input.data();
                input = input.subspan(frame.length);
                return itemInPlace(frame, payload);
            }
            partial().begin(frame);
        }
        if (auto item = take(input, limits)) return item;
    }
    return std::nullopt;
}

/// Goes on with the payload of a frame that has begun.
std::optional<Item> WebSocketDecoder::take(std::span<char>& input, const WebSocketLimits& limits) {
    auto& now = *_partial;
    std::string_view part;
    const auto before = now.taken;
    const bool whole = now.takePart(input, part);
    if (now.frame.control()) {
        std::copy(part.begin(), part.end(), now.control + before);
        if (!whole) return std::nullopt;
        return controlItem(now.frame.opcode, {now.control, now.frame.length});
    }
    if (now.compressed && !_inflater) {
        _inflater = _takeover ? std::make_unique<Inflater>(_windowBits) : _pool->take();
    }
    const bool last = whole && now.frame.fin;
    if (const auto fault = now.keep(part, last, _inflater.get(), limits.maxMessage)) {
        return violation(fault);
    }
    if (!last) return std::nullopt;
    if (now.compressed && !_takeover) _pool->giveBack(std::move(_inflater));
    return now.deliver();
}

WebSocketDecoder::Partial& WebSocketDecoder::partial() {
    if (!_partial) _partial = std::make_unique<Partial>();
    return *_partial;
}

std::size_t WebSocketDecoder::held() const {
    const auto inflater = _inflater ? Inflater::footprint : 0;
    if (!_partial) return inflater;
    const auto& gathered = _partial->gathered;
    const bool onHeap = gathered.capacity() > std::string().capacity();
    return inflater + sizeof(Partial) + (onHeap ? gathered.capacity() + 1 : 0);
}

} // namespace salon::net
