#include "net/Options.h"

#include "http/HttpSyntax.h"

#include <algorithm>
#include <string_view>

namespace salon::net {

namespace {
constexpr std::int64_t kiB = 1024;
constexpr std::int64_t miB = 1024 * kiB;
constexpr std::int64_t second = 1000;

/// What the check at start has let pass.
ProxyList proxies(const Configuration& configuration) {
    auto list = ProxyList::parse(configuration.text("http.trusted_proxies"));
    return list ? std::move(*list) : ProxyList();
}

/// As a browser writes it (RFC 6454, 6.1): what is written in another way matches nothing.
bool isOrigin(std::string_view text) {
    const auto colon = text.find("://");
    if (colon == std::string_view::npos || colon == 0) return false;
    const auto scheme = text.substr(0, colon);
    auto host = text.substr(colon + 3);
    const auto isIn = [](std::string_view characters) {
        return [characters](char c) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                   characters.find(c) != std::string_view::npos;
        };
    };
    if (!std::all_of(scheme.begin(), scheme.end(), isIn("+-."))) return false;
    if (const auto port = host.rfind(':'); port != std::string_view::npos && !host.ends_with(']')) {
        const auto digits = host.substr(port + 1);
        if (digits.empty() || digits.size() > 5 || digits.front() == '0' ||
            digits.find_first_not_of("0123456789") != std::string_view::npos ||
            (scheme == "http" && digits == "80") || (scheme == "https" && digits == "443")) {
            return false;
        }
        host = host.substr(0, port);
    }
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
        return PeerAddress::parse(host).has_value();
    }
    return !host.empty() && std::all_of(host.begin(), host.end(), isIn("-._"));
}

bool areOrigins(const std::string& list) {
    for (std::string_view rest = list; !rest.empty();) {
        const auto comma = std::min(rest.find(','), rest.size());
        const auto item = trim(rest.substr(0, comma));
        // That nothing is between two commas is said by the list itself.
        if (!item.empty() && !isOrigin(item)) return false;
        rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
    return true;
}

} // namespace

