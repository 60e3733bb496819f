#include "websocket/WebSocketCodec.h"

#include "salon/Json.h"
#include "websocket/Utf8.h"

#include <algorithm>
#include <cstring>
#include <utility>

// Two ways through the decoder. A frame that is a message of its own and whole inside the input is
// unmasked and checked where it lies. Everything else goes through a Partial, which keeps what has
// arrived of a header, of a control frame's payload and of a message; these three are apart because
// a control frame may come between the fragments of a message. A Partial with nothing begun in it
// is freed at the start of the next call, so that what was delivered from it lives until then.
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

struct Frame {
    std::size_t header = 0; // its length; 0 while it is not whole
    std::uint64_t length = 0;
    std::uint8_t opcode = 0;
    bool fin = false;
    char mask[4] = {};

    bool control() const { return (opcode & 0x8) != 0; }
    /// Whether it is a message, or a control frame, without any other frame.
    bool alone() const { return control() || (fin && opcode != continuation); }
};

/// The message whose fragments are arriving, as far as headers are judged by it.
struct Begun {
    bool open = false;
    std::size_t size = 0;
    std::size_t fragments = 0;
};

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
    if ((first & 0x70) != 0) return {Ending::protocol, "a reserved bit is set"};
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
    if (!frame.control() &&
        (begun.size > limits.maxMessage || frame.length > limits.maxMessage - begun.size)) {
        return {Ending::tooBig, "a message over the limit"};
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
    std::string gathered; // of the message, unmasked
    std::size_t fragments = 0;
    std::uint8_t opcode = continuation; // of the message; continuation while none has begun
    Utf8Stream utf8;

    bool inPayload = false;
    Frame frame; // whose payload is being read
    std::uint64_t taken = 0;
    char control[longestControl];

    std::uint8_t headSize = 0;
    char head[longestHeader]; // of a header that is not whole

    Begun begun() const { return {opcode != continuation, gathered.size(), fragments}; }
    bool idle() const { return !inPayload && headSize == 0 && opcode == continuation; }

    void keepHeader(std::span<char>& input) {
        std::copy(input.begin(), input.end(), head);
        headSize = static_cast<std::uint8_t>(input.size());
        input = input.subspan(input.size());
    }

    /// Goes on with a header that was kept.
    Fault takeHeader(std::span<char>& input, const WebSocketLimits& limits, Frame& next) {
        while (!input.empty() && next.header == 0) {
            head[headSize++] = input.front();
            input = input.subspan(1);
            if (auto fault = readHeader({head, headSize}, begun(), limits, next)) return fault;
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
        if (frame.opcode != continuation) opcode = frame.opcode;
    }

    /// Takes what there is of the frame's payload.
    std::optional<Item> take(std::span<char>& input) {
        const auto size =
            static_cast<std::size_t>(std::min<std::uint64_t>(input.size(), frame.length - taken));
        const auto part = input.first(size);
        input = input.subspan(size);
        unmask(part.data(), size, frame.mask, taken);
        if (frame.control()) {
            std::copy(part.begin(), part.end(), control + taken);
        } else {
            if (opcode == text && !utf8.feed({part.data(), size})) {
                return violation(badText);
            }
            gathered.append(part.data(), size);
        }
        taken += size;
        if (taken < frame.length) return std::nullopt;
        inPayload = false;
        if (frame.control()) return controlItem(frame.opcode, {control, frame.length});
        if (!frame.fin) return std::nullopt;
        return deliver();
    }

    Item deliver() {
        if (!utf8.complete()) return violation(badText);
        const auto size = gathered.size();
        gathered.append(JsonReader::padding, '\0');
        return message(std::exchange(opcode, continuation), {gathered.data(), size});
    }
};

WebSocketDecoder::WebSocketDecoder() = default;
WebSocketDecoder::~WebSocketDecoder() = default;

std::optional<Item> WebSocketDecoder::next(std::span<char>& input, const WebSocketLimits& limits) {
    if (_partial && _partial->idle()) _partial.reset();
    while (!input.empty()) {
        if (!_partial || !_partial->inPayload) {
            Frame frame;
            Fault fault;
            if (_partial && _partial->headSize > 0) {
                fault = _partial->takeHeader(input, limits, frame);
            } else {
                const auto begun = _partial ? _partial->begun() : Begun();
                fault = readHeader({input.data(), input.size()}, begun, limits, frame);
                input = input.subspan(frame.header);
                if (!fault && frame.header == 0) partial().keepHeader(input);
            }
            if (fault) return violation(fault);
            if (frame.header == 0) break;
            if (frame.alone() && frame.length <= input.size()) {
                auto* payload = input.data();
                input = input.subspan(frame.length);
                return itemInPlace(frame, payload);
            }
            partial().begin(frame);
        }
        if (auto item = _partial->take(input)) return item;
    }
    return std::nullopt;
}

WebSocketDecoder::Partial& WebSocketDecoder::partial() {
    if (!_partial) _partial = std::make_unique<Partial>();
    return *_partial;
}

std::size_t WebSocketDecoder::held() const {
    if (!_partial) return 0;
    const auto& gathered = _partial->gathered;
    const bool onHeap = gathered.capacity() > std::string().capacity();
    return sizeof(Partial) + (onHeap ? gathered.capacity() + 1 : 0);
}

} // namespace salon::net
