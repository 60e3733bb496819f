#include "Person.h"

#include "Contract.h"
#include "Daemon.h"
#include "Deadline.h"
#include "RawConnection.h"

#include <Poco/Buffer.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/NumberFormatter.h>
#include <Poco/NumberParser.h>
#include <cppunit/extensions/HelperMacros.h>

#include <exception>
#include <sstream>

namespace salon::wire {

using Poco::Net::HTTPRequest;
using Poco::Net::WebSocket;

namespace {

const std::string password = "correct horse battery staple";
constexpr int pong = int{WebSocket::FRAME_FLAG_FIN} | int{WebSocket::FRAME_OP_PONG};
constexpr int closing = int{WebSocket::FRAME_FLAG_FIN} | int{WebSocket::FRAME_OP_CLOSE};

HTTPRequest requestFor(const Handshake& handshake, const std::string& token) {
    HTTPRequest request(HTTPRequest::HTTP_GET, "/ws", HTTPRequest::HTTP_1_1);
    switch (handshake.way) {
    case Handshake::Way::header:
        request.set("Authorization", "Bearer " + token);
        break;
    case Handshake::Way::subprotocol:
        request.set("Sec-WebSocket-Protocol", "salon.v1, bearer." + token);
        break;
    case Handshake::Way::query:
        request.setURI("/ws?token=" + token);
        break;
    case Handshake::Way::none:
        break;
    }
    if (!handshake.origin.empty()) request.set("Origin", handshake.origin);
    for (const auto& [name, value] : handshake.headers) request.set(name, value);
    return request;
}

} // namespace

bool isNews(const Json& frame) {
    return frame.is("type", "presence") && !frame.has("id");
}

int Incoming::closeCode() const {
    if (opcode == 0) return 1006;
    if (payload.size() < 2) return 1005;
    return static_cast<unsigned char>(payload[0]) << 8 | static_cast<unsigned char>(payload[1]);
}

Person::Person(Daemon& daemon, const std::string& name) : _daemon(&daemon), _name(name) {
    const auto http = daemon.http();
    const auto secret = ",\"password\":" + jsonString(password) + "}";
    auto reply = http.post("/api/v1/auth/register", "{\"username\":" + jsonString(name) + secret);
    if (reply.status == 409) {
        reply = http.post("/api/v1/auth/login", "{\"login\":" + jsonString(name) + secret).is(200);
    } else {
        reply.is(201);
    }
    const auto account = reply.json();
    _id = account.object("user").number("id");
    _token = account.text("access_token");
}

Person::Person(Daemon& daemon, std::string name, std::int64_t id, std::string token)
    : _daemon(&daemon), _name(std::move(name)), _id(id), _token(std::move(token)) {}

Person::~Person() {
    // A test that fails leaves its people by an exception: only then is the daemon's log of
    // interest.
    if (_daemon->running() && std::uncaught_exceptions() > 0) _daemon->tellLog();
}

Http Person::http() const {
    return _daemon->http(_token);
}

Person Person::elsewhere() const {
    return Person(*_daemon, _name, _id, _token);
}

std::string Person::newId() {
    static std::int64_t count = 0;
    return "wire-" + std::to_string(++count);
}

Json Person::connect(const Handshake& handshake) {
    _seen.clear();
    auto request = requestFor(handshake, _token);
    Poco::Net::HTTPResponse response;
    try {
        Poco::Net::HTTPClientSession session("127.0.0.1", _daemon->port());
        session.setTimeout(Poco::Timespan(test::patience.count() * 1000));
        _socket = std::make_unique<WebSocket>(session, request, response);
    } catch (const Poco::Exception& e) {
        CPPUNIT_FAIL(_name + " gets no WebSocket: " + e.displayText() + "; " +
                     std::to_string(response.getStatus()) + " " + response.getReason());
    }
    _socket->setReceiveTimeout(Poco::Timespan(test::patience.count() * 1000));
    _socket->setNoDelay(true);
    _subprotocol = response.get("Sec-WebSocket-Protocol", "");
    auto welcome = next();
    CPPUNIT_ASSERT_EQUAL_MESSAGE(welcome.dump(), std::string("welcome"), welcome.text("type"));
    CPPUNIT_ASSERT_EQUAL(_id, welcome.object("user").number("id"));
    _session = welcome.number("session");
    return welcome;
}

Reply Person::knock(const Handshake& handshake) const {
    auto request = requestFor(handshake, _token);
    const Headers upgrade{{"Host", "127.0.0.1:" + std::to_string(_daemon->port())},
                          {"Connection", "Upgrade"},
                          {"Upgrade", "websocket"},
                          {"Sec-WebSocket-Version", "13"},
                          {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="}};
    for (const auto& [name, value] : upgrade) {
        if (!request.has(name)) request.set(name, value);
    }
    std::ostringstream bytes;
    request.write(bytes);
    RawConnection connection(_daemon->port());
    connection.send(bytes.str());
    return connection.reply();
}

void Person::vanish() {
    _socket.reset();
}

void Person::frame(std::string_view payload, int flags) {
    try {
        _socket->sendFrame(payload.data(), static_cast<int>(payload.size()), flags);
    } catch (const Poco::TimeoutException&) {
        CPPUNIT_FAIL("the daemon does not read what " + _name + " sends");
    } catch (const Poco::IOException&) {
        return; // it has closed, and closedWith() tells how
    }
}

bool Person::hears(std::chrono::milliseconds within) {
    CPPUNIT_ASSERT_MESSAGE(_name + " is not connected", _socket);
    return _socket->poll(Poco::Timespan(within.count() * 1000), Poco::Net::Socket::SELECT_READ);
}

Incoming Person::incoming() {
    CPPUNIT_ASSERT_MESSAGE(_name + " is not connected", _socket);
    Poco::Buffer<char> buffer(0);
    int flags = 0;
    try {
        _socket->receiveFrame(buffer, flags);
    } catch (const Poco::TimeoutException&) {
        CPPUNIT_FAIL(_name + " waited, and nothing came");
    } catch (const Poco::IOException&) {
        return {};
    }
    Incoming frame{flags & WebSocket::FRAME_OP_BITMASK, std::string(buffer.begin(), buffer.size())};
    if (frame.opcode == WebSocket::FRAME_OP_TEXT) Contract::get().checkServerFrame(frame.payload);
    return frame;
}

Json Person::receive() {
    for (;;) {
        const auto frame = incoming();
        switch (frame.opcode) {
        case WebSocket::FRAME_OP_TEXT:
            if (auto json = Json::parse(frame.payload); _heedsPresence || !isNews(json))
                return json;
            break;
        case WebSocket::FRAME_OP_PING:
            this->frame(frame.payload, pong);
            break;
        case WebSocket::FRAME_OP_PONG:
            break;
        default:
            CPPUNIT_FAIL(_name + "'s connection ended with " + std::to_string(frame.closeCode()));
        }
    }
}

Json Person::next() {
    if (_seen.empty()) return receive();
    auto frame = std::move(_seen.front());
    _seen.pop_front();
    return frame;
}

template <class Wanted> Json Person::await(const std::string& what, Wanted wanted) {
    for (auto frame = _seen.begin(); frame != _seen.end(); ++frame) {
        if (!wanted(*frame)) continue;
        auto found = std::move(*frame);
        _seen.erase(frame);
        return found;
    }
    const test::Deadline deadline(test::patience);
    while (!deadline.passed()) {
        auto frame = receive();
        if (wanted(frame)) return frame;
        _seen.push_back(std::move(frame));
    }
    CPPUNIT_FAIL(_name + " does not see " + what);
}

Json Person::ask(const std::string& members) {
    const auto id = newId();
    const auto text = "{" + members + ",\"id\":" + jsonString(id) + "}";
    frame(text);
    auto answer =
        await("the answer to " + members, [&](const Json& frame) { return frame.is("id", id); });
    if (!answer.is("type", "error")) Contract::get().checkClientFrame(text);
    return answer;
}

Json Person::send(const Person& to, const std::string& content, std::string id) {
    if (id.empty()) id = newId();
    const auto text = "{\"type\":\"dm\",\"to\":" + std::to_string(to.id()) +
                      ",\"content\":" + jsonString(content) + ",\"id\":" + jsonString(id) + "}";
    Contract::get().checkClientFrame(text);
    frame(text);
    auto answer = await("the ack of " + id, [&](const Json& frame) { return frame.is("id", id); });
    CPPUNIT_ASSERT_EQUAL_MESSAGE(answer.dump(), std::string("ack"), answer.text("type"));
    return answer;
}

Json Person::sees(const std::string& type) {
    return await("a " + type, [&](const Json& frame) {
        if (frame.is("type", "error") && type != "error") {
            CPPUNIT_FAIL(_name + " waits for a " + type + " and sees " + frame.dump());
        }
        return frame.is("type", type);
    });
}

Json Person::isRefused(const std::string& code) {
    auto frame = next();
    CPPUNIT_ASSERT_EQUAL_MESSAGE(frame.dump(), std::string("error"), frame.text("type"));
    CPPUNIT_ASSERT_EQUAL_MESSAGE(frame.dump(), code, frame.text("code"));
    return frame;
}

void Person::seesNothing() {
    const auto id = newId();
    frame("{\"type\":\"ping\",\"id\":" + jsonString(id) + "}");
    const auto frame = next();
    if (!frame.is("type", "pong") || !frame.is("id", id)) {
        CPPUNIT_FAIL(_name + " should see nothing, and sees " + frame.dump());
    }
}

int Person::closedWith() {
    const test::Deadline deadline(test::patience);
    while (!deadline.passed()) {
        auto frame = incoming();
        if (frame.opcode == WebSocket::FRAME_OP_TEXT) {
            auto json = Json::parse(frame.payload);
            if (_heedsPresence || !isNews(json)) _seen.push_back(std::move(json));
        } else if (frame.opcode == WebSocket::FRAME_OP_CLOSE || frame.opcode == 0) {
            if (frame.opcode != 0) {
                this->frame(frame.payload, closing);
            }
            _socket.reset();
            return frame.closeCode();
        }
    }
    CPPUNIT_FAIL(_name + "'s connection does not end");
}

int Person::close(int code) {
    _socket->shutdown(static_cast<Poco::UInt16>(code));
    return closedWith();
}

} // namespace salon::wire
