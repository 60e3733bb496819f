// A connection's HTTP half: requests are read one at a time, given to a worker, and answered; then
// the next one, which may be waiting already (pipelining). Rates and routes are looked at as soon
// as a head is whole, so that nobody makes the daemon keep a body that leads nowhere.

#include "http/HttpAnswer.h"
#include "net/Exchange.h"
#include "net/Reactor.h"
#include "net/SocketConnection.h"
#include "websocket/Handshake.h"

#include <Poco/Data/DataException.h>

#include <algorithm>
#include <atomic>
#include <exception>

namespace salon::net {

namespace {

/// Of a request that is answered on the reactor, in WebSocket frames.
constexpr std::size_t requestCost = 8;

class Request final : public HttpRequest {
public:
    Request(std::unique_ptr<HttpReader> reader, Router::Match match,
            std::shared_ptr<Exchange> exchange)
        : _reader(std::move(reader)), _match(std::move(match)), _exchange(std::move(exchange)) {}

    std::string_view method() const override { return _reader->method(); }
    std::string_view path() const override { return _reader->path(); }
    std::optional<std::string_view> header(std::string_view name) const override {
        return _reader->header(name);
    }
    std::string_view body() const override {
        return route().headOnly ? std::string_view() : _reader->body();
    }
    std::optional<std::string> query(std::string_view name) const override {
        return queryParameter(_reader->query(), name);
    }
    std::string_view segment(std::string_view name) const override {
        for (const auto& [known, value] : _match.segments) {
            if (known == name) return value;
        }
        return {};
    }
    const std::string& id() const override { return _exchange->id(); }
    const std::string& address() const override { return _exchange->address(); }
    bool secure() const override { return _exchange->secure(); }
    const Principal& principal() const override { return _principal; }

    const Router::Route& route() const { return *_match.route; }
    void setPrincipal(Principal principal) {
        _principal = principal;
        _exchange->setUser(principal.user);
    }

private:
    std::unique_ptr<HttpReader> _reader;
    Router::Match _match;
    std::shared_ptr<Exchange> _exchange;
    Principal _principal;
};

class AnswerSink final : public Responder::Sink {
public:
    AnswerSink(Reactor& reactor, ConnectionId connection, std::shared_ptr<Exchange> exchange,
               bool thenClose)
        : _reactor(reactor), _connection(connection), _exchange(std::move(exchange)),
          _thenClose(thenClose) {}
    ~AnswerSink() override {
        if (!_sent) {
            _reactor.context().log.error("a handler dropped its responder without an answer");
            send(HttpResponse::problem({Code::internal, "the request was not answered"}));
        }
    }
    void send(HttpResponse response) override {
        if (_sent.exchange(true)) return;
        auto share = roomFor(response);
        auto answer = _exchange->answer(response, _thenClose);
        answer.share = std::move(share);
        _reactor.respond(_connection, std::move(answer), _thenClose);
    }

private:
    /// An answer that finds no room becomes one that says so.
    std::shared_ptr<ByteBudget::Share> roomFor(HttpResponse& response) const {
        const auto& budget = _reactor.context().options.answers;
        const auto size = response.body.size();
        if (!budget || size <= ByteBudget::freeOfEach) return nullptr;
        auto share = ByteBudget::share(budget, size - ByteBudget::freeOfEach);
        if (share) return share;
        response =
            HttpResponse::problem({Code::unavailable,
                                   "too many large answers wait for other clients; try again later",
                                   {},
                                   1});
        return nullptr;
    }

