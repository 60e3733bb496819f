#pragma once

#include "salon/Json.h"
#include "salon/Principal.h"
#include "salon/Result.h"
#include "salon/SharedFrame.h"
#include "salon/Visibility.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace salon {

/// One request, whole: head and body were read and their framing checked (RFC 9112).
class SALON_API HttpRequest {
public:
    virtual ~HttpRequest() = default;
    virtual std::string_view method() const = 0;
    /// The path without the query, percent-decoded.
    virtual std::string_view path() const = 0;
    /// The header's value without white space around it; nullopt when absent. Names without case.
    virtual std::optional<std::string_view> header(std::string_view name) const = 0;
    virtual std::string_view body() const = 0;
    /// The first query parameter of that name, decoded (`+` is a space).
    virtual std::optional<std::string> query(std::string_view name) const = 0;
    /// The segment of the path that `{name}` in the route's pattern stands for.
    virtual std::string_view segment(std::string_view name) const = 0;
    /// The client's address without port, such as `203.0.113.7` or `2001:db8::1`: the peer's, or
    /// what a proxy of `http.trusted_proxies` says in X-Forwarded-For.
    virtual const std::string& address() const = 0;
    /// What the log and the answer's X-Request-Id call this request.
    virtual const std::string& id() const = 0;
    /// Whether the client speaks https, by the word of such a proxy (X-Forwarded-Proto).
    virtual bool secure() const = 0;
    /// Set on routes with Access::bearer.
    virtual const Principal& principal() const = 0;
};

struct HttpResponse {
    int status = 200;
    std::string body = {};
    std::string contentType = "application/json";
    std::vector<std::pair<std::string, std::string>> headers = {};
    /// What follows `body`: bytes that wait once for all clients who are slow to take them, such as
    /// those of a file. Of `body` each has a copy of its own.
    std::vector<SharedFrame> shared = {};

    static HttpResponse json(int status, std::string body) { return {status, std::move(body)}; }
    static HttpResponse noContent() { return {204, {}, {}}; }
    /// application/problem+json (RFC 9457)
    SALON_API static HttpResponse problem(const Error& error);
};

/// The way back to the client. It may be kept and answered later from any thread, once; further
/// answers are ignored. Dropped without an answer, the client gets `internal`. Cheap to copy.
class SALON_API Responder {
public:
    class SALON_API Sink {
    public:
        virtual ~Sink() = default;
        virtual void send(HttpResponse response) = 0;
    };
    explicit Responder(std::shared_ptr<Sink> sink) : _sink(std::move(sink)) {}
    void send(HttpResponse response) const { _sink->send(std::move(response)); }
    void refuse(const Error& error) const { _sink->send(HttpResponse::problem(error)); }

private:
    std::shared_ptr<Sink> _sink;
};

struct WebSocketRoute;

enum class Access {
    open,   ///< anybody
    bearer, ///< an access token in `Authorization: Bearer`; otherwise `unauthorized` before the
            ///< handler
};

/// Handlers run on a worker: they may read the store, and never wait for a lane or a hasher.
using HttpHandler = std::function<void(const HttpRequest&, Responder)>;

class SALON_API Routes {
public:
    virtual ~Routes() = default;
    /// `pattern` is a path whose segments are literal or `{name}`; a literal wins over a name. A
    /// last `{name...}` stands for whatever follows, slashes included, where nothing else is known
    /// at the path; what it does not take is `not_found`. HEAD is answered by GET's handler.
    /// @throws std::logic_error when the method and pattern have a handler already
    virtual void add(std::string method, std::string pattern, Access access,
                     HttpHandler handler) = 0;
    /// The same for a handler that needs no body: it is called when the head is there, body() is
    /// empty, and unless the body has come with the head, the connection ends with the answer.
    virtual void addHeadOnly(std::string method, std::string pattern, Access access,
                             HttpHandler handler) = 0;
    /// A WebSocket of the plugin's own (salon/WebSockets.h).
    /// @throws std::logic_error when the path has one already, naming both plugins
    virtual void addWebSocket(WebSocketRoute route) = 0;
};

/// Parses a body that must be a JSON object with `Content-Type: application/json`. Refuses with
/// `unsupported_media_type` or `bad_request`. The value is valid until the thread's next call.
SALON_API Result<JsonValue> parseBody(const HttpRequest& request);

/// `Bearer` credentials of an Authorization field (RFC 6750, 2.1); empty when there are none.
SALON_API std::string_view bearerToken(std::optional<std::string_view> authorization);

/// Whether what a browser sends by itself (cookies, a WebSocket) may be believed. Programs send no
/// Origin (RFC 6454, 7.3); a browser always does, and then it must be the daemon's own, by the Host
/// field, or one of `listed`, so that another site's page cannot act with what its visitor has
/// here.
SALON_API bool originAllowed(std::optional<std::string_view> origin,
                             std::optional<std::string_view> host,
                             const std::vector<std::string>& listed);

} // namespace salon
