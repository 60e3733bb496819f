#pragma once

#include "http/HttpAnswer.h"
#include "http/HttpReader.h"
#include "http/Router.h"
#include "net/Admission.h"
#include "net/EndpointTable.h"
#include "net/Fd.h"
#include "net/Outbox.h"
#include "net/RouteMetrics.h"
#include "net/TimerWheel.h"
#include "salon/Frames.h"
#include "salon/Http.h"
#include "websocket/Extensions.h"
#include "websocket/WebSocketCodec.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace salon::net {

class Reactor;

// One accepted connection, from its first byte to its end; it belongs to its reactor's thread.
//
//   http ──upgrade──▶ webSocket ──▶ closing ──▶ gone
//     └────────────────────────────────┘
//
// closing: everything that is left was queued; it is sent, our side is shut, and what still comes
// is read and dropped until the peer has closed too or the deadline passes (so that the last answer
// is not lost to a reset). Where a WebSocket's peer has done nothing wrong our side is shut only
// after its close frame (RFC 6455, 7.1.1): there are clients that forget what they were told when
// they find the connection half closed. While `_paused` nothing is read: an HTTP request is being
// answered, or a load is under way; bytes that came already wait in `_pending`. The same while it
// `_rests`: in one turn of the reactor only so much of what a client sends is handled, so that
// nobody else waits for it, and one that sends more than it may is read on a little later only.
//
// SocketConnection.cpp holds what both protocols share, HttpSide.cpp, WebSocketSide.cpp and
// WebSocketOut.cpp the rest.

class SocketConnection final : public Connection, public TimerNode {
public:
    enum class State : std::uint8_t { http, webSocket, closing, gone };

    SocketConnection(Reactor& reactor, Fd descriptor, ConnectionId id, const PeerAddress& peer);
    ~SocketConnection() override;

    // ---- the reactor's calls
    void onEvents(std::uint32_t events);
    void onDeadline();
    /// Sends what is queued; once per turn.
    void flush();
    void enqueue(const SharedFrame& frame);
    void respond(EncodedAnswer answer, bool thenClose);
    /// Reading goes on, if nothing holds it: pending bytes first.
    void resume();
    /// One too many: gets this answer and is ended, without the reset that closing at once would
    /// be.
    void turnAway(SharedFrame answer);
    bool admitted() const { return _admitted; }
    void quiesce();
    /// The daemon stops: ends as soon as what is queued was sent.
    void finish();
    /// Asks for Reactor::roomFor() once the outbox is at most half full; at once if it is so now.
    void wantRoom();
    void continueWith(const Connection::Continuation& continuation, std::string_view echo);
    /// The end of a rest.
    void goOn();

    State state() const { return _state; }
    int descriptor() const { return _descriptor.get(); }
    const PeerAddress& peer() const { return _peer; }
    std::uint32_t slot() const { return static_cast<std::uint32_t>(_id) & 0xffffff; }

    bool dirty = false;        ///< in the reactor's list of those to flush
    bool talks = false;        ///< in the reactor's set of open WebSockets
    std::uint32_t watched = 0; ///< the events that epoll watches now

    // ---- Connection
    ConnectionId id() const override { return _id; }
    const Principal& principal() const override { return _principal; }
    void send(SharedFrame frame) override { enqueue(frame); }
    void sendError(const Error& error, std::string_view echo) override;
    void subscribe(Topic topic) override;
    void unsubscribe(Topic topic) override;
    void close(Ending ending) override;
    void suspend(std::function<Continuation(Session&)> load) override;

private:
    // SocketConnection.cpp
    void readSome();
    bool mayRead() const;
    void process(std::span<char> input);
    void enter(State state);
    void rest(std::span<const char> left);
    void keepPending(std::span<const char> input);
    void updateWatch();
    void arm(std::chrono::milliseconds time);
    void afterFlush(bool all, bool progress);
    void beginClosing();
    void vanish();

    // HttpSide.cpp
    void processHttp(std::span<char>& input, std::size_t& share);
    void armReading(std::chrono::milliseconds time);
    void disarmReading();
    void readHead(std::string_view& input);
    void readBody(std::string_view& input);
    void judgeHead(std::string_view& input);
    void dispatch(Router::Match match, bool thenClose);
    void answerNow(const HttpResponse& response, bool thenClose, const RouteMetrics& route);
    void answerEarly(const HttpResponse& response, const RouteMetrics& route,
                     std::string_view& input);
    std::optional<HttpResponse> overRate() const;

    // WebSocketSide.cpp
    void upgrade(const Endpoint& endpoint, std::string_view& input);
    void becomeWebSocket(const Principal& principal, SharedFrame answer);
    void allowDeflate(const DeflateTerms& terms);
    void loadFailed(const Error& error, std::string_view echo);
    void processWebSocket(std::span<char>& input, std::size_t& share);
    void handleItem(const WebSocketDecoder::Item& item);
    void handleMessage(std::string_view message, bool binary);
    void handleText(std::string_view text);
    /// @param size bytes of a message that counts for its size too
    bool withinRate(std::size_t size = 0);
    void openNext();
    void registerUser();

    void heedFarewell(std::span<char> input);

    // WebSocketOut.cpp
    void push(const SharedFrame& frame);
    SharedFrame compressed(const SharedFrame& frame);
    void heartbeat();
    void leaveWebSocket(Ending ending);
    void unregisterUser();

    Reactor& _reactor;
    const Endpoint* _endpoint; // of a WebSocket; `/ws` before it is one
    const ConnectionId _id;
    Fd _descriptor;
    State _state = State::http;
    bool _counted = false; // in the gauge of its state
    bool _paused = false;  // nothing more may be handled now
    bool _opening = false; // open handlers are under way
    bool _rests = false;   // until the reactor calls goOn()
    bool _over = false;    // the last frame was refused by the rate
    bool _tired = false;   // and was long: what has arrived behind it waits, too
    bool _pinged = false;
    bool _lingers = false;    // all was sent, and the peer's end is waited for
    bool _peerClosed = false; // of a WebSocket: a close frame came
    bool _admitted = true;    // counted by Admission
    bool _eof = false;        // the peer has shut its side
    bool _wantsRoom = false;
    std::uint16_t _farewell = 0; // how much may come before the peer's close frame; 0: no matter
    std::uint8_t _openIndex = 0;
    std::uint8_t _windowBits = 0; // for what is sent compressed; 0: nothing is
    bool _takeover = false;       // what is sent compressed refers to what was sent before
    std::uint32_t _refused = 0;
    std::uint32_t _tokens = 0;   // thousandths of a frame
    std::uint64_t _tokensAt = 0; // reactor's milliseconds
    PeerAddress _peer;
    Principal _principal;
    Outbox _outbox;
    std::shared_ptr<ByteBudget::Share> _share; // of the answer in it
    std::vector<Topic> _topics;
    WebSocketDecoder _decoder;
    std::unique_ptr<Deflater> _deflater; // with takeover, from the first compressed message on
    std::unique_ptr<HttpReader> _http;
    std::unique_ptr<std::string> _pending;
};

} // namespace salon::net
