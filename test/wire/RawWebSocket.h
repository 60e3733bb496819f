#pragma once

#include "Person.h"
#include "RawConnection.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace salon::wire {

/// The bytes of a good request for a WebSocket at a path.
/// @param headers further lines, each with its CR LF
std::string openingBytes(const std::string& path, const std::string& headers = {});
/// The same for `/ws`.
std::string handshakeBytes(const std::string& token);
/// A client's frame. @param first its first byte: FIN, reserved bits, opcode
/// @param masked whether it is masked, as a client's frame must be (RFC 6455, 5.1)
std::string frameBytes(int first, std::string_view payload, bool masked = true);
/// A whole text message.
std::string textBytes(std::string_view payload);

/// A WebSocket connection that sends any bytes at all, reads only when it is told to, and answers
/// nothing by itself.
class RawWebSocket {
public:
    /// Returns once the daemon has switched protocols; `welcome` is not read.
    /// @param receiveBuffer bytes that the system keeps for this side; 0: as many as it likes
    RawWebSocket(std::uint16_t port, const std::string& token, int receiveBuffer = 0);
    /// The same for any path; the answer need not be 101.
    static RawWebSocket at(std::uint16_t port, const std::string& path,
                           const std::string& headers = {});

    /// The answer to the handshake.
    const Reply& opened() const { return _opened; }
    void send(std::string_view bytes) { _connection.send(bytes); }
    /// The next frame, whatever it is.
    Incoming incoming();
    /// The next frame but news of others' presence; it must be a text with a JSON object in it.
    Json next();
    /// Reads until a close frame. @returns its code
    int closedWith();
    /// All that comes until the daemon closes the connection.
    std::string untilClosed() { return _connection.untilClosed(); }
    bool isQuiet() { return _connection.isQuiet(); }

private:
    RawWebSocket(RawConnection connection, const std::string& opening);

    RawConnection _connection;
    Reply _opened;
};

} // namespace salon::wire
