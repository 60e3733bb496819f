#include "net/SocketConnection.h"

#include "http/HttpAnswer.h"
#include "net/Reactor.h"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <cerrno>
#include <exception>
#include <utility>

namespace salon::net {

namespace {
/// What of one client is handled in one turn, in frames.
constexpr std::size_t sharePerTurn = 64;
/// Bytes of HTTP answers that may wait when the next request is read.
constexpr std::size_t answersAtOnce = 16384;
/// How long a client that sends more than it may is not read.
constexpr std::chrono::milliseconds restTime{100};
/// How long the peer may take to close after our side was shut.
constexpr std::chrono::milliseconds lingerTime{2000};
/// The same while the daemon stops.
constexpr std::chrono::milliseconds farewellTime{500};
} // namespace

SocketConnection::SocketConnection(Reactor& reactor, Fd descriptor, ConnectionId id,
                                   const PeerAddress& peer)
    : _reactor(reactor), _endpoint(&reactor.context().endpoints.own()), _id(id),
      _descriptor(std::move(descriptor)), _peer(peer) {
    enter(State::http);
    arm(_reactor.context().options.headTimeout);
}

SocketConnection::~SocketConnection() {
    enter(State::gone);
    _reactor.wheel().disarm(*this);
}

void SocketConnection::enter(State state) {
    const auto& counts = _reactor.context().metrics.connections;
    if (_counted) counts[static_cast<std::size_t>(_state)].add(-1);
    _state = state;
    _counted = state != State::gone;
    if (_counted) counts[static_cast<std::size_t>(_state)].add(1);
}

void SocketConnection::onEvents(std::uint32_t events) {
    if (_state == State::gone) return;
    if (events & EPOLLERR || (events & EPOLLHUP && !(events & EPOLLIN))) {
        vanish();
        return;
    }
    if (events & EPOLLOUT) _reactor.markDirty(*this);
    if (events & EPOLLIN) readSome();
}

void SocketConnection::readSome() {
    const bool closing = _state == State::closing;
    if (!closing && (_paused || _opening || _rests || _pending || _reactor.quiet())) {
        updateWatch(); // level-triggered: it would come again and again
        return;
    }
    const auto buffer = _reactor.buffer();
    const auto got = ::recv(_descriptor.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (got < 0) {
        if (errno != EAGAIN && errno != EINTR) vanish();
        return;
    }
    if (got == 0) {
        _eof = true;
        if (_state == State::webSocket || _outbox.empty()) {
            vanish();
        } else {
            updateWatch();
        }
        return;
    }
    _reactor.context().metrics.receivedBytes.add(static_cast<std::uint64_t>(got));
    if (closing && _farewell == 0) return;
    if (_state == State::webSocket) {
        _pinged = false;
        arm(_reactor.context().options.heartbeat);
    }
    process(buffer.first(static_cast<std::size_t>(got)));
}

void SocketConnection::process(std::span<char> input) {
    std::size_t share = sharePerTurn;
    try {
        if (_state == State::closing) heedFarewell(input);
        while (!input.empty() && share > 0 && mayRead()) {
            if (_state == State::http) {
                processHttp(input, share);
            } else {
                processWebSocket(input, share);
            }
        }
        if (share == 0 || _over) rest(input);
    } catch (const std::exception& problem) {
        // The wall around one connection: whatever broke, the others live.
        _reactor.context().log.error("a connection was ended by an exception",
                                     {{"what", problem.what()}, {"peer", _peer.text()}});
        vanish();
        return;
    }
    if (!input.empty() && (_state == State::http || _state == State::webSocket)) keepPending(input);
}

void SocketConnection::rest(std::span<const char> left) {
    if (_state != State::http && _state != State::webSocket) return;
    if (!left.empty() && !_tired) {
        _rests = true;
        _reactor.goOnSoon(_id);
    } else if (std::exchange(_over, false)) {
        _tired = false;
        _rests = true;
        _reactor.goOnAfter(_id, restTime);
        updateWatch();
    }
}

void SocketConnection::goOn() {
    _rests = false;
    resume();
}

bool SocketConnection::mayRead() const {
    if (_paused || _opening || _rests || _tired) return false;
    if (_state != State::http && _state != State::webSocket) return false;
    // What a client asks for must not pile up: it is read on when it has taken its answers. Of
    // small ones, such as pipelined requests have, a few may wait together.
    const auto most = _state == State::http ? answersAtOnce : _endpoint->route.outbox / 2;
    return _outbox.bytes() <= most;
}

void SocketConnection::keepPending(std::span<const char> input) {
    _pending = std::make_unique<std::string>(input.data(), input.size());
}

void SocketConnection::resume() {
    while (_pending && mayRead() && !_reactor.quiet()) {
        const auto pending = std::move(_pending);
        const auto buffer = _reactor.buffer();
        std::copy(pending->begin(), pending->end(), buffer.begin());
        process(buffer.first(pending->size()));
    }
    updateWatch();
}

void SocketConnection::updateWatch() {
    if (_state == State::gone) return;
    std::uint32_t events = 0;
    const bool reads = _state == State::closing || (mayRead() && !_pending && !_reactor.quiet());
    if (reads && !_eof) events |= EPOLLIN;
    if (!_outbox.empty()) events |= EPOLLOUT;
    if (events != watched) _reactor.watch(*this, events, false);
}

void SocketConnection::arm(std::chrono::milliseconds time) {
    const auto due = _reactor.now() + static_cast<std::uint64_t>(time.count());
    _reactor.wheel().arm(*this,
                         (due + TimerWheel::tickMilliseconds - 1) / TimerWheel::tickMilliseconds);
}

void SocketConnection::flush() {
    if (_state == State::gone) return;
    const auto before = _outbox.bytes();
    const auto sent = _outbox.flush(_descriptor.get());
    if (before > 0) _reactor.context().metrics.sentBytes.add(before - _outbox.bytes());
    if (sent == Outbox::Sent::failed) {
        vanish();
        return;
    }
    afterFlush(sent == Outbox::Sent::all, _outbox.bytes() < before);
    if (_state == State::gone) return;
    if (_pending) resume();
    const bool waits = (watched & EPOLLOUT) != 0;
    const bool reads = (watched & EPOLLIN) != 0;
    // A paused connection is left in the set: mostly it goes on before anything comes.
    if (waits != !_outbox.empty() || (!reads && mayRead())) updateWatch();
}

/// Deadlines and endings that depend on what the socket has taken.
void SocketConnection::afterFlush(bool all, bool progress) {
    const auto& options = _reactor.context().options;
    if (_state == State::webSocket) {
        // A client that takes its frames slowly lives, even while nothing is read from it; and it
        // has time to answer a ping that waited behind them.
        if (progress && (!all || (watched & EPOLLOUT) != 0)) arm(options.heartbeat);
        if (_wantsRoom && _outbox.bytes() <= _endpoint->route.outbox / 2) {
            _wantsRoom = false;
            _reactor.roomFor(_id);
        }
        return;
    }
    if (!all) {
        // While room is short, one that takes it bit by bit has no more time than others.
        if (progress && !(_share && options.answers->tight())) arm(options.writeTimeout);
        return;
    }
    _share.reset();
    if (_state == State::closing) {
        if (_peerClosed || _eof) {
            vanish();
        } else if (!_lingers) {
            _lingers = true;
            if (_farewell == 0) ::shutdown(_descriptor.get(), SHUT_WR);
            arm(_reactor.finishing() ? farewellTime : lingerTime);
        }
        return;
    }
    if (_paused) {
        _reactor.wheel().disarm(*this);
    } else if (_eof) {
        vanish();
    } else if (progress) {
        const bool body = _http && _http->state() == HttpReader::State::body;
        arm(body ? options.bodyTimeout : _http ? options.headTimeout : options.idleTimeout);
    }
}

void SocketConnection::onDeadline() {
    const auto& options = _reactor.context().options;
    switch (_state) {
    case State::http:
        if (_http && _outbox.empty()) {
            const bool body = _http->state() == HttpReader::State::body;
            const auto* sentence = body ? "the request's body took too long; send it faster"
                                        : "the request's head took too long; send it whole";
            answerNow(problemWithStatus(408, {Code::badRequest, sentence}), true,
                      _reactor.context().metrics.unrouted);
        } else if (!_outbox.empty() || !_paused) {
            vanish();
        }
        return;
    case State::webSocket:
        // Silence that is the daemon's own doing is not held against the client.
        if (((_paused || _opening) && _outbox.empty()) || _reactor.quiet()) {
            arm(options.heartbeat);
        } else {
            heartbeat();
        }
        return;
    case State::closing:
    case State::gone:
        vanish();
        return;
    }
}

void SocketConnection::turnAway(SharedFrame answer) {
    _admitted = false;
    _outbox.push(std::move(answer));
    beginClosing();
}

void SocketConnection::quiesce() {
    updateWatch();
}

void SocketConnection::finish() {
    if (_state == State::webSocket) {
        close(Ending::goingAway);
    } else if (_state == State::http) {
        if (!_paused) beginClosing();
    }
}

void SocketConnection::beginClosing() {
    enter(State::closing);
    _paused = false;
    _rests = false;
    _pending.reset();
    _http.reset();
    arm(_outbox.empty() ? lingerTime : _reactor.context().options.writeTimeout);
    _reactor.markDirty(*this);
    updateWatch();
}

void SocketConnection::vanish() {
    if (_state == State::gone) return;
    if (_state == State::webSocket) leaveWebSocket(Ending::lost);
    enter(State::gone);
    _reactor.wheel().disarm(*this);
    _reactor.bury(*this);
}

} // namespace salon::net
