// A connection's WebSocket half: the upgrade, and frames to their handlers. What goes out is in
// WebSocketOut.cpp.

#include "http/HttpAnswer.h"
#include "net/Exchange.h"
#include "net/Reactor.h"
#include "net/SocketConnection.h"
#include "websocket/Handshake.h"

#include <Poco/Data/DataException.h>

#include <algorithm>
#include <exception>

namespace salon::net {

namespace {

/// Refused frames, as a multiple of the rate, after which a client that never pauses is misused.
constexpr std::uint32_t patience = 10;

/// Bytes that cost as much to handle as a frame does by itself.
constexpr std::size_t bytesOfAFrame = 1024;

/// Bytes of a message for which the client pays as for a frame: less than they cost, as honest
/// messages are long now and then; but inflated, a hundred bytes may be 64 KiB.
constexpr std::size_t bytesForAFrame = 16384;
/// Once it is refused it was read, and inflated, for nothing.
constexpr std::size_t bytesForARefusal = 4096;

/// The `id` of a frame as JSON, to be echoed.
void writeEcho(std::string& out, JsonValue id) {
    out.clear();
    JsonWriter json(out);
    if (const auto text = id.string()) {
        json.value(*text);
    } else if (const auto number = id.integer()) {
        json.value(*number);
    }
}

Result<Principal> authenticate(const Context& context, const Handshake& handshake) {
    const auto authenticator = context.authenticator.hold();
    if (!authenticator) return Error{Code::unavailable, "nobody here can check tokens"};
    return authenticator->authenticate(handshake.theToken());
}

/// The start of a client's word, whole characters only.
std::string shortened(std::string_view text) {
    std::size_t size = std::min<std::size_t>(text.size(), 32);
    while (size < text.size() && size > 0 && (text[size] & 0xc0) == 0x80) --size;
    return std::string(text.substr(0, size));
}

} // namespace

void SocketConnection::upgrade(const Endpoint& endpoint, std::string_view& input) {
    auto& context = _reactor.context();
    const auto& reader = *_http;
    const auto outcome = readHandshake(reader, endpoint.route, context.options);
    if (const auto* refusal = std::get_if<HttpResponse>(&outcome)) {
        answerEarly(*refusal, endpoint.metrics, input);
        return;
    }
    const auto& handshake = std::get<Handshake>(outcome);
    const auto principal = endpoint.route.access == Access::open ? Result<Principal>(Principal())
                                                                 : authenticate(context, handshake);
    if (!principal) {
        answerEarly(HttpResponse::problem(principal.error()), endpoint.metrics, input);
        return;
    }
    Exchange exchange(context, &reader, _peer, endpoint.metrics);
    exchange.setUser(principal->user);
    _endpoint = &endpoint;
    if (handshake.deflate) allowDeflate(*handshake.deflate);
    becomeWebSocket(*principal, exchange.answer(acceptHandshake(handshake), false).own);
}

void SocketConnection::allowDeflate(const DeflateTerms& terms) {
    _decoder.allowDeflate(_reactor.inflaters(), terms.clientBits, terms.clientTakeover);
    _windowBits = terms.serverBits.value_or(15);
    _takeover = terms.serverTakeover;
}

void SocketConnection::becomeWebSocket(const Principal& principal, SharedFrame answer) {
    const auto& options = _reactor.context().options;
    _http.reset();
    _principal = principal;
    enter(State::webSocket);
    _reactor.context().metrics.opened.add();
    _outbox.push(std::move(answer));
    _reactor.markDirty(*this);
    _reactor.favour(*this);
    _tokens = _endpoint->route.rate * 2000;
    _tokensAt = _reactor.now();
    arm(options.heartbeat);
    registerUser();
    _opening = true;
    openNext();
}

void SocketConnection::openNext() {
    const auto& handlers = _endpoint->open;
    while (_openIndex < handlers.size()) {
        try {
            handlers[_openIndex++](*this);
        } catch (const std::exception& problem) {
            _reactor.context().log.error(
                "a WebSocket's opening threw",
                {{"path", _endpoint->route.path}, {"what", problem.what()}});
            close(Ending::failed);
        }
        if (_state != State::webSocket || _paused) return;
    }
    _opening = false;
}

void SocketConnection::processWebSocket(std::span<char>& input, std::size_t& share) {
    const auto& limits = _endpoint->limits;
    while (_state == State::webSocket && share > 0 && mayRead()) {
        const auto item = _decoder.next(input, limits);
        if (!item) return;
        // By its size too: inflated, a hundred bytes may be many times that.
        share -= std::min(share, 1 + item->payload.size() / bytesOfAFrame);
        handleItem(*item);
    }
}

/// Drops what comes, until the peer's close frame ends it, or something that is not worth reading.
void SocketConnection::heedFarewell(std::span<char> input) {
    using Kind = WebSocketDecoder::Kind;
    while (const auto item = _decoder.next(input, _endpoint->limits)) {
        if (item->kind == Kind::close) {
            _peerClosed = true;
            _farewell = 0; // behind it nothing may come
            _reactor.markDirty(*this);
            return;
        }
        const auto cost = 1 + item->payload.size() / bytesOfAFrame;
        const bool isEnough = item->kind == Kind::violation || cost >= _farewell;
        _farewell = isEnough ? 0 : static_cast<std::uint16_t>(_farewell - cost);
        if (isEnough) break;
    }
    if (_farewell == 0 && _lingers) ::shutdown(_descriptor.get(), SHUT_WR);
}

void SocketConnection::handleItem(const WebSocketDecoder::Item& item) {
    using Kind = WebSocketDecoder::Kind;
    switch (item.kind) {
    case Kind::text:
    case Kind::binary:
        handleMessage(item.payload, item.kind == Kind::binary);
        return;
    case Kind::ping:
        if (withinRate()) enqueue(SharedFrame::encoded(encodePong(item.payload)));
        return;
    case Kind::pong:
        withinRate(); // it is ignored, but not for ever
        return;
    case Kind::close:
        // 1005 means that the peer gave none: the echo has none either (RFC 6455, 5.5.1).
        _outbox.push(
            SharedFrame::encoded(encodeClose(item.closeCode == 1005 ? 0 : item.closeCode, {})));
        _peerClosed = true;
        leaveWebSocket(Ending::normal);
        beginClosing();
        return;
    case Kind::violation:
        close(item.ending);
        return;
    }
}

bool SocketConnection::withinRate(std::size_t size) {
    const auto rate = _endpoint->route.rate;
    if (rate == 0) return true;
    const auto full = std::uint64_t{rate} * 2000;
    const auto refilled = _tokens + (_reactor.now() - _tokensAt) * rate;
    _tokensAt = _reactor.now();
    if (refilled >= full) _refused = 0;
    _tokens = static_cast<std::uint32_t>(std::min(refilled, full));
    const auto frames = static_cast<std::uint32_t>(1 + size / bytesForAFrame);
    // What counts for more than there can ever be passes when the budget is whole.
    const auto price = static_cast<std::uint32_t>(std::min(full, std::uint64_t{frames} * 1000));
    _over = _tokens < price;
    if (!_over) {
        _tokens -= price;
        return true;
    }
    _refused += static_cast<std::uint32_t>(1 + size / bytesForARefusal);
    _tired = frames > 1;
    if (_refused > rate * patience) close(Ending::misuse);
    return false;
}

void SocketConnection::handleMessage(std::string_view message, bool binary) {
    const auto& route = _endpoint->route;
    if (binary ? !route.binary : !route.text) {
        close(binary ? Ending::binary : Ending::text);
    } else if (!route.message) {
        handleText(message);
    } else if (!withinRate()) {
        _reactor.context().frames.limited.add();
        close(Ending::misuse);
    } else {
        _reactor.context().frames.otherReceived.add();
        try {
            route.message(*this, message, binary);
        } catch (const std::exception& problem) {
            _reactor.context().log.error("a WebSocket's handler threw",
                                         {{"path", route.path}, {"what", problem.what()}});
            close(Ending::failed);
        }
    }
}

void SocketConnection::handleText(std::string_view text) {
    auto& echo = _reactor.echo();
    echo.clear();
    auto& reader = _reactor.json();
    const auto body = reader.parseInPlace(text);
    if (body && body->kind() == JsonValue::Kind::object) writeEcho(echo, (*body)["id"]);
    const auto& frames = _reactor.context().frames;
    if (!withinRate(text.size())) {
        frames.limited.add();
        sendError({Code::rateLimited, "too many frames; wait a second", {}, 1}, echo);
        return;
    }
    if (!body || body->kind() != JsonValue::Kind::object) {
        frames.invalid.add();
        sendError(body ? Error{Code::badRequest, "a frame must be a JSON object"} : body.error(),
                  {});
        return;
    }
    const auto type = (*body)["type"].string();
    if (!type) {
        frames.invalid.add();
        sendError({Code::badRequest, "a frame needs a type, a string"}, echo);
        return;
    }
    if (*type == "ping") {
        frames.pings.add();
        auto& out = _reactor.scratch();
        out = R"({"type":"pong")";
        if (!echo.empty()) out += ",\"id\":" + echo;
        out += '}';
        enqueue(SharedFrame::text(out));
        return;
    }
    const auto* const known = frames.find(*type);
    if (!known) {
        frames.unknown.add();
        sendError({Code::badRequest, "there is no frame type \"" + shortened(*type) + '"'}, echo);
        return;
    }
    known->received.add();
    FrameCall call{*this, *body, *type, echo};
    try {
        known->handler(call);
    } catch (const std::exception& problem) {
        _reactor.context().log.error("a frame handler threw",
                                     {{"type", std::string(*type)}, {"what", problem.what()}});
        sendError({Code::internal, "the server failed; its log says why"}, echo);
    }
}

void SocketConnection::subscribe(Topic topic) {
    if (_state != State::webSocket ||
        std::find(_topics.begin(), _topics.end(), topic) != _topics.end()) {
        return;
    }
    _topics.push_back(topic);
    _reactor.subscribe(topic, *this);
}

void SocketConnection::unsubscribe(Topic topic) {
    const auto found = std::find(_topics.begin(), _topics.end(), topic);
    if (found == _topics.end()) return;
    _topics.erase(found);
    _reactor.unsubscribe(topic, *this);
}

void SocketConnection::suspend(std::function<Continuation(Session&)> load) {
    if (_state != State::webSocket) return;
    _paused = true;
    auto& reactor = _reactor;
    const auto posted =
        reactor.context().workers.post([&reactor, id = _id, echo = reactor.echo(),
                                        load = std::move(load), arrived = Arrival::current()] {
            Continuation next;
            Error failure{Code::internal, "the server failed; its log says why"};
            try {
                reactor.context().store.readWith([&](Session& session) { next = load(session); });
            } catch (const Poco::Data::DataException& problem) {
                reactor.context().log.error("the store failed a load",
                                            {{"what", problem.displayText()}});
                failure = {Code::unavailable, "the store cannot be read now; try again later"};
            } catch (const std::exception& problem) {
                reactor.context().log.error("a load threw", {{"what", problem.what()}});
            }
            if (!next) {
                next = [failure, echo](Connection& connection) {
                    static_cast<SocketConnection&>(connection).loadFailed(failure, echo);
                };
            }
            reactor.run([&reactor, id, next = std::move(next), echo, arrived] {
                const Arrival arrival(arrived);
                if (auto* connection = reactor.find(id)) connection->continueWith(next, echo);
            });
        });
    if (!posted) {
        _paused = false;
        loadFailed({Code::unavailable, "too many requests wait; try again later", {}, 1},
                   reactor.echo());
    }
}

void SocketConnection::loadFailed(const Error& error, std::string_view echo) {
    if (_opening) {
        close(Ending::tryLater);
    } else {
        sendError(error, echo);
    }
}

void SocketConnection::continueWith(const Continuation& continuation, std::string_view echo) {
    if (_state != State::webSocket) return;
    _paused = false;
    _reactor.echo() = echo;
    try {
        continuation(*this);
        if (_opening && !_paused && _state == State::webSocket) openNext();
    } catch (const std::exception& problem) {
        _reactor.context().log.error("a continuation threw", {{"what", problem.what()}});
        loadFailed({Code::internal, "the server failed; its log says why"}, echo);
    }
    if (_state == State::webSocket && !_paused && !_opening) resume();
}

} // namespace salon::net
