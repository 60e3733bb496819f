// The second half of a reactor's turn: who is not an open WebSocket, whose deadline is over, and
// who has had his share of an earlier turn.

#include "net/Arrival.h"
#include "net/Reactor.h"
#include "net/SocketConnection.h"

#include <sys/epoll.h>

namespace salon::net {

namespace {

// A turn is short, whatever a crowd of strangers does at once: a talker's message passes through
// two or three of them. So strangers have that much of its time, by a few of each kind at once.
constexpr std::uint64_t strangersTime = 100'000; // nanoseconds
constexpr int strangersAtOnce = 8;
constexpr std::size_t deadlinesAtOnce = 4;

} // namespace

void Reactor::favour(SocketConnection& connection) {
    ::epoll_ctl(_strangers.get(), EPOLL_CTL_DEL, connection.descriptor(), nullptr);
    connection.talks = true;
    watch(connection, connection.watched, true);
}

void Reactor::serveStrangers(bool ready, std::uint64_t arrived) {
    const auto tick = _now / TimerWheel::tickMilliseconds;
    const auto due = [](TimerNode& node) { static_cast<SocketConnection&>(node).onDeadline(); };
    const auto begun = Arrival::now();
    do {
        {
            const Cork cork;
            const Arrival arrival(arrived);
            ready = ready && readStrangers();
            letGoOn();
            _overdue = !_wheel.advance(tick, deadlinesAtOnce, due);
        }
        flushDirty();
        buryDead();
    } while ((ready || _overdue || !_yielding.empty() || someoneIsRested()) &&
             Arrival::now() - begun < strangersTime);
}

bool Reactor::readStrangers() {
    epoll_event events[strangersAtOnce];
    const auto count = ::epoll_wait(_strangers.get(), events, strangersAtOnce, 0);
    for (int i = 0; i < count; ++i) {
        auto* const source = events[i].data.ptr;
        if (source == &_listenerMark) {
            acceptSome();
        } else {
            static_cast<SocketConnection*>(source)->onEvents(events[i].events);
        }
    }
    return count == strangersAtOnce;
}

void Reactor::goOnAfter(ConnectionId id, std::chrono::milliseconds time) {
    _resting.emplace_back(_now + static_cast<std::uint64_t>(time.count()), id);
}

void Reactor::letGoOn() {
    const auto next = [this](auto& queue, ConnectionId id) {
        queue.pop_front();
        if (auto* connection = find(id)) connection->goOn();
    };
    if (!_yielding.empty()) next(_yielding, _yielding.front());
    if (someoneIsRested()) next(_resting, _resting.front().second);
}

} // namespace salon::net
