#include "net/Outbox.h"

#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace salon::net {

namespace {
constexpr std::size_t framesPerCall = 256;
constexpr std::size_t share = 65536;
constexpr std::size_t keptCapacity = 4; // of an empty outbox; more is given back
} // namespace

void Outbox::push(SharedFrame frame) {
    _bytes += frame.bytes().size();
    _frames.push_back(std::move(frame));
}

Outbox::Sent Outbox::flush(int descriptor) {
    for (std::size_t left = share; !empty() && left > 0;) {
        iovec parts[framesPerCall];
        std::size_t count = 0;
        std::size_t size = 0;
        for (auto i = static_cast<std::size_t>(_head);
             i < _frames.size() && count < framesPerCall && size < left; ++i, ++count) {
            const auto bytes = _frames[i].bytes();
            const auto skip = i == _head ? _offset : 0;
            const auto part = std::min(bytes.size() - skip, left - size);
            parts[count] = {const_cast<char*>(bytes.data()) + skip, part};
            size += part;
        }
        msghdr message{};
        message.msg_iov = parts;
        message.msg_iovlen = count;
        const auto sent = ::sendmsg(descriptor, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0) {
            if (errno == EINTR) continue;
            return errno == EAGAIN || errno == EWOULDBLOCK ? Sent::some : Sent::failed;
        }
        forget(static_cast<std::size_t>(sent));
        left -= static_cast<std::size_t>(sent);
    }
    return empty() ? Sent::all : Sent::some;
}

void Outbox::forget(std::size_t sent) {
    _bytes -= sent;
    while (sent > 0) {
        const auto left = _frames[_head].bytes().size() - _offset;
        if (sent < left) {
            _offset += static_cast<std::uint32_t>(sent);
            break;
        }
        sent -= left;
        _offset = 0;
        _frames[_head++] = SharedFrame();
    }
    if (empty()) {
        _frames.clear();
        _head = 0;
        if (_frames.capacity() > keptCapacity) _frames.shrink_to_fit();
    } else if (_head > 1024 && std::size_t{_head} * 2 > _frames.size()) {
        _frames.erase(_frames.begin(), _frames.begin() + _head);
        _head = 0;
    }
}

void Outbox::dropUnsent() {
    const auto keep = static_cast<std::size_t>(_head) + (_offset > 0 ? 1 : 0);
    for (auto i = keep; i < _frames.size(); ++i) _bytes -= _frames[i].bytes().size();
    if (keep < _frames.size()) {
        _frames.erase(_frames.begin() + static_cast<std::ptrdiff_t>(keep), _frames.end());
    }
}

} // namespace salon::net
