#include "client/Fleet.h"

#include "client/Connect.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace salon::bench {

namespace {

/// Fewer than the shortest queue of connections that a server listens with.
constexpr std::size_t atOnce = 64;
constexpr std::size_t readSize = 256 << 10;

/// For the time before a measurement: nothing but `welcome` is expected.
class Silence final : public Traffic {
public:
    void onFrame(std::size_t, FrameKind, std::string_view) override {}
};

[[noreturn]] void failed(const char* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

} // namespace

Fleet::Fleet(std::uint16_t port, const TokenMint& mint, Origins origins)
    : _port(port), _mint(mint), _origins(std::move(origins)),
      _epoll(::epoll_create1(EPOLL_CLOEXEC)), _buffer(readSize) {
    if (_epoll < 0) failed("epoll_create1");
}

Fleet::~Fleet() {
    for (const auto& client : _clients) {
        if (client.descriptor >= 0) ::close(client.descriptor);
    }
    ::close(_epoll);
}

void Fleet::drop(std::size_t index) {
    auto& client = _clients[index];
    ::close(client.descriptor);
    client = Client();
}

void Fleet::fail(std::size_t client, const std::string& reason) const {
    throw std::runtime_error("user " + std::to_string(userOf(client)) + "'s connection " + reason);
}

void Fleet::connect(std::size_t count, std::chrono::seconds within) {
    const test::Deadline deadline(within);
    _clients.reserve(count);
    Silence silence;
    while (_greeted < count) {
        while (_clients.size() < count && _clients.size() - _greeted < atOnce) open();
        turn(silence, std::chrono::milliseconds(100));
        if (deadline.passed()) {
            throw std::runtime_error("only " + std::to_string(_greeted) + " of " +
                                     std::to_string(count) + " connections came up in time");
        }
    }
}

std::size_t Fleet::open() {
    const auto index = _clients.size();
    auto& client = _clients.emplace_back();
    const auto& sources = _origins.sources;
    client.descriptor =
        connectFrom(sources.empty() ? std::string() : sources[index % sources.size()], _port);
    const int on = 1;
    ::setsockopt(client.descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = index;
    if (::epoll_ctl(_epoll, EPOLL_CTL_ADD, client.descriptor, &event) != 0) failed("epoll_ctl");
    const auto user = userOf(index);
    queue(index, upgradeRequest(_mint.mint(user, user)));
    flush(index);
    return index;
}

void Fleet::turn(Traffic& traffic, std::chrono::nanoseconds timeout) {
    std::array<epoll_event, 512> events;
    const timespec time{timeout.count() / 1'000'000'000, timeout.count() % 1'000'000'000};
    const int count = ::epoll_pwait2(_epoll, events.data(), events.size(), &time, nullptr);
    if (count < 0 && errno != EINTR) failed("epoll_pwait2");
    for (int i = 0; i < count; ++i) {
        const auto& event = events[static_cast<std::size_t>(i)];
        const auto client = static_cast<std::size_t>(event.data.u64);
        if (event.events & (EPOLLIN | EPOLLHUP | EPOLLERR)) read(client, traffic);
        if (event.events & EPOLLOUT) flush(client);
    }
}

void Fleet::read(std::size_t index, Traffic& traffic) {
    auto& client = _clients[index];
    const auto count = ::recv(client.descriptor, _buffer.data(), _buffer.size(), MSG_DONTWAIT);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count <= 0) fail(index, "was closed by the server");
    std::string_view bytes(_buffer.data(), static_cast<std::size_t>(count));
    if (client.input.empty()) {
        const auto used = take(index, bytes, traffic);
        client.input.assign(bytes.substr(used));
    } else {
        client.input.append(bytes);
        client.input.erase(0, take(index, client.input, traffic));
        if (client.input.empty()) client.input.shrink_to_fit();
    }
    traffic.afterRead(index);
    flush(index);
}

std::size_t Fleet::take(std::size_t index, std::string_view bytes, Traffic& traffic) {
    auto& client = _clients[index];
    std::size_t used = 0;
    if (client.state == State::upgrading) {
        const auto end = bytes.find("\r\n\r\n");
        if (end == std::string_view::npos) return 0;
        if (!bytes.starts_with("HTTP/1.1 101 ")) {
            fail(index, "was refused: " + std::string(bytes));
        }
        client.state = State::greeting;
        used = end + 4;
    }
    while (const auto frame = readFrame(bytes.substr(used))) {
        used += frame->size;
        if (frame->kind == FrameKind::ping) {
            queue(index, clientFrame(10, frame->payload));
        } else if (frame->kind == FrameKind::close) {
            fail(index, "was closed: " + std::string(frame->payload));
        } else if (client.state == State::greeting) {
            if (frame->kind != FrameKind::welcome) {
                fail(index, "was not welcomed: " + std::string(frame->payload));
            }
            client.state = State::open;
            ++_greeted;
        } else {
            traffic.onFrame(index, frame->kind, frame->payload);
        }
    }
    return used;
}

void Fleet::queue(std::size_t index, std::string_view bytes) {
    _clients[index].output.append(bytes);
}

void Fleet::flush(std::size_t index) {
    auto& client = _clients[index];
    if (client.output.empty()) return;
    const auto sent = ::send(client.descriptor, client.output.data(), client.output.size(),
                             MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN && errno != EINTR) fail(index, "was reset by the server");
    if (sent > 0) client.output.erase(0, static_cast<std::size_t>(sent));
    const bool waits = !client.output.empty();
    if (waits != client.waitsToWrite) watch(index, waits);
}

void Fleet::watch(std::size_t index, bool writable) {
    auto& client = _clients[index];
    epoll_event event{};
    event.events = writable ? EPOLLIN | EPOLLOUT : EPOLLIN;
    event.data.u64 = index;
    if (::epoll_ctl(_epoll, EPOLL_CTL_MOD, client.descriptor, &event) != 0) failed("epoll_ctl");
    client.waitsToWrite = writable;
}

} // namespace salon::bench
