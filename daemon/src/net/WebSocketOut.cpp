// What a WebSocket connection is sent, compressed if that was agreed upon, and how it ends.

#include "net/Reactor.h"
#include "net/SocketConnection.h"

#include <algorithm>
#include <exception>

namespace salon::net {

namespace {
/// What a client may have sent before it saw that it is to end, in frames.
constexpr std::uint16_t farewellFrames = 1024;
} // namespace

void SocketConnection::enqueue(const SharedFrame& frame) {
    if (_state != State::webSocket) return;
    if (_windowBits > 0 && frame.payload().size() >= _endpoint->route.compressFrom &&
        isMessage(frame)) {
        push(compressed(frame));
    } else {
        push(frame);
    }
    if (_state != State::webSocket) return; // it was one too many
    const auto& frames = _reactor.context().frames;
    if (_endpoint->route.message) {
        frames.otherSent.add();
    } else {
        frames.countSent(frame);
    }
}

void SocketConnection::push(const SharedFrame& frame) {
    // A frame larger than the outbox still passes when it is alone.
    if (!_outbox.empty() && _outbox.bytes() + frame.bytes().size() > _endpoint->route.outbox) {
        close(Ending::tooSlow);
        return;
    }
    _outbox.push(frame);
    _reactor.markDirty(*this);
}

SharedFrame SocketConnection::compressed(const SharedFrame& frame) {
    if (!_takeover) return _reactor.compressor().compress(frame, _windowBits);
    if (!_deflater) _deflater = std::make_unique<Deflater>(_windowBits);
    return compressedFrame(frame, _deflater->message(frame.payload()));
}

void SocketConnection::sendError(const Error& error, std::string_view echo) {
    enqueue(errorFrame(error, echo));
}

void SocketConnection::wantRoom() {
    _wantsRoom = true;
    if (_outbox.bytes() <= _endpoint->route.outbox / 2) {
        _wantsRoom = false;
        _reactor.roomFor(_id);
    }
}

void SocketConnection::heartbeat() {
    if (_pinged) {
        close(Ending::noHeartbeat);
        return;
    }
    _pinged = true;
    _outbox.push(SharedFrame::encoded(encodePing({})));
    _reactor.markDirty(*this);
    arm(_reactor.context().options.heartbeat);
}

void SocketConnection::close(Ending ending) {
    if (_state != State::webSocket) return;
    const auto info = describe(ending);
    if (info.code == 0) {
        vanish();
        return;
    }
    if (ending == Ending::tooSlow || ending == Ending::noHeartbeat) _outbox.dropUnsent();
    _outbox.push(SharedFrame::encoded(encodeClose(info.code, info.reason)));
    // Who has broken a rule is not listened to; nor is a frame understood whose beginning waits.
    const bool isBlameless = ending == Ending::goingAway || ending == Ending::sessionEnded ||
                             ending == Ending::replaced || ending == Ending::noHeartbeat;
    if (isBlameless && !_pending) _farewell = farewellFrames;
    leaveWebSocket(ending);
    beginClosing();
}

void SocketConnection::leaveWebSocket(Ending ending) {
    _reactor.context().metrics.ended[static_cast<std::size_t>(ending)].add();
    enter(State::closing); // nothing that is called from here may send
    for (const auto topic : _topics) _reactor.unsubscribe(topic, *this);
    _topics.clear();
    unregisterUser();
    _reactor.forgetRoom(_id);
    _deflater.reset();
    for (const auto& handler : _endpoint->close) {
        try {
            handler(_id, _principal);
        } catch (const std::exception& problem) {
            _reactor.context().log.error("a close handler threw", {{"what", problem.what()}});
        }
    }
}

void SocketConnection::registerUser() {
    auto& context = _reactor.context();
    const auto limit = context.options.maxConnectionsPerUser;
    if (limit == 0 || !_principal) return;
    auto oldest = ConnectionId::none;
    {
        auto users = context.users.lock();
        auto& list = (*users)[_principal.user];
        if (list.size() >= limit) {
            oldest = list.front();
            list.erase(list.begin());
        }
        list.push_back(_id);
    }
    if (oldest != ConnectionId::none) {
        context.reactors[reactorOf(oldest)]->close(oldest, Ending::replaced);
    }
}

void SocketConnection::unregisterUser() {
    auto& context = _reactor.context();
    if (context.options.maxConnectionsPerUser == 0 || !_principal) return;
    auto users = context.users.lock();
    const auto found = users->find(_principal.user);
    if (found == users->end()) return;
    std::erase(found->second, _id);
    if (found->second.empty()) users->erase(found);
}

} // namespace salon::net
