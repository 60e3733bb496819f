#pragma once

#include "salon/Hub.h"
#include "salon/Json.h"
#include "salon/Principal.h"
#include "salon/Result.h"
#include "salon/Store.h"
#include "salon/Visibility.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace salon {

/// A WebSocket connection as handlers see it, on its reactor's thread; never keep the reference,
/// keep the id. Nothing here waits.
class SALON_API Connection {
public:
    virtual ~Connection() = default;
    virtual ConnectionId id() const = 0;
    virtual const Principal& principal() const = 0;
    virtual void send(SharedFrame frame) = 0;
    /// An `error` frame; `echo` is the `id` of the frame that is refused, as JSON, or empty.
    virtual void sendError(const Error& error, std::string_view echo = {}) = 0;
    virtual void subscribe(Topic topic) = 0;
    virtual void unsubscribe(Topic topic) = 0;
    virtual void close(Ending ending) = 0;

    /// What goes on, on the connection's reactor, after something was loaded.
    using Continuation = std::function<void(Connection&)>;
    /// Pauses the reading of this connection, runs `load` on a worker with a session for reading,
    /// then the continuation that it returned on the reactor, and reads on: order stays, nobody
    /// waits. At most one at a time, from a handler or from a continuation. When the connection is
    /// gone the continuation is dropped. What `load` throws is logged and ends in an `internal`
    /// error frame.
    virtual void suspend(std::function<Continuation(Session&)> load) = 0;
};

/// An `error` frame; `echo` is the `id` of the frame that is refused, as JSON, or empty. Any
/// thread.
SALON_API SharedFrame errorFrame(const Error& error, std::string_view echo);

/// One frame from a client, valid during the handler's call.
struct FrameCall {
    Connection& connection;
    JsonValue body; ///< the whole object
    std::string_view type;
    /// The `id` member as JSON to be echoed (a string or a number as it was written), or empty.
    std::string_view echo;

    void refuse(const Error& error) { connection.sendError(error, echo); }
};

using FrameHandler = std::function<void(FrameCall&)>;

/// The table of the frame types of `/ws`. Filled while plugins start; lookups take no lock.
class SALON_API Frames {
public:
    virtual ~Frames() = default;
    /// @throws std::logic_error when the type has a handler already, naming both plugins
    virtual void on(std::string type, FrameHandler handler) = 0;
    /// Frames that the plugin sends on `/ws` begin with `{"type":"…"`; those of the types named
    /// here are counted by their type (salon-metrics(7)), others as `unknown`. Several plugins may
    /// name one.
    virtual void sends(std::vector<std::string> types) = 0;
    /// Called on the reactor when a connection to `/ws` was accepted, before any of its frames are
    /// read. Handlers run in the order of their registration, each after the one before it, what it
    /// suspended included.
    virtual void onOpen(std::function<void(Connection&)> handler) = 0;
    /// Called on the reactor after such a connection ended.
    virtual void onClose(std::function<void(ConnectionId, const Principal&)> handler) = 0;
};

} // namespace salon
