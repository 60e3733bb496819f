#pragma once

#include <cstdint>
#include <string>

namespace salon::bench {

/// A TCP connection to a port of 127.0.0.1, which is made at once over loopback as long as the
/// listening queue has room; it never waits for bytes afterwards.
/// @param source an address of the loopback network; empty: 127.0.0.1
/// @param receiveBuffer bytes that the system keeps for this side; 0: as many as it likes
/// @throws std::system_error
int connectFrom(const std::string& source, std::uint16_t port, int receiveBuffer = 0);

/// The same without waiting for the connection; it can be written to once it is made.
int beginFrom(const std::string& source, std::uint16_t port, int receiveBuffer = 0);

} // namespace salon::bench
