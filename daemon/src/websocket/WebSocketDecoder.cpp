#include "websocket/WebSocketCodec.h"

#include "salon/Json.h"
#include "websocket/FrameHeader.h"
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

constexpr std::uint8_t continuation = continuationFrame;
constexpr std::uint8_t text = 0x1;
constexpr std::uint8_t close = 0x8;
constexpr std::uint8_t ping = 0x9;
constexpr std::size_t longestHeader = 14;
constexpr std::size_t longestControl = 125;

using Item = WebSocketDecoder::Item;
using Kind = WebSocketDecoder::Kind;

constexpr Fault badText{Ending::notUtf8, "a text not in UTF-8"};
constexpr Fault badDeflate{Ending::notDeflate, "a compressed message that cannot be inflated"};

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
        auto outcome = Inflater::Outcome::good;
        if (!compressed) {
            gathered.append(part);
        } else {
            outcome = inflater->take(part, gathered, most);
            if (last && outcome == Inflater::Outcome::good) {
                outcome = inflater->finish(gathered, most);
            }
        }
        // First of what came first: however much was inflated at once.
        if (opcode == text && !utf8.feed(std::string_view(gathered).substr(known))) return badText;
        if (outcome == Inflater::Outcome::bad) return badDeflate;
        if (outcome == Inflater::Outcome::tooBig) return tooLong;
        return last && opcode == text && !utf8.complete() ? badText : Fault();
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