void Options::declare(Settings& settings) {
    using Type = Setting::Type;
    settings.declare(
        {"http.address",
         Type::text,
         "127.0.0.1",
         "The address to listen on; 0.0.0.0 or [::] for all, 127.0.0.1 behind a proxy.",
         0,
         0,
         false,
         {},
         false,
         "an IPv4 or IPv6 address of this machine",
         [](const std::string& value) { return PeerAddress::parse(value).has_value(); }});
    settings.declare({"http.port", Type::integer, "8080",
                      "The port to listen on; 0 takes a free one and logs it.", 0, 65535});
    settings.declare(
        {"http.origins",
         Type::list,
         "",
         "Origins of other web sites that may connect, such as https://chat.example.org, "
         "separated by commas; the daemon's own origin always may.",
         0,
         0,
         false,
         {},
         false,
         "origins as browsers send them: a scheme and a host in small letters, a port only where "
         "it is not the scheme's own, no path, such as https://chat.example.org",
         areOrigins});
    settings.declare(
        {"http.trusted_proxies",
         Type::list,
         "",
         "Addresses or networks (192.0.2.7, 10.0.0.0/8, ::1) of reverse proxies whose "
         "X-Forwarded-For and X-Forwarded-Proto are believed, separated by commas.",
         0,
         0,
         false,
         {},
         false,
         "addresses or networks such as 192.0.2.7 or 10.0.0.0/8, separated by commas",
         [](const std::string& value) { return static_cast<bool>(ProxyList::parse(value)); }});
    settings.declare({"http.max_connections", Type::integer, "16384",
                      "Connections at one time; one more is answered with 503.", 1, 10'000'000,
                      true});
    settings.declare(
        {"http.max_connections_per_address", Type::integer, "4096",
         "Connections at one time from one IPv4 address or IPv6 /64; one more is answered "
         "with 429. Behind a proxy all connections come from the proxy's address.",
         1, 10'000'000, true});
    settings.declare(
        {"http.rate", Type::integer, "1000",
         "HTTP requests a second from one IPv4 address or IPv6 /64, five times as many after a "
         "pause; one more is answered with 429. Those from the machine itself are not counted. "
         "Logging in and registering have limits of their own.",
         1, 1'000'000, true});
    settings.declare(
        {"http.max_body", Type::size, "128KiB", "The largest request body.", kiB, 64 * miB});
    settings.declare(
        {"http.bodies", Type::size, "64MiB",
         "Bytes of request bodies that are held at one time, of all clients together and not "
         "counting the first 16KiB of each; one that there is no room for is answered with 503. "
         "At least as much as http.max_body is taken.",
         kiB, 65536 * miB});
    settings.declare(
        {"http.answers", Type::size, "64MiB",
         "Bytes of answers that wait for clients to take them, of all clients together and not "
         "counting the first 16KiB of each, nor files of web.root; a request whose answer finds no "
         "room is answered with 503.",
         miB, 65536 * miB});
    settings.declare({"http.head_timeout", Type::duration, "10s",
                      "How long a request's head may take from its first byte.", second,
                      600 * second});
    settings.declare({"http.body_timeout", Type::duration, "30s",
                      "How long a request's body may take from the end of its head.", second,
                      3600 * second});
    settings.declare({"http.idle_timeout", Type::duration, "75s",
                      "How long a connection without a request is kept.", second, 3600 * second});
    settings.declare({"http.write_timeout", Type::duration, "30s",
                      "How long a client may take none of an answer that waits for it.", second,
                      3600 * second});
    settings.declare({"net.reactors", Type::integer, "1",
                      "Threads that handle sockets; one serves tens of thousands of connections.",
                      1, 32});
    settings.declare({"net.workers", Type::integer, "4",
                      "Threads that run HTTP handlers and read from the store.", 1, 256});
    settings.declare(
        {"ws.max_frame", Type::size, "64KiB",
         "The largest WebSocket message, its fragments together; a larger one closes the "
         "connection with 1009.",
         kiB, 16 * miB});
    settings.declare({"ws.max_fragments", Type::integer, "1024",
                      "The most fragments of one WebSocket message, an empty one at its end not "
                      "counted; more close the connection with 1009.",
                      1, 65536});
    settings.declare({"ws.outbox", Type::size, "1MiB",
                      "Bytes that may wait for a slow client; more close its connection with 4413.",
                      16 * kiB, 1024 * miB});
    settings.declare({.key = "ws.compression",
                      .type = Type::choice,
                      .standard = "on",
                      .sentence =
                          "Whether clients that can take compressed messages get them, each "
                          "compressed by itself (permessage-deflate).",
                      .choices = {"on", "off"}});
    settings.declare({"ws.compress_from", Type::size, "1KiB",
                      "The smallest message that is sent compressed.", 1, 16 * miB});
    settings.declare(
        {"ws.heartbeat", Type::duration, "25s",
         "After so long without a byte from a client it is pinged, after as long again its "
         "connection is closed with 4408.",
         second, 3600 * second});
    settings.declare(
        {"ws.rate", Type::integer, "100",
         "Frames a second from one connection, twice as many in a burst; each full 16 KiB of "
         "a message, inflated, count as a further one. More are refused with rate_limited, and a "
         "client that goes on is closed with 1008.",
         1, 1'000'000, true});
    settings.declare({"ws.max_connections_per_user", Type::integer, "16",
                      "WebSocket connections of one user; one more closes the oldest with 4409.", 1,
                      100'000, true});
}

Options::Options(const Configuration& configuration)
    : address(configuration.text("http.address")),
      port(static_cast<std::uint16_t>(configuration.integer("http.port"))),
      origins(configuration.list("http.origins")), trustedProxies(proxies(configuration)),
      maxConnections(static_cast<std::size_t>(configuration.integer("http.max_connections"))),
      maxConnectionsPerAddress(
          static_cast<std::size_t>(configuration.integer("http.max_connections_per_address"))),
      requestRate(static_cast<std::uint32_t>(configuration.integer("http.rate"))),
      headTimeout(configuration.duration("http.head_timeout")),
      bodyTimeout(configuration.duration("http.body_timeout")),
      idleTimeout(configuration.duration("http.idle_timeout")),
      writeTimeout(configuration.duration("http.write_timeout")),
      reactors(static_cast<unsigned>(configuration.integer("net.reactors"))),
      workers(static_cast<unsigned>(configuration.integer("net.workers"))),
      outbox(static_cast<std::size_t>(configuration.integer("ws.outbox"))),
      compression(configuration.text("ws.compression") == "on"),
      compressFrom(static_cast<std::size_t>(configuration.integer("ws.compress_from"))),
      heartbeat(configuration.duration("ws.heartbeat")),
      rate(static_cast<std::uint32_t>(configuration.integer("ws.rate"))),
      maxConnectionsPerUser(
          static_cast<std::size_t>(configuration.integer("ws.max_connections_per_user"))) {
    http.maxBody = static_cast<std::size_t>(configuration.integer("http.max_body"));
    http.bodies = std::make_shared<ByteBudget>(
        std::max(http.maxBody, static_cast<std::size_t>(configuration.integer("http.bodies"))));
    answers = std::make_shared<ByteBudget>(
        static_cast<std::size_t>(configuration.integer("http.answers")));
    webSocket.maxMessage = static_cast<std::size_t>(configuration.integer("ws.max_frame"));
    webSocket.maxFragments = static_cast<std::size_t>(configuration.integer("ws.max_fragments"));
}

} // namespace salon::net
