#include "net/Reactor.h"

#include "host/ThreadTurns.h"
#include "net/SocketConnection.h"

#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace salon::net {

namespace {

constexpr int talkersPerTurn = 256;

constexpr std::size_t maxSlots = std::size_t{1} << 24;

constexpr std::uint64_t nanosecondsEach = 1'000'000; // of a millisecond

// What epoll hands back for the eventfd, and for the set of the strangers.
char wakeUpMark;
char strangersMark;

thread_local const Reactor* current = nullptr;

} // namespace

Reactor::Reactor(Context& context, unsigned index)
    : _context(context), _index(index), _epoll(::epoll_create1(EPOLL_CLOEXEC)),
      _strangers(::epoll_create1(EPOLL_CLOEXEC)), _wakeUp(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      _buffer(new char[readSize + JsonReader::padding]()), _now(Arrival::now() / nanosecondsEach) {
    const auto listens = [this](const Fd& descriptor, char& mark) {
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.ptr = &mark;
        return descriptor &&
               ::epoll_ctl(_epoll.get(), EPOLL_CTL_ADD, descriptor.get(), &event) == 0;
    };
    if (!_epoll || !listens(_wakeUp, wakeUpMark) || !listens(_strangers, strangersMark)) {
        throw std::system_error(errno, std::generic_category(), "cannot make an epoll set");
    }
    _wheel.advance(_now / TimerWheel::tickMilliseconds, 0, [](TimerNode&) {});
}

Reactor::~Reactor() {
    abort();
    join();
}

void Reactor::start() {
    _thread = std::thread([this] { loop(); });
    const auto& options = _context.options;
    const auto name = options.chat ? "reactor-" + std::to_string(_index) : options.name;
    ::pthread_setname_np(_thread.native_handle(), name.c_str());
}

void Reactor::join() {
    if (_thread.joinable()) _thread.join();
}

void Reactor::abort() {
    _abort = true;
    run([] {});
}

// ---- any thread

void Reactor::post(Item item) {
    bool signalled = false;
    {
        const std::lock_guard lock(_inboxLock);
        signalled = _signalled;
        _inbox.push_back(std::move(item));
    }
    // Its own thread looks into the inbox before it sleeps. Whoever posts under a cork may be long
    // in pulling it: until the wake-up is really written, everybody else writes it.
    if (!signalled && current != this) wakeSoon();
}

void Reactor::wake() {
    {
        const std::lock_guard lock(_inboxLock);
        if (_signalled) return;
        _signalled = true;
    }
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(_wakeUp.get(), &one, sizeof one);
}

void Reactor::publish(Topic topic, SharedFrame frame, ConnectionId except) {
    Item item;
    item.kind = Item::Kind::publish;
    item.topic = topic;
    item.connection = except;
    item.frame = std::move(frame);
    // What a reactor passes on by itself was not stored and has taken no way worth measuring.
    if (!current) item.arrived = Arrival::current();
    post(std::move(item));
}

void Reactor::send(ConnectionId connection, SharedFrame frame) {
    Item item;
    item.kind = Item::Kind::send;
    item.connection = connection;
    item.frame = std::move(frame);
    post(std::move(item));
}

void Reactor::close(ConnectionId connection, Ending ending) {
    Item item;
    item.kind = Item::Kind::close;
    item.connection = connection;
    item.ending = ending;
    post(std::move(item));
}

void Reactor::closeSession(Principal principal, Ending ending) {
    run([this, principal, ending] {
        // Rare, and right for connections too that have not subscribed to anything yet.
        for (const auto& connection : _slots) {
            if (connection && connection->principal().user == principal.user &&
                (principal.session == 0 || connection->principal().session == principal.session)) {
                connection->close(ending);
            }
        }
    });
}

void Reactor::respond(ConnectionId connection, EncodedAnswer answer, bool thenClose) {
    run([this, connection, answer = std::move(answer), thenClose]() mutable {
        auto* const found = find(connection);
        if (!found) return;
        found->respond(std::move(answer), thenClose);
        found->resume();
    });
}

void Reactor::run(std::function<void()> task) {
    Item item;
    item.task = std::make_unique<std::function<void()>>(std::move(task));
    post(std::move(item));
}

void Reactor::adopt(Fd descriptor, const PeerAddress& peer) {
    _load.fetch_add(1, std::memory_order_relaxed);
    // std::function wants something that can be copied.
    auto shared = std::make_shared<Fd>(std::move(descriptor));
    run([this, shared, peer] { open(std::move(*shared), peer); });
}

void Reactor::quiesce() {
    run([this] {
        _quiet = true;
        if (_listener >= 0) ::epoll_ctl(_strangers.get(), EPOLL_CTL_DEL, _listener, nullptr);
        _listener = -1;
        for (const auto& connection : _slots) {
            if (connection) connection->quiesce();
        }
    });
}

void Reactor::finish() {
    run([this] { beginFinish(); });
}

// ---- its own thread

void Reactor::beginFinish() {
    _finishing = true;
    // By index: an ending may come with a burial, never with a new connection.
    for (std::size_t i = 0; i < _slots.size(); ++i) {
        if (_slots[i]) _slots[i]->finish();
    }
}

void Reactor::loop() {
    current = this;
    ThreadTurns::soon();
    while (turn()) {
    }
    current = nullptr;
}

bool Reactor::turn() {
    epoll_event events[talkersPerTurn];
    const auto count = ::epoll_wait(_epoll.get(), events, talkersPerTurn, waitTime());
    const auto arrived = Arrival::now();
    _now = arrived / nanosecondsEach;
    bool strangers = false;
    {
        // Lanes and other reactors are woken once, for everything that these gave them.
        const Cork cork;
        const Arrival arrival(arrived);
        for (int i = 0; i < count; ++i) {
            auto* const source = events[i].data.ptr;
            if (source == &wakeUpMark) {
                std::uint64_t ignored = 0;
                [[maybe_unused]] const auto got = ::read(_wakeUp.get(), &ignored, sizeof ignored);
            } else if (source == &strangersMark) {
                strangers = true;
            } else {
                static_cast<SocketConnection*>(source)->onEvents(events[i].events);
            }
        }
        takeInbox();
    }
    flushDirty();
    observeDeliveries();
    buryDead();
    serveStrangers(strangers, arrived);
    listenAgain();
    if (_abort) return false;
    return !_finishing || _load.load(std::memory_order_relaxed) > 0;
}

int Reactor::waitTime() const {
    {
        auto& self = const_cast<Reactor&>(*this);
        const std::lock_guard lock(self._inboxLock);
        if (!_inbox.empty()) return 0;
    }
    if (_overdue || !_dirty.empty() || !_yielding.empty() || someoneIsRested()) return 0;
    const bool idle = _wheel.empty() && _listenAt == 0 && _resting.empty();
    return idle ? -1 : static_cast<int>(TimerWheel::tickMilliseconds);
}

void Reactor::takeInbox() {
    {
        const std::lock_guard lock(_inboxLock);
        _taken.swap(_inbox);
        _signalled = false;
    }
    for (auto& item : _taken) handle(item);
    _taken.clear();
    if (_taken.capacity() > 65536) _taken.shrink_to_fit();
}

void Reactor::handle(Item& item) {
    switch (item.kind) {
    case Item::Kind::publish:
        deliver(item);
        return;
    case Item::Kind::send:
        if (auto* connection = find(item.connection)) connection->enqueue(item.frame);
        return;
    case Item::Kind::close:
        if (auto* connection = find(item.connection)) connection->close(item.ending);
        return;
    case Item::Kind::run:
        try {
            (*item.task)();
        } catch (const std::exception& problem) {
            _context.log.error("a task on a reactor threw", {{"what", problem.what()}});
        }
        return;
    }
}

void Reactor::deliver(const Item& item) {
    const auto found = _subscribers.find(item.topic.handle);
    if (found == _subscribers.end()) return;
    auto* const first = found->second.front();
    const bool alone = found->second.size() == 1;
    if (alone && first->id() == item.connection) return;
    if (item.arrived != 0) _deliveries.push_back(item.arrived);
    // A full outbox ends its connection, which leaves the list: walk a copy when there are several.
    if (alone) {
        first->enqueue(item.frame);
        return;
    }
    _recipients = found->second;
    for (auto* connection : _recipients) {
        if (connection->id() != item.connection) connection->enqueue(item.frame);
    }
}

SocketConnection* Reactor::find(ConnectionId id) {
    const auto slot = static_cast<std::size_t>(static_cast<std::uint64_t>(id) & 0xffffff);
    if (slot >= _slots.size() || !_slots[slot] || _slots[slot]->id() != id) return nullptr;
    return _slots[slot]->state() == SocketConnection::State::gone ? nullptr : _slots[slot].get();
}

void Reactor::open(Fd descriptor, const PeerAddress& peer) {
    if (make(std::move(descriptor), peer)) return;
    _load.fetch_sub(1, std::memory_order_relaxed);
    _context.admission.leave(peer);
}

SocketConnection* Reactor::make(Fd descriptor, const PeerAddress& peer) {
    if (_quiet || (_freeSlots.empty() && _slots.size() >= maxSlots)) return nullptr;
    if (_freeSlots.empty()) {
        _freeSlots.push_back(static_cast<std::uint32_t>(_slots.size()));
        _slots.emplace_back();
    }
    const auto slot = _freeSlots.back();
    _freeSlots.pop_back();
    const auto id =
        ConnectionId{std::uint64_t{_index + 1} << 56 | std::uint64_t{++_generation} << 24 | slot};
    _slots[slot] = std::make_unique<SocketConnection>(*this, std::move(descriptor), id, peer);
    try {
        watch(*_slots[slot], EPOLLIN, true);
    } catch (const std::system_error& problem) {
        _context.log.error("a connection could not be watched", {{"what", problem.what()}});
        _slots[slot].reset();
        _freeSlots.push_back(slot);
        return nullptr;
    }
    return _slots[slot].get();
}

void Reactor::watch(SocketConnection& connection, std::uint32_t events, bool fresh) {
    epoll_event event{};
    event.events = events;
    event.data.ptr = &connection;
    const auto& set = connection.talks ? _epoll : _strangers;
    if (::epoll_ctl(set.get(), fresh ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, connection.descriptor(),
                    &event) != 0) {
        throw std::system_error(errno, std::generic_category(), "epoll_ctl");
    }
    connection.watched = events;
}

void Reactor::subscribe(Topic topic, SocketConnection& connection) {
    auto& list = _subscribers[topic.handle];
    if (list.empty()) {
        list.reserve(1);
        _context.topics.add(topic, _index);
    }
    list.push_back(&connection);
}

void Reactor::unsubscribe(Topic topic, SocketConnection& connection) {
    const auto found = _subscribers.find(topic.handle);
    if (found == _subscribers.end()) return;
    auto& list = found->second;
    const auto place = std::find(list.begin(), list.end(), &connection);
    if (place == list.end()) return;
    *place = list.back();
    list.pop_back();
    if (list.empty()) {
        _subscribers.erase(found);
        _context.topics.remove(topic, _index);
    }
}

void Reactor::markDirty(SocketConnection& connection) {
    if (connection.dirty) return;
    connection.dirty = true;
    _dirty.push_back(&connection);
}

void Reactor::flushDirty() {
    // By index: a flush may let a connection read on, which may make others dirty.
    for (std::size_t i = 0; i < _dirty.size(); ++i) {
        auto& connection = *_dirty[i];
        connection.dirty = false;
        connection.flush();
    }
    _dirty.clear();
}

void Reactor::observeDeliveries() {
    if (_deliveries.empty()) return;
    const auto now = Arrival::now();
    for (const auto arrived : _deliveries) _context.metrics.delivery.observe(now - arrived);
    _deliveries.clear();
}

void Reactor::bury(SocketConnection& connection) {
    _dead.push_back(&connection);
}

void Reactor::buryDead() {
    for (auto* connection : _dead) {
        const auto slot = connection->slot();
        if (connection->admitted()) {
            _context.admission.leave(connection->peer());
        } else {
            --_turnedAway;
        }
        _load.fetch_sub(1, std::memory_order_relaxed);
        // Closing is not enough (epoll(7)): a child between fork and exec has the socket too, and
        // epoll would go on speaking of a connection that is no more.
        const auto& set = connection->talks ? _epoll : _strangers;
        ::epoll_ctl(set.get(), EPOLL_CTL_DEL, connection->descriptor(), nullptr);
        _slots[slot].reset();
        _freeSlots.push_back(slot);
    }
    _dead.clear();
}

void Reactor::whenRoom(ConnectionId id, std::function<void()> fn) {
    auto* const connection = find(id);
    if (!connection || connection->state() != SocketConnection::State::webSocket) return;
    _rooms[id].push_back(std::move(fn));
    connection->wantRoom();
}

void Reactor::roomFor(ConnectionId id) {
    const auto found = _rooms.find(id);
    if (found == _rooms.end()) return;
    const auto waiting = std::move(found->second);
    _rooms.erase(found);
    for (const auto& fn : waiting) {
        try {
            fn();
        } catch (const std::exception& problem) {
            _context.log.error("what waited for room in an outbox threw",
                               {{"what", problem.what()}});
        }
    }
}

} // namespace salon::net
