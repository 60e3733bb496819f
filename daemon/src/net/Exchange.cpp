#include "net/Exchange.h"

#include "http/HttpSyntax.h"
#include "net/Context.h"

#include <algorithm>
#include <random>

namespace salon::net {

namespace {

constexpr std::size_t longestForeignId = 64;
/// Of a path or a method in the access log, in bytes: no client decides how much a line takes.
constexpr std::size_t longestLogged = 256;

/// Unlike from one request to the next and from one start to the next; no secret.
std::string makeId() {
    static const std::uint64_t seed =
        std::random_device()() * 0x100000001ULL + std::random_device()();
    static std::atomic<std::uint64_t> count = 0;
    // SplitMix64
    auto x = seed + count.fetch_add(1, std::memory_order_relaxed) * 0x9e3779b97f4a7c15ULL;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    x ^= x >> 31;
    std::string id(16, '0');
    for (auto& digit : id) {
        digit = "0123456789abcdef"[x & 15];
        x >>= 4;
    }
    return id;
}

/// A proxy's own id is kept, so that its log and ours speak of the same request.
bool isFit(std::string_view id) {
    return !id.empty() && id.size() <= longestForeignId &&
           std::all_of(id.begin(), id.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                      c == '-' || c == '_' || c == '.';
           });
}

/// Of a list, which a second proxy or a repeated field makes: what the nearest one says.
std::string_view lastOf(std::optional<std::string_view> field) {
    const auto list = field.value_or("");
    return trim(list.substr(list.rfind(',') + 1)); // all of it where there is no comma
}

/// At most so many bytes, cut between two characters.
std::string shortened(std::string_view text) {
    if (text.size() <= longestLogged) return std::string(text);
    auto end = longestLogged;
    while (end > 0 && (text[end] & 0xc0) == 0x80) --end;
    return std::string(text.substr(0, end)) + "\u2026";
}

} // namespace

Exchange::Exchange(const Context& context, const HttpReader* reader, const PeerAddress& peer,
                   const RouteMetrics& route)
    : _context(context), _route(route) {
    const auto& options = context.options;
    if (!reader || !reader->hasHead()) {
        _form.requestId = makeId();
        _address = peer.text();
        return;
    }
    const bool proxied = options.trustedProxies.contains(peer);
    const auto foreign = reader->header("X-Request-Id");
    _form.requestId = proxied && foreign && isFit(*foreign) ? std::string(*foreign) : makeId();
    _form.head = reader->method() == "HEAD";
    _form.http10 = reader->http10();
    const auto origin = reader->header("Origin");
    if (origin && std::find(options.origins.begin(), options.origins.end(), *origin) !=
                      options.origins.end()) {
        _form.allowedOrigin = *origin;
    }
    _method = shortened(reader->method());
    // Without the query, which may hold a token.
    _path = shortened(reader->path());
    _address = options.trustedProxies.client(peer, reader->header("X-Forwarded-For")).text();
    _secure = proxied && lastOf(reader->header("X-Forwarded-Proto")) == "https";
}

EncodedAnswer Exchange::answer(const HttpResponse& response, bool thenClose) const {
    auto form = _form;
    form.thenClose = thenClose;
    const auto took = std::chrono::steady_clock::now() - _begin;
    _route.count(response.status, took);
    if (_context.accessLog.enabled(LogLevel::information)) {
        const auto time = std::chrono::duration_cast<std::chrono::microseconds>(took);
        const auto user = _user.load(std::memory_order_relaxed);
        _context.accessLog.information("request",
                                       {{"id", _form.requestId},
                                        {"method", _method.empty() ? "-" : _method},
                                        {"path", _path.empty() ? "-" : _path},
                                        {"status", std::to_string(response.status)},
                                        {"us", std::to_string(time.count())},
                                        {"address", _address},
                                        {"user", user == 0 ? "-" : std::to_string(user)}});
    }
    return encodeAnswer(response, form);
}

} // namespace salon::net
