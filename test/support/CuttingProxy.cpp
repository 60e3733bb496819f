#include "CuttingProxy.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace salon::test {

namespace {

sockaddr_in here(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

void check(int result, const char* what) {
    if (result < 0) throw std::system_error(errno, std::generic_category(), what);
}

void closeSocket(int& socket, bool reset) {
    if (socket < 0) return;
    const linger now{1, 0};
    if (reset) ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    ::close(std::exchange(socket, -1));
}

bool sendAll(int socket, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno != EINTR) return false;
        if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

} // namespace

CuttingProxy::CuttingProxy(std::uint16_t serverPort) : _serverPort(serverPort) {
    _listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    check(_listener, "cannot make a socket");
    auto address = here(0);
    socklen_t size = sizeof address;
    check(::bind(_listener, reinterpret_cast<sockaddr*>(&address), size), "cannot bind");
    check(::listen(_listener, 64), "cannot listen");
    check(::getsockname(_listener, reinterpret_cast<sockaddr*>(&address), &size), "has no name");
    _port = ntohs(address.sin_port);
    _wake = ::eventfd(0, EFD_CLOEXEC);
    check(_wake, "cannot make an eventfd");
    _thread = std::thread([this] { run(); });
}

CuttingProxy::~CuttingProxy() {
    {
        const std::lock_guard lock(_mutex);
        _ending = true;
    }
    ::eventfd_write(_wake, 1);
    _thread.join();
    for (auto& link : _links) {
        closeSocket(link.client, false);
        closeSocket(link.server, false);
    }
    ::close(_listener);
    ::close(_wake);
}

void CuttingProxy::cut(Cut cut) {
    const std::lock_guard lock(_mutex);
    _cut = std::move(cut);
    ++_order;
}

bool CuttingProxy::waitForCut(std::chrono::milliseconds within) {
    std::unique_lock lock(_mutex);
    return _changed.wait_for(lock, within, [this] { return !_cut; });
}

void CuttingProxy::run() {
    for (;;) {
        std::vector<pollfd> polled{{_wake, POLLIN, 0}, {_listener, POLLIN, 0}};
        std::vector<Link*> links;
        for (auto& link : _links) {
            // A negative descriptor is left out by poll(2).
            polled.push_back({link.client, POLLIN, 0});
            polled.push_back({link.silent ? -1 : link.server, POLLIN, 0});
            links.push_back(&link);
        }
        if (::poll(polled.data(), polled.size(), -1) < 0) continue;
        {
            const std::lock_guard lock(_mutex);
            if (_ending) return;
        }
        for (std::size_t i = 0; i < links.size(); ++i) {
            auto& link = *links[i];
            for (const auto side : {std::size_t{0}, std::size_t{1}}) {
                const auto& ready = polled[2 + 2 * i + side];
                if (ready.revents == 0 || link.client < 0) continue;
                const auto direction =
                    side == 0 ? Cut::Direction::toServer : Cut::Direction::fromServer;
                if (!pass(link, direction)) end(link, Cut::How::close);
            }
        }
        std::erase_if(_links, [](const Link& link) { return link.client < 0 && link.server < 0; });
        if (polled[1].revents != 0) accept();
    }
}

void CuttingProxy::accept() {
    Link link;
    link.client = ::accept4(_listener, nullptr, nullptr, SOCK_CLOEXEC);
    if (link.client < 0) return;
    link.server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto address = here(_serverPort);
    const int on = 1;
    for (const int socket : {link.client, link.server}) {
        ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    if (::connect(link.server, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        closeSocket(link.client, false);
        closeSocket(link.server, false);
        return;
    }
    _links.push_back(link);
}

/// @returns false when the link is at its end
bool CuttingProxy::pass(Link& link, Cut::Direction direction) {
    std::array<char, 65536> buffer;
    const bool up = direction == Cut::Direction::toServer;
    const auto count = ::recv(up ? link.client : link.server, buffer.data(), buffer.size(), 0);
    if (count <= 0) return count < 0 && errno == EINTR;
    if (link.silent) return true;
    const std::string_view bytes(buffer.data(), static_cast<std::size_t>(count));
    const std::unique_lock lock(_mutex);
    bool cut = false;
    const auto most = passing(link, direction, bytes, cut);
    const bool sent = sendAll(up ? link.server : link.client, bytes.substr(0, most));
    if (cut) {
        end(link, _cut->how);
        _cut.reset();
        _changed.notify_all();
        return true;
    }
    return sent;
}

/// How many of the bytes pass, and whether the link is to be cut behind them.
std::size_t CuttingProxy::passing(Link& link, Cut::Direction direction, std::string_view bytes,
                                  bool& cut) {
    if (!_cut) return bytes.size();
    const bool up = direction == Cut::Direction::toServer;
    if (link.order != _order) link.left.reset();
    link.order = _order;
    std::size_t begin = 0;
    if (!link.left && up) {
        begin = bytes.find(_cut->from);
        if (begin == bytes.npos) return bytes.size();
        link.left = _cut->bytes;
    }
    if (!link.left || direction != _cut->direction) return bytes.size();
    const auto most = begin + *link.left;
    cut = up ? bytes.size() >= most : bytes.size() > most;
    if (cut) return most;
    *link.left = most - bytes.size();
    return bytes.size();
}

void CuttingProxy::end(Link& link, Cut::How how) {
    if (how == Cut::How::silence) {
        link.silent = true;
        return;
    }
    closeSocket(link.client, how == Cut::How::reset);
    // Whom silence surrounds never learns that the other side is gone.
    if (!link.silent) closeSocket(link.server, how == Cut::How::reset);
}

} // namespace salon::test
