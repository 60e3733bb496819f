#pragma once

#include "http/HttpAnswer.h"
#include "net/Arrival.h"
#include "net/Context.h"
#include "net/Corked.h"
#include "net/Fd.h"
#include "net/TimerWheel.h"
#include "salon/Hub.h"
#include "salon/Json.h"
#include "websocket/Deflate.h"

#include <atomic>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

namespace salon::net {

class SocketConnection;

// A reactor is one thread with an epoll set and the connections that belong to it. Nothing else
// touches them: other threads post items to its inbox.
//
// A turn of its loop has two halves. First come the talkers, who are the open WebSockets, and the
// inbox. Then come the strangers: who is to be accepted, HTTP, and also deadlines and who has had
// his share of an earlier turn; these have a short time together, and what is left waits for the
// next turn. Strangers have an epoll set of their own, watched by the one of the talkers, who so
// wait for no queue of them. Each half ends with one writev for every connection that has something
// to send, and with the burial of the connections that ended: nothing is destroyed while something
// of it is on the stack.

class Reactor final : public Corked {
public:
    Reactor(Context& context, unsigned index);
    ~Reactor() override;

    // ---- any thread
    void publish(Topic topic, SharedFrame frame, ConnectionId except);
    void send(ConnectionId connection, SharedFrame frame);
    void close(ConnectionId connection, Ending ending);
    /// Of one session, or of all of the user's when that is 0.
    void closeSession(Principal principal, Ending ending);
    /// Gives the connection its HTTP answer; then it reads on.
    void respond(ConnectionId connection, EncodedAnswer answer, bool thenClose);
    void run(std::function<void()> task);
    /// Takes over a connection that was accepted and admitted.
    void adopt(Fd descriptor, const PeerAddress& peer);
    void wake() override;
    std::size_t load() const { return _load.load(std::memory_order_relaxed); }

    void start();
    /// Listens too; before start().
    void listenOn(int descriptor);
    /// No new connections, no more bytes are read.
    void quiesce();
    /// Ends every connection in order; the thread ends with the last of them.
    void finish();
    /// At once, whatever is left.
    void abort();
    void join();

    // ---- its own thread
    Context& context() { return _context; }
    SocketConnection* find(ConnectionId id);
    bool quiet() const { return _quiet; }
    bool finishing() const { return _finishing; }
    std::uint64_t now() const { return _now; } ///< monotonic milliseconds at the start of this turn
    TimerWheel& wheel() { return _wheel; }
    JsonReader& json() { return _json; }
    /// Scratch for what handlers write.
    std::string& scratch() { return _scratch; }
    std::string& echo() { return _echo; }
    InflaterPool& inflaters() { return _inflaters; }
    FrameCompressor& compressor() { return _compressor; }
    /// Room for one read, with JsonReader::padding behind it.
    std::span<char> buffer() { return {_buffer.get(), readSize}; }
    void watch(SocketConnection& connection, std::uint32_t events, bool fresh);
    /// From now on it is one of the talkers. @throws std::system_error
    void favour(SocketConnection& connection);
    void subscribe(Topic topic, SocketConnection& connection);
    void unsubscribe(Topic topic, SocketConnection& connection);
    void markDirty(SocketConnection& connection);
    void bury(SocketConnection& connection);
    /// Calls the connection's goOn() in one of the next turns.
    void goOnSoon(ConnectionId id) { _yielding.push_back(id); }
    /// The same after some time, which is always as long.
    void goOnAfter(ConnectionId id, std::chrono::milliseconds time);
    void whenRoom(ConnectionId id, std::function<void()> fn);
    void roomFor(ConnectionId id);
    void forgetRoom(ConnectionId id) { _rooms.erase(id); }

private:
    static constexpr std::size_t readSize = 65536;

    struct Item {
        enum class Kind : std::uint8_t { publish, send, close, run };
        Kind kind = Kind::run;
        Ending ending = Ending::none;
        ConnectionId connection = ConnectionId::none; // of publish: the exception
        Topic topic;
        Arrival::Time arrived = 0; // of what a publication tells
        SharedFrame frame;
        std::unique_ptr<std::function<void()>> task;
    };
    void post(Item item);
    void loop();
    bool turn();
    int waitTime() const;
    void serveStrangers(bool ready, std::uint64_t arrived);
    /// @returns whether more of them wait
    bool readStrangers();
    void takeInbox();
    void handle(Item& item);
    void letGoOn();
    bool someoneIsRested() const { return !_resting.empty() && _resting.front().first <= _now; }
    void deliver(const Item& item);
    void flushDirty();
    void observeDeliveries();
    void buryDead();
    void acceptSome();
    void acceptOne(int descriptor, const PeerAddress& peer);
    void outOfDescriptors();
    void listenAgain();
    void turnAway(Fd descriptor, const PeerAddress& peer, SharedFrame answer);
    void open(Fd descriptor, const PeerAddress& peer);
    /// Null when there is no slot or no more are taken.
    SocketConnection* make(Fd descriptor, const PeerAddress& peer);
    void beginFinish();

    Context& _context;
    const unsigned _index;
    Fd _epoll;
    Fd _strangers;
    Fd _wakeUp;
    Fd _spare; // given up for a moment when the process is out of descriptors
    int _listener = -1;
    char _listenerMark = 0; // what epoll hands back for the listener
    std::thread _thread;
    std::atomic<std::size_t> _load = 0;
    std::atomic<bool> _abort = false;

    std::mutex _inboxLock;
    std::vector<Item> _inbox;
    bool _signalled = false; // a wake-up is on its way
    std::vector<Item> _taken;

    std::vector<std::uint32_t> _freeSlots;
    std::uint32_t _generation = 0;
    std::unordered_map<std::uint64_t, std::vector<SocketConnection*>> _subscribers;
    std::unordered_map<ConnectionId, std::vector<std::function<void()>>> _rooms;
    std::deque<ConnectionId> _yielding;
    std::deque<std::pair<std::uint64_t, ConnectionId>> _resting; // with the time of its end
    std::vector<SocketConnection*> _dirty;
    std::vector<SocketConnection*> _dead;
    std::vector<SocketConnection*> _recipients;
    std::vector<Arrival::Time> _deliveries; // what this turn has put into outboxes
    TimerWheel _wheel;
    JsonReader _json;
    std::string _scratch;
    std::string _echo;
    InflaterPool _inflaters;
    FrameCompressor _compressor;
    std::unique_ptr<char[]> _buffer;
    std::uint64_t _now = 0;
    std::uint64_t _complainAt = 0;
    std::uint64_t _listenAt = 0; // when the listener is watched again; 0: it is
    std::size_t _turnedAway = 0;
    bool _overdue = false; // more deadlines have come than were served
    bool _quiet = false;
    bool _finishing = false;

    // The first to go: connections take themselves out of what is above.
    std::vector<std::unique_ptr<SocketConnection>> _slots;
};

} // namespace salon::net
