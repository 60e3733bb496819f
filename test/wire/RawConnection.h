#pragma once

#include "Reply.h"

#include <Poco/Net/StreamSocket.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace salon::wire {

/// A TCP connection to the daemon that sends any bytes at all, and reads what comes. Whatever takes
/// longer than test::patience fails the test.
class RawConnection {
public:
    /// @param receiveBuffer bytes that the system keeps for this side; 0: as many as it likes
    explicit RawConnection(std::uint16_t port, int receiveBuffer = 0);

    /// A peer that has closed already is no failure: what it said can still be read.
    void send(std::string_view bytes);
    /// No more will be sent (a half-closed connection).
    void finishSending();
    /// The next response. Fails the test when the connection ends before it is whole.
    /// @param toHead whether it answers a HEAD, so that no body follows its Content-Length
    Reply reply(bool toHead = false);
    /// Exactly `count` bytes.
    std::string bytes(std::size_t count);
    /// All that comes until the peer closes or resets the connection.
    std::string untilClosed();
    /// Whether neither more bytes nor the end have come so far.
    bool isQuiet();

private:
    /// Waits for more in `_received`. @returns false when the peer has closed
    bool receive();

    Poco::Net::StreamSocket _socket;
    std::string _received;
};

} // namespace salon::wire
