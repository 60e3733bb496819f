#include "client/HttpFleet.h"

#include "Deadline.h"
#include "client/Connect.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>
#include <string_view>
#include <system_error>

namespace salon::bench {

namespace {

using Clock = std::chrono::steady_clock;

/// How long the answer at the beginning of `bytes` is, head and body; 0 while it is not whole.
std::size_t wholeAnswer(std::string_view bytes) {
    constexpr std::string_view name = "\r\nContent-Length: ";
    const auto end = bytes.find("\r\n\r\n");
    if (end == std::string_view::npos) return 0;
    const auto at = bytes.find(name);
    std::size_t length = 0;
    if (at < end) length = std::stoul(std::string(bytes.substr(at + name.size(), 12)));
    return bytes.size() >= end + 4 + length ? end + 4 + length : 0;
}

} // namespace

double HttpResult::percentile(double part) const {
    if (times.empty()) return 0;
    const auto place = static_cast<std::size_t>(static_cast<double>(times.size()) * part);
    return times[std::min(place, times.size() - 1)];
}

HttpFleet::HttpFleet(std::uint16_t port, std::size_t connections, Next next)
    : _next(std::move(next)), _epoll(::epoll_create1(EPOLL_CLOEXEC)), _clients(connections) {
    if (_epoll < 0) throw std::system_error(errno, std::generic_category(), "epoll_create1");
    for (std::size_t i = 0; i < _clients.size(); ++i) {
        auto& client = _clients[i];
        client.descriptor = connectFrom({}, port);
        const int on = 1;
        ::setsockopt(client.descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.u64 = i;
        if (::epoll_ctl(_epoll, EPOLL_CTL_ADD, client.descriptor, &event) != 0) {
            throw std::system_error(errno, std::generic_category(), "epoll_ctl");
        }
    }
}

HttpFleet::~HttpFleet() {
    for (const auto& client : _clients) ::close(client.descriptor);
    ::close(_epoll);
}

HttpResult HttpFleet::run(std::chrono::milliseconds time) {
    HttpResult result;
    const auto begin = Clock::now();
    const test::Deadline deadline(time);
    const test::Deadline end(time + std::chrono::seconds(30));
    std::size_t busy = 0;
    for (std::size_t i = 0; i < _clients.size(); ++i) ask(_clients[i], i);
    do {
        std::array<epoll_event, 256> events;
        const int count = ::epoll_wait(_epoll, events.data(), events.size(), 100);
        for (int i = 0; i < count; ++i) {
            const auto index =
                static_cast<std::size_t>(events[static_cast<std::size_t>(i)].data.u64);
            auto& client = _clients[index];
            read(client, result);
            if (!client.busy && !deadline.passed()) ask(client, index);
        }
        busy = static_cast<std::size_t>(std::count_if(
            _clients.begin(), _clients.end(), [](const Client& client) { return client.busy; }));
    } while (busy > 0 && !end.passed());
    result.clock = Clock::now() - begin;
    if (busy > 0) throw std::runtime_error("requests were not answered");
    std::sort(result.times.begin(), result.times.end());
    return result;
}

void HttpFleet::ask(Client& client, std::size_t index) {
    const auto bytes = _next(index);
    client.asked = Clock::now();
    client.busy = true;
    const auto sent = ::send(client.descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent != static_cast<ssize_t>(bytes.size())) {
        throw std::runtime_error("a request was not taken");
    }
}

void HttpFleet::read(Client& client, HttpResult& result) {
    std::array<char, 65536> buffer;
    const auto count = ::recv(client.descriptor, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count <= 0) throw std::runtime_error("the server closed a connection");
    client.input.append(buffer.data(), static_cast<std::size_t>(count));
    const auto size = wholeAnswer(client.input);
    if (size == 0) return;
    const std::chrono::duration<double, std::milli> took = Clock::now() - client.asked;
    result.times.push_back(took.count());
    ++result.answered;
    if (!client.input.starts_with("HTTP/1.1 2") && result.refused++ == 0) {
        result.refusal = client.input.substr(0, size);
    }
    client.input.erase(0, size);
    client.busy = false;
}

std::string httpRequest(const std::string& method, const std::string& path,
                        const std::string& token, const std::string& body) {
    auto bytes = method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n";
    if (!token.empty()) bytes += "Authorization: Bearer " + token + "\r\n";
    if (!body.empty()) {
        bytes +=
            "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
            "\r\n";
    }
    return bytes + "\r\n" + body;
}

} // namespace salon::bench
