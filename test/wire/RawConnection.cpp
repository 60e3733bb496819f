#include "RawConnection.h"

#include "Contract.h"
#include "Deadline.h"

#include <Poco/Net/NetException.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/NumberParser.h>
#include <Poco/String.h>
#include <Poco/Timespan.h>
#include <cppunit/TestAssert.h>

#include <array>

namespace salon::wire {

namespace {

Reply parseHead(const std::string& head) {
    Reply reply;
    if (!head.starts_with("HTTP/1.1 ") && !head.starts_with("HTTP/1.0 ")) {
        CPPUNIT_FAIL("this is no response: " + head);
    }
    int status = 0;
    if (!Poco::NumberParser::tryParse(head.substr(9, 3), status)) {
        CPPUNIT_FAIL("this is no response: " + head);
    }
    reply.status = status;
    auto line = head.find("\r\n") + 2;
    while (line < head.size()) {
        const auto end = head.find("\r\n", line);
        const auto colon = head.find(':', line);
        if (colon == std::string::npos || colon > end) {
            CPPUNIT_FAIL("a header line without a colon: " + head);
        }
        reply.headers.add(head.substr(line, colon - line),
                          Poco::trim(head.substr(colon + 1, end - colon - 1)));
        line = end + 2;
    }
    return reply;
}

} // namespace

RawConnection::RawConnection(std::uint16_t port, int receiveBuffer)
    : _socket(Poco::Net::SocketAddress::IPv4) {
    // Before the connection is made: it decides on the window that is offered.
    if (receiveBuffer > 0) _socket.setReceiveBufferSize(receiveBuffer);
    _socket.connect(Poco::Net::SocketAddress("127.0.0.1", port));
    const Poco::Timespan patience(test::patience.count() * 1000);
    _socket.setReceiveTimeout(patience);
    _socket.setSendTimeout(patience);
    _socket.setNoDelay(true);
}

void RawConnection::send(std::string_view bytes) {
    try {
        while (!bytes.empty()) {
            const auto sent = _socket.sendBytes(bytes.data(), static_cast<int>(bytes.size()));
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
    } catch (const Poco::TimeoutException&) {
        CPPUNIT_FAIL("the daemon does not read what it is sent");
    } catch (const Poco::IOException&) {
        return; // it has closed
    }
}

void RawConnection::finishSending() {
    _socket.shutdownSend();
}

bool RawConnection::receive() {
    std::array<char, 16384> buffer;
    try {
        const int count = _socket.receiveBytes(buffer.data(), static_cast<int>(buffer.size()));
        _received.append(buffer.data(), static_cast<std::size_t>(count));
        return count > 0;
    } catch (const Poco::TimeoutException&) {
        CPPUNIT_FAIL("nothing more came after: " + _received);
    } catch (const Poco::IOException&) {
        return false; // reset
    }
}

Reply RawConnection::reply(bool toHead) {
    auto end = _received.find("\r\n\r\n");
    while (end == std::string::npos) {
        if (!receive()) CPPUNIT_FAIL("the connection ended before a response: " + _received);
        end = _received.find("\r\n\r\n");
    }
    auto reply = parseHead(bytes(end + 4).substr(0, end + 2));
    const bool bodiless =
        toHead || reply.status < 200 || reply.status == 204 || reply.status == 304;
    if (!bodiless) {
        reply.body = reply.headers.has("Content-Length")
                         ? bytes(Poco::NumberParser::parseUnsigned(reply.header("Content-Length")))
                         : untilClosed();
        Contract::get().checkProblem(reply);
    }
    return reply;
}

std::string RawConnection::bytes(std::size_t count) {
    while (_received.size() < count) {
        if (!receive()) CPPUNIT_FAIL("the connection ended early, after: " + _received);
    }
    auto taken = _received.substr(0, count);
    _received.erase(0, count);
    return taken;
}

bool RawConnection::isQuiet() {
    return _received.empty() && !_socket.poll(Poco::Timespan(), Poco::Net::Socket::SELECT_READ);
}

std::string RawConnection::untilClosed() {
    const test::Deadline deadline(test::patience);
    while (receive()) {
        if (deadline.passed()) CPPUNIT_FAIL("the connection was not closed");
    }
    return std::move(_received);
}

} // namespace salon::wire
