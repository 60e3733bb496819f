#pragma once

#include "Http.h"
#include "Json.h"

#include <Poco/Net/WebSocket.h>

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>

namespace salon::wire {

class Daemon;

/// How somebody asks for a WebSocket.
struct Handshake {
    enum class Way { header, subprotocol, query, none };
    Way way = Way::header; ///< where the access token travels
    std::string origin = {};
    Headers headers = {}; ///< replace what would be sent otherwise
};

/// What came on a WebSocket.
struct Incoming {
    int opcode = 0; ///< 0 when the connection ended without a close frame
    std::string payload = {};
    bool compressed = false; ///< RSV1 was set (RFC 7692, 6)

    /// The code of a close frame; 1005 when it bears none, 1006 when there was none (RFC
    /// 6455, 7.1.5).
    int closeCode() const;
};

/// Whether it is a `presence` frame that answers nothing: such a frame may come at any moment.
bool isNews(const Json& frame);

/// Somebody with an account and one WebSocket connection, as a dialogue's story tells it:
///
///     auto alice = salon.person("alice");
///     auto bob = salon.person("bob");
///     alice.connect();
///     bob.connect();
///     alice.send(bob, "salut");
///     CPPUNIT_ASSERT_EQUAL(std::string("salut"), bob.sees("dm").text("content"));
///     bob.seesNothing();
///
/// Frames that were read while another one was awaited are kept, in order, for what is asked next,
/// so nothing is lost and seesNothing() means it. What does not come within test::patience fails
/// the test.
class Person {
public:
    /// Registers, or logs in if the name is taken.
    Person(Daemon& daemon, const std::string& name);
    ~Person();
    Person(Person&&) = default;

    const std::string& name() const { return _name; }
    std::int64_t id() const { return _id; }
    std::int64_t session() const { return _session; } ///< of `welcome`
    const std::string& token() const { return _token; }
    /// Tries another one at the next connect() or call.
    void setToken(std::string token) { _token = std::move(token); }
    Http http() const;
    /// The same person and session on a connection of its own, not yet connected.
    Person elsewhere() const;

    /// Opens the WebSocket and reads `welcome`, which must be first. Again: on a new connection.
    /// @returns the `welcome`
    Json connect(const Handshake& handshake = {});
    /// Asks for a WebSocket and gives it up: the daemon's answer, 101 or a refusal.
    Reply knock(const Handshake& handshake = {}) const;
    /// The subprotocol that was agreed upon; empty for none.
    const std::string& subprotocol() const { return _subprotocol; }
    /// Drops the connection without a close frame.
    void vanish();
    /// Closes with this code and waits for the answer. @returns the code of the daemon's close
    /// frame
    int close(int code = 1000);

    /// Sends a frame as it is.
    void frame(std::string_view payload, int flags = Poco::Net::WebSocket::FRAME_TEXT);
    /// Sends `{members,"id":…}` with a new id, and waits for the frame that echoes the id.
    Json ask(const std::string& members);
    /// Sends a direct message and waits for its `ack`. @param id of the message; empty: a new one
    Json send(const Person& to, const std::string& content, std::string id = {});

    /// From now on news of others' presence are seen; most stories are about something else.
    void heedPresence() { _heedsPresence = true; }

    /// The very next frame.
    Json next();
    /// The next frame of this type. An `error` that was not asked for fails the test.
    Json sees(const std::string& type);
    /// The next frame is an `error` with this code.
    Json isRefused(const std::string& code);
    /// Nothing is left to be seen: a ping is answered before anything else comes.
    void seesNothing();
    /// Waits for the end; frames before it are kept. @returns as Incoming::closeCode()
    int closedWith();

    /// Whether something comes on the socket within this time, its end included.
    bool hears(std::chrono::milliseconds within);
    /// What comes next on the socket, whatever it is; pings are not answered.
    Incoming incoming();

    static std::string newId();

private:
    Person(Daemon& daemon, std::string name, std::int64_t id, std::string token);
    /// The next frame from the socket, pings answered; the test fails at the connection's end.
    Json receive();
    /// The first kept or coming frame for which `wanted` is true; the others are kept.
    template <class Wanted> Json await(const std::string& what, Wanted wanted);

    Daemon* _daemon;
    std::string _name;
    std::int64_t _id = 0;
    std::int64_t _session = 0;
    std::string _token;
    std::string _subprotocol;
    std::unique_ptr<Poco::Net::WebSocket> _socket;
    std::deque<Json> _seen;
    bool _heedsPresence = false;
};

} // namespace salon::wire
