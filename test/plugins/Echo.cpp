#include "Latin1.h"
#include "salon/Plugin.h"
#include "salon/WebSockets.h"

#include <cstdlib>
#include <stdexcept>
#include <string>
#include <utility>

// What comes in goes out again, so that a conformance suite can be pointed at the daemon:
//
//   /echo        every message back as it came, text and binary, with whatever compression the
//                client asks for
//   /echo/small  binary messages of 1 KiB, to those who are logged in, each compressed by itself
//   /echo/later  so many messages of 1 MiB at once as the message says; when there is room again,
//                something that throws, `first` and `second`; `now` to a message without a number
//   /echo/http   method, path and body of a request, as JSON; a byte of the body is the character
//                of that number
//
//   salond --define plugins.load=/path/to/build/release/test/plugins/lib/echo.so

namespace {

using salon::Access;
using salon::Connection;
using salon::SharedFrame;

void echo(Connection& connection, std::string_view message, bool binary) {
    connection.send(binary ? SharedFrame::binary(message) : SharedFrame::text(message));
}

void describe(const salon::HttpRequest& request, const salon::Responder& responder) {
    std::string text;
    salon::JsonWriter json(text);
    json.beginObject();
    json.member("method", request.method());
    json.member("path", request.path());
    json.member("body", salon::test::latin1(request.body()));
    json.endObject();
    responder.send(salon::HttpResponse::json(200, std::move(text)));
}

class Echo final : public salon::Plugin {
public:
    void start(salon::Host& host) override {
        using Compression = salon::WebSocketRoute::Compression;
        constexpr std::size_t largest = std::size_t{16} << 20;
        host.http().addWebSocket({.path = "/echo",
                                  .access = Access::open,
                                  .subprotocol = "echo",
                                  .binary = true,
                                  .maxMessage = largest,
                                  .maxFragments = 65536,
                                  .outbox = 3 * largest, // one may wait while another one comes
                                  .rate = 0,
                                  .compression = Compression::context,
                                  .compressFrom = 0,
                                  .message = echo});
        host.http().addWebSocket({.path = "/echo/small",
                                  .text = false,
                                  .binary = true,
                                  .maxMessage = 1024,
                                  .maxFragments = 4,
                                  .rate = 10,
                                  .compression = Compression::alone,
                                  .compressFrom = 64,
                                  .open = greet,
                                  .message = echo});
        host.http().addWebSocket(
            {.path = "/echo/later",
             .access = Access::open,
             .outbox = std::size_t{64} << 20,
             .message = [&hub = host.hub()](Connection& connection, std::string_view message,
                                            bool) { later(hub, connection, message); }});
        for (const auto* method : {"GET", "POST", "PUT", "PATCH", "DELETE"}) {
            host.http().add(method, "/echo/http", Access::open, describe);
        }
    }

private:
    static void later(salon::Hub& hub, Connection& connection, std::string_view message) {
        const int count = std::atoi(std::string(message).c_str());
        if (count == 0) return connection.send(SharedFrame::text("now"));
        const std::string large(std::size_t{1} << 20, 'x');
        for (int i = 0; i < count; ++i) connection.send(SharedFrame::text(large));
        const auto id = connection.id();
        hub.whenRoom(id, [] { throw std::runtime_error("no room for that"); });
        for (const auto* text : {"first", "second"}) {
            hub.whenRoom(id, [&hub, id, text] { hub.send(id, SharedFrame::text(text)); });
        }
    }

    static void greet(Connection& connection) {
        connection.send(SharedFrame::binary(std::to_string(connection.principal().user)));
    }
};

} // namespace

SALON_PLUGIN(Echo)
const salon::Migration SALON_PLUGIN_SCHEMA[] = {{0, nullptr, nullptr, nullptr}};
