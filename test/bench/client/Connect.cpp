#include "client/Connect.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace salon::bench {

namespace {

int connectOf(int type, const std::string& source, std::uint16_t port, int receiveBuffer) {
    const int descriptor = ::socket(AF_INET, type | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    bool good = descriptor >= 0;
    if (good && receiveBuffer > 0) {
        ::setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, sizeof receiveBuffer);
    }
    if (good && !source.empty()) {
        // The port is chosen at connect(), so that one serves for many places to go to.
        const int on = 1;
        ::setsockopt(descriptor, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
        ::inet_pton(AF_INET, source.c_str(), &address.sin_addr);
        good = ::bind(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    }
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    good = good &&
           (::connect(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 ||
            errno == EINPROGRESS);
    if (good) return descriptor;
    const int reason = errno;
    if (descriptor >= 0) ::close(descriptor);
    throw std::system_error(reason, std::generic_category(), "cannot connect");
}

} // namespace

int connectFrom(const std::string& source, std::uint16_t port, int receiveBuffer) {
    return connectOf(SOCK_STREAM, source, port, receiveBuffer);
}

int beginFrom(const std::string& source, std::uint16_t port, int receiveBuffer) {
    return connectOf(SOCK_STREAM | SOCK_NONBLOCK, source, port, receiveBuffer);
}

} // namespace salon::bench
