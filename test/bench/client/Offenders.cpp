#include "client/Offenders.h"

#include "Deadline.h"
#include "client/Connect.h"
#include "client/Frames.h"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

namespace salon::bench {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t bufferSize = 256 << 10;
/// Of one call: a kernel may let nobody else have the core before it ends, not even the talkers.
constexpr std::size_t writeSize = 16 << 10;

/// What the daemon's last words were: the status of an answer, the code of a close frame.
std::string endingOf(std::string& input) {
    constexpr std::string_view upgraded = "HTTP/1.1 101 ";
    if (input.starts_with("HTTP/1.1 ") && !input.starts_with(upgraded)) return input.substr(9, 3);
    if (input.starts_with(upgraded)) {
        const auto head = input.find("\r\n\r\n");
        if (head == std::string::npos) return {};
        input.erase(0, head + 4);
    }
    while (const auto frame = readFrame(input)) {
        if (frame->kind == FrameKind::close) {
            const auto high = static_cast<unsigned char>(frame->payload[0]);
            const auto low = static_cast<unsigned char>(frame->payload[1]);
            return std::to_string(high << 8 | low);
        }
        input.erase(0, frame->size);
    }
    return {};
}

} // namespace

Offenders::Offenders(std::uint16_t port, std::vector<Offence> offences)
    : _port(port), _offences(std::move(offences)), _epoll(::epoll_create1(EPOLL_CLOEXEC)),
      _endings(_offences.size()), _begun(_offences.size()), _buffer(bufferSize) {
    if (_epoll < 0) throw std::system_error(errno, std::generic_category(), "epoll_create1");
    for (std::size_t i = 0; i < _offences.size(); ++i) {
        for (std::size_t n = 0; n < _offences[i].clients; ++n) {
            auto& client = _clients.emplace_back();
            client.offence = i;
            client.number = n;
        }
    }
}

Offenders::~Offenders() {
    for (const auto& client : _clients) {
        if (client.descriptor >= 0) ::close(client.descriptor);
    }
    ::close(_epoll);
}

void Offenders::run(std::chrono::milliseconds time) {
    const test::Deadline deadline(time);
    while (!deadline.passed()) {
        pace();
        handle(5);
    }
}

void Offenders::handle(int milliseconds) {
    std::array<epoll_event, 512> events;
    const int count = ::epoll_wait(_epoll, events.data(), events.size(), milliseconds);
    for (int i = 0; i < count; ++i) {
        const auto& event = events[static_cast<std::size_t>(i)];
        onEvents(_clients[event.data.u64], event.events);
    }
}

/// Begins those that are not there, and lets those send that are due.
void Offenders::pace() {
    const auto now = Clock::now();
    for (auto& client : _clients) {
        const auto& offence = _offences[client.offence];
        if (client.descriptor < 0 && now >= client.due) {
            begin(client);
        } else if (client.connected && !offence.more.empty() && offence.pace.count() > 0 &&
                   now >= client.due && client.output.empty()) {
            client.output = offence.more[client.sent++ % offence.more.size()];
            client.due = now + offence.pace;
            write(client);
        }
    }
}

void Offenders::begin(Client& client) {
    const auto& offence = _offences[client.offence];
    client.input.clear();
    client.output.clear();
    client.connected = false;
    client.due = Clock::now() + std::max(offence.pace, std::chrono::milliseconds(1));
    client.descriptor = beginFrom(offence.source, _port, offence.receiveBuffer);
    if (!offence.first.empty()) client.output = offence.first[client.number % offence.first.size()];
    ++_begun[client.offence];
    epoll_event event{};
    event.events = EPOLLOUT;
    event.data.u64 = static_cast<std::uint64_t>(&client - _clients.data());
    if (::epoll_ctl(_epoll, EPOLL_CTL_ADD, client.descriptor, &event) != 0) {
        throw std::system_error(errno, std::generic_category(), "epoll_ctl");
    }
}

void Offenders::end(Client& client, const std::string& ending) {
    ++_endings[client.offence][ending];
    ::close(client.descriptor);
    client.descriptor = -1;
}

void Offenders::onEvents(Client& client, std::uint32_t events) {
    if (client.descriptor < 0) return;
    const auto& offence = _offences[client.offence];
    if (!client.connected && !(events & EPOLLERR)) {
        client.connected = true;
        if (offence.leaves) {
            end(client, "left");
            begin(client);
            return;
        }
    }
    if (offence.reads && (events & (EPOLLIN | EPOLLERR | EPOLLHUP))) {
        read(client);
    } else if (events & (EPOLLERR | EPOLLHUP)) {
        end(client, "reset");
    }
    if (client.descriptor >= 0 && (events & EPOLLOUT)) write(client);
}

void Offenders::read(Client& client) {
    const auto count = ::recv(client.descriptor, _buffer.data(), _buffer.size(), MSG_DONTWAIT);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count > 0) client.input.append(_buffer.data(), static_cast<std::size_t>(count));
    const auto ending = endingOf(client.input);
    if (!ending.empty()) {
        end(client, ending);
    } else if (count <= 0) {
        end(client, count == 0 ? "closed" : "reset");
    }
}

void Offenders::write(Client& client) {
    const auto& offence = _offences[client.offence];
    const bool eager = !offence.more.empty() && offence.pace.count() == 0;
    if (client.output.empty() && eager) {
        client.output = offence.more[client.sent++ % offence.more.size()];
    }
    if (!client.output.empty()) {
        const auto sent =
            ::send(client.descriptor, client.output.data(),
                   std::min(client.output.size(), writeSize), MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent > 0) client.output.erase(0, static_cast<std::size_t>(sent));
        // A reset comes as an event too, and what the daemon said before it is read then.
    }
    watch(client);
}

void Offenders::watch(Client& client) {
    const auto& offence = _offences[client.offence];
    epoll_event event{};
    if (offence.reads) event.events |= EPOLLIN;
    const bool eager = !offence.more.empty() && offence.pace.count() == 0;
    if (!client.output.empty() || eager) event.events |= EPOLLOUT;
    event.data.u64 = static_cast<std::uint64_t>(&client - _clients.data());
    ::epoll_ctl(_epoll, EPOLL_CTL_MOD, client.descriptor, &event);
}

void Offenders::readAtLast(std::chrono::milliseconds time) {
    std::vector<Client*> silent;
    for (auto& client : _clients) {
        if (client.descriptor >= 0 && !_offences[client.offence].reads) silent.push_back(&client);
    }
    for (auto& offence : _offences) offence.reads = true;
    for (auto* client : silent) {
        // Through a small window the kernel lets a trickle pass.
        const int room = 4 << 20;
        ::setsockopt(client->descriptor, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
        watch(*client);
    }
    const test::Deadline deadline(time);
    const auto there = [](const Client* client) { return client->descriptor >= 0; };
    while (std::any_of(silent.begin(), silent.end(), there) && !deadline.passed()) handle(50);
    for (auto* client : silent) {
        if (client->descriptor >= 0) end(*client, "still there");
    }
}

} // namespace salon::bench
