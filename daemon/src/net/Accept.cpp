// The listener's side of a reactor: connections are accepted, counted, refused with an answer when
// there are too many, and handed to the reactor that has the fewest.

#include "http/HttpAnswer.h"
#include "net/Reactor.h"
#include "net/SocketConnection.h"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <system_error>

namespace salon::net {

namespace {

// An accepted connection costs as much as dozens of frames, and who comes can wait longer than who
// is there.
constexpr int acceptsPerTurn = 8;

constexpr int retryAfter = 5; // seconds

/// Milliseconds until the listener is watched again when there are no descriptors for who comes.
constexpr std::uint64_t listenPause = 100;

/// Refused connections that are let go in good order at one time; further ones are cut off.
constexpr std::size_t turnedAwayMost = 256;

SharedFrame refusal(Code code, const char* message) {
    return encodeAnswer(HttpResponse::problem({code, message, {}, retryAfter}), {.thenClose = true})
        .own;
}

SharedFrame serverFull() {
    return refusal(Code::unavailable, "the server has no room for another connection");
}

} // namespace

void Reactor::listenOn(int descriptor) {
    _listener = descriptor;
    if (!_spare) _spare = Fd(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = &_listenerMark;
    if (::epoll_ctl(_strangers.get(), EPOLL_CTL_ADD, descriptor, &event) != 0) {
        throw std::system_error(errno, std::generic_category(), "epoll_ctl");
    }
}

void Reactor::listenAgain() {
    if (_listenAt == 0 || _now < _listenAt || _listener < 0) return;
    try {
        listenOn(_listener);
        _listenAt = 0;
    } catch (const std::system_error&) {
        _listenAt = _now + listenPause; // epoll has no room now either
    }
}

void Reactor::acceptSome() {
    for (int i = 0; i < acceptsPerTurn && _listener >= 0 && _listenAt == 0; ++i) {
        sockaddr_storage address{};
        socklen_t length = sizeof address;
        const auto descriptor = ::accept4(_listener, reinterpret_cast<sockaddr*>(&address), &length,
                                          SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (descriptor >= 0) {
            acceptOne(descriptor, PeerAddress::from(address));
        } else if (errno == EMFILE || errno == ENFILE) {
            outOfDescriptors();
        } else if (errno != EINTR && errno != ECONNABORTED) {
            return;
        }
    }
}

void Reactor::acceptOne(int descriptor, const PeerAddress& peer) {
    Fd owned(descriptor);
    switch (_context.admission.admit(peer)) {
    case Admission::Verdict::full:
        _context.metrics.serverFull.add();
        turnAway(std::move(owned), peer, serverFull());
        return;
    case Admission::Verdict::addressFull:
        _context.metrics.addressFull.add();
        turnAway(std::move(owned), peer,
                 refusal(Code::rateLimited, "this address has too many connections"));
        return;
    case Admission::Verdict::admitted:
        _context.metrics.accepted.add();
        break;
    }
    auto* least = this;
    for (const auto& reactor : _context.reactors) {
        if (reactor->load() < least->load()) least = reactor.get();
    }
    if (least == this) {
        _load.fetch_add(1, std::memory_order_relaxed);
        open(std::move(owned), peer);
    } else {
        least->adopt(std::move(owned), peer);
    }
}

void Reactor::turnAway(Fd descriptor, const PeerAddress& peer, SharedFrame answer) {
    if (_turnedAway >= turnedAwayMost) return;
    _load.fetch_add(1, std::memory_order_relaxed);
    if (auto* connection = make(std::move(descriptor), peer)) {
        ++_turnedAway;
        connection->turnAway(std::move(answer));
    } else {
        _load.fetch_sub(1, std::memory_order_relaxed);
    }
}

void Reactor::outOfDescriptors() {
    // The connection waits in the listener's queue and would wake this loop for ever: the spare
    // descriptor lets it in, to be told and closed.
    _spare.reset();
    Fd descriptor(::accept4(_listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (descriptor) {
        const auto answer = serverFull();
        [[maybe_unused]] const auto sent =
            ::send(descriptor.get(), answer.bytes().data(), answer.bytes().size(),
                   MSG_NOSIGNAL | MSG_DONTWAIT);
    }
    const bool taken = static_cast<bool>(descriptor);
    if (taken) _context.metrics.outOfDescriptors.add();
    descriptor.reset();
    _spare = Fd(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    if (!taken || !_spare) {
        // Another thread was quicker: without a pause the listener would wake this loop for ever.
        ::epoll_ctl(_strangers.get(), EPOLL_CTL_DEL, _listener, nullptr);
        _listenAt = _now + listenPause;
    }
    if (_now >= _complainAt) {
        _context.log.error(
            "out of file descriptors: raise LimitNOFILE, or lower http.max_connections");
        _complainAt = _now + 10'000;
    }
}

} // namespace salon::net