    Reactor& _reactor;
    const ConnectionId _connection;
    const std::shared_ptr<Exchange> _exchange;
    const bool _thenClose;
    std::atomic<bool> _sent = false;
};

/// What a browser asks before a call from a listed origin (Fetch, CORS-preflight).
HttpResponse preflight(const HttpReader& reader, const std::string& allowed,
                       const Options& options) {
    const auto& origins = options.origins;
    if (std::find(origins.begin(), origins.end(), *reader.header("Origin")) == origins.end()) {
        return HttpResponse::problem(
            {Code::forbidden, "this origin may not call; list it in http.origins"});
    }
    auto response = HttpResponse::noContent();
    response.headers = {{"Access-Control-Allow-Methods", allowed},
                        {"Access-Control-Allow-Headers", "Authorization, Content-Type"},
                        {"Access-Control-Max-Age", "600"}};
    return response;
}

/// The answer to a method or a path that has no handler.
HttpResponse unrouted(const HttpReader& reader, const Router::Match& match,
                      const Options& options) {
    if (match.allowed.empty()) {
        return HttpResponse::problem({Code::notFound, "there is nothing at this path"});
    }
    if (reader.method() == "OPTIONS") {
        if (reader.header("Origin") && reader.header("Access-Control-Request-Method")) {
            return preflight(reader, match.allowed, options);
        }
        auto response = HttpResponse::noContent();
        response.headers.emplace_back("Allow", match.allowed);
        return response;
    }
    auto problem =
        HttpResponse::problem({Code::methodNotAllowed, "this path takes " + match.allowed});
    problem.headers.emplace_back("Allow", match.allowed);
    return problem;
}

bool isHealth(std::string_view path) {
    return path == "/health/live" || path == "/health/ready";
}

HttpResponse health(const HttpReader& reader, const Context& context) {
    if (reader.method() != "GET" && reader.method() != "HEAD") {
        auto problem = HttpResponse::problem({Code::methodNotAllowed, "this path takes GET, HEAD"});
        problem.headers.emplace_back("Allow", "GET, HEAD");
        return problem;
    }
    if (reader.path() == "/health/ready" && !context.ready.load()) {
        return HttpResponse::json(503, R"({"status":"stopping"})");
    }
    if (reader.path() == "/health/ready" && !context.store.available()) {
        return HttpResponse::json(503, R"({"status":"database unavailable"})");
    }
    return HttpResponse::json(200, R"({"status":"ok"})");
}

/// On a worker. The wall around a plugin's handler.
void handle(Context& context, Request& request, const Responder& responder) {
    try {
        if (request.route().access == Access::bearer) {
            const auto authenticator = context.authenticator.hold();
            if (!authenticator) {
                responder.refuse({Code::unavailable, "nobody here can check tokens"});
                return;
            }
            const auto principal =
                authenticator->authenticate(bearerToken(request.header("Authorization")));
            if (!principal) {
                responder.refuse(principal.error());
                return;
            }
            request.setPrincipal(*principal);
        }
        request.route().handler(request, responder);
    } catch (const Poco::Data::DataException& problem) {
        context.log.error("the store failed a request", {{"request", request.id()},
                                                         {"plugin", request.route().plugin},
                                                         {"path", std::string(request.path())},
                                                         {"what", problem.displayText()}});
        responder.refuse({Code::unavailable, "the store cannot be read now; try again later"});
    } catch (const std::exception& problem) {
        context.log.error("a handler threw", {{"request", request.id()},
                                              {"plugin", request.route().plugin},
                                              {"path", std::string(request.path())},
                                              {"what", problem.what()}});
        responder.refuse({Code::internal, "the server failed; its log says why"});
    }
}

} // namespace

void SocketConnection::processHttp(std::span<char>& input, std::size_t& share) {
    const auto& options = _reactor.context().options;
    if (!_http) {
        _http = std::make_unique<HttpReader>(options.http);
        armReading(options.headTimeout);
    }
    std::string_view bytes(input.data(), input.size());
    if (_http->state() == HttpReader::State::head) readHead(bytes);
    if (_http && _http->state() == HttpReader::State::body) readBody(bytes);
    input = input.last(bytes.size());
    // Either it is on its way to a worker, or it was answered.
    if (!_http) share -= std::min(share, requestCost);
}

/// While an answer waits, the deadline is that of its reader: a further request neither moves nor
/// ends it. afterFlush() sets the request's once everything was taken.
void SocketConnection::armReading(std::chrono::milliseconds time) {
    if (_outbox.empty()) arm(time);
}

void SocketConnection::disarmReading() {
    if (_outbox.empty()) _reactor.wheel().disarm(*this);
}

void SocketConnection::readHead(std::string_view& input) {
    switch (_http->feedHead(input)) {
    case HttpReader::State::head:
        return;
    case HttpReader::State::bad:
        answerNow(problemWithStatus(_http->status(), _http->error()), true,
                  _reactor.context().metrics.unrouted);
        return;
    case HttpReader::State::body:
    case HttpReader::State::complete:
        judgeHead(input);
        return;
    }
}

void SocketConnection::readBody(std::string_view& input) {
    auto& context = _reactor.context();
    const auto state = _http->feed(input);
    if (state == HttpReader::State::bad) {
        answerNow(problemWithStatus(_http->status(), _http->error()), true,
                  context.metrics.unrouted);
    } else if (state == HttpReader::State::complete) {
        disarmReading();
        // Looked up again rather than kept with every body that is on its way.
        dispatch(context.router.find(_http->method(), _http->path()), !_http->keepAlive());
    }
}

/// A head is there. What nobody would handle is answered now, before its body is read or kept.
void SocketConnection::judgeHead(std::string_view& input) {
    const auto& context = _reactor.context();
    const bool whole = _http->state() == HttpReader::State::complete;
    disarmReading();
    if (const auto refusal = overRate()) {
        answerEarly(*refusal, context.metrics.unrouted, input);
        return;
    }
    if (context.options.chat && isHealth(_http->path())) {
        const bool live = _http->path() == "/health/live";
        answerEarly(health(*_http, context), live ? context.metrics.live : context.metrics.ready,
                    input);
        return;
    }
    const auto* endpoint = context.options.chat ? context.endpoints.find(_http->path()) : nullptr;
    if (endpoint) {
        upgrade(*endpoint, input);
        return;
    }
    auto match = context.router.find(_http->method(), _http->path());
    if (!match.route) {
        answerEarly(unrouted(*_http, match, context.options), context.metrics.unrouted, input);
    } else if (whole || match.route->headOnly) {
        const bool here = _http->feed(input) == HttpReader::State::complete;
        dispatch(std::move(match), !here || !_http->keepAlive());
    } else {
        armReading(context.options.bodyTimeout);
        if (!_http->expectsContinue() || !input.empty()) return;
        _outbox.push(SharedFrame::encoded("HTTP/1.1 100 Continue\r\n\r\n"));
        _reactor.markDirty(*this);
    }
}

void SocketConnection::dispatch(Router::Match match, bool thenClose) {
    auto& context = _reactor.context();
    const auto exchange =
        std::make_shared<Exchange>(context, _http.get(), _peer, match.route->metrics);
    auto request = std::make_shared<Request>(std::move(_http), std::move(match), exchange);
    const Responder responder(std::make_shared<AnswerSink>(_reactor, _id, exchange, thenClose));
    _paused = true;
    if (!context.workers.post(
            [&context, request, responder] { handle(context, *request, responder); })) {
        responder.refuse({Code::unavailable, "too many requests wait; try again later", {}, 1});
    }
}

std::optional<HttpResponse> SocketConnection::overRate() const {
    auto& context = _reactor.context();
    if (isHealth(_http->path())) return std::nullopt;
    const auto client =
        context.options.trustedProxies.client(_peer, _http->header("X-Forwarded-For"));
    const auto wait = context.requests.admit(client, RequestLimit::Clock::now());
    if (!wait) return std::nullopt;
    return HttpResponse::problem({Code::rateLimited,
                                  "this address makes too many requests; try again later",
                                  {},
                                  static_cast<int>(wait->count())});
}

/// Without waiting for the request's body. One that is here already is passed over; of any other
/// the end, and so the next request, is not known, and the connection ends with the answer (RFC
/// 9112, 9.3).
void SocketConnection::answerEarly(const HttpResponse& response, const RouteMetrics& route,
                                   std::string_view& input) {
    const bool whole = _http->feed(input) == HttpReader::State::complete;
    answerNow(response, !whole || !_http->keepAlive(), route);
}

void SocketConnection::answerNow(const HttpResponse& response, bool thenClose,
                                 const RouteMetrics& route) {
    const Exchange exchange(_reactor.context(), _http.get(), _peer, route);
    respond(exchange.answer(response, thenClose), thenClose);
}

void SocketConnection::respond(EncodedAnswer answer, bool thenClose) {
    if (_state != State::http) return;
    _http.reset();
    _paused = false;
    // Answers that follow one that waits must not give its reader more time.
    if (_outbox.empty()) arm(_reactor.context().options.writeTimeout);
    // Of an answer before this one little is left, or this request would not have been read.
    _share = std::move(answer.share);
    _outbox.push(std::move(answer.own));
    for (auto& part : answer.shared) _outbox.push(std::move(part));
    _reactor.markDirty(*this);
    if (thenClose || _reactor.finishing()) beginClosing();
}

} // namespace salon::net
