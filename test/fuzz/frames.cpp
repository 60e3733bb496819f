#include "Fuzz.h"

#include "app/Preparation.h"
#include "app/Service.h"
#include "app/Signals.h"
#include "app/log/PocoLog.h"
#include "salon/Json.h"
#include "websocket/Utf8.h"
#include "websocket/WebSocketCodec.h"

#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/StreamCopier.h>
#include <Poco/Util/LayeredConfiguration.h>

#include <csignal>
#include <filesystem>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <thread>
#include <unistd.h>
#include <vector>

// The handlers of frames, as they are: a whole daemon in this process, with its plugins and a
// database in a temporary folder. Each line of an input is a frame, alice's, or bob's when it
// begins with '!'. What the daemon says is UTF-8 and JSON with a type, it answers a ping behind
// them all, and nobody is ended but by what the frames themselves deserve.

using salon::fuzz::hold;

namespace {

std::uint16_t freePort() {
    Poco::Net::ServerSocket socket(Poco::Net::SocketAddress("127.0.0.1", 0));
    return socket.address().port();
}

/// salond, from its configuration to its end.
class House {
public:
    House() : _port(freePort()) {
        char folder[] = SALON_BUILD "/house-XXXXXX";
        if (!::mkdtemp(folder)) throw std::runtime_error("no temporary folder");
        _folder = folder;
        salon::SettingsRegistry registry;
        Poco::AutoPtr<Poco::Util::LayeredConfiguration> configuration(
            new Poco::Util::LayeredConfiguration);
        salon::ConfigurationLayers layers(configuration, [](const char*) { return nullptr; });
        for (const auto& define :
             {"http.port=" + std::to_string(_port), "store.url=sqlite:" + _folder + "/db",
              "auth.key_file=" + _folder + "/key", std::string("auth.register_limit=0"),
              std::string("plugins.directory=" SALON_BUILD "/plugins"),
              std::string("plugins.load=auth,conversations,presence"), std::string("ws.rate=0"),
              std::string("ws.max_connections_per_user=0"), std::string("metrics.serve=off"),
              std::string("log.level=error")}) {
            layers.define(define);
        }
        salon::prepare(registry, layers, _preparation);
        if (!_preparation.faults.empty()) throw std::runtime_error(_preparation.faults[0]);
        salon::startLogging(_preparation.configuration);
        _thread = std::thread([this] { salon::serve(_preparation, _signals); });
    }
    ~House() {
        ::kill(::getpid(), SIGTERM); // which is blocked, and read by the daemon's main loop
        _thread.join();
        std::filesystem::remove_all(_folder);
    }
    House(const House&) = delete;
    House& operator=(const House&) = delete;

    Poco::Net::StreamSocket connect() const {
        for (int i = 0; i < 1000; ++i) {
            try {
                return Poco::Net::StreamSocket(Poco::Net::SocketAddress("127.0.0.1", _port));
            } catch (const Poco::Exception&) {
                std::this_thread::sleep_for(std::chrono::milliseconds(10)); // it is starting
            }
        }
        throw std::runtime_error("the daemon does not listen");
    }

    /// The access token of a new account.
    std::string token(const std::string& name) const {
        connect();
        Poco::Net::HTTPClientSession session("127.0.0.1", _port);
        Poco::Net::HTTPRequest request("POST", "/api/v1/auth/register", "HTTP/1.1");
        const auto body = R"({"username":")" + name + R"(","password":"correct horse"})";
        request.setContentType("application/json");
        request.setContentLength(static_cast<int>(body.size()));
        session.sendRequest(request) << body;
        Poco::Net::HTTPResponse response;
        std::string text;
        Poco::StreamCopier::copyToString(session.receiveResponse(response), text);
        salon::JsonReader reader;
        const auto answer = reader.parse(text);
        if (!answer) throw std::runtime_error("no account: " + text);
        return std::string((*answer)["access_token"].string().value());
    }

private:
    const salon::Signals _signals;
    const std::uint16_t _port;
    std::string _folder;
    salon::Preparation _preparation;
    std::thread _thread;
};

/// One connection of somebody.
class Person {
public:
    Person(const House& house, const std::string& token) : _socket(house.connect()) {
        _socket.setNoDelay(true);
        _socket.setReceiveTimeout(Poco::Timespan(30, 0));
        send("GET /ws HTTP/1.1\r\nHost: salon\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
             "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
             "Authorization: Bearer " +
             token + "\r\n\r\n");
        while (_received.find("\r\n\r\n") == std::string::npos) hold(receive(), "it upgrades");
        hold(_received.starts_with("HTTP/1.1 101"), "a good token opens a WebSocket");
        _received.erase(0, _received.find("\r\n\r\n") + 4);
    }

    void frame(std::string_view text) {
        char header[10];
        const auto size = salon::net::encodeHeader(header, 0x1, text.size());
        header[1] = static_cast<char>(header[1] | 0x80);
        std::string bytes(header, size);
        bytes.append(4, '\0'); // a mask that changes nothing
        send(bytes.append(text));
    }

    /// Reads and checks until the answer to a ping that is sent now, or until the daemon has
    /// closed.
    void hearAll() {
        frame(R"({"type":"ping","id":"the last"})");
        while (!_closed) {
            if (const auto frame = next(); frame == R"({"type":"pong","id":"the last"})") return;
        }
    }

private:
    void send(std::string_view bytes) {
        try {
            while (!bytes.empty() && !_closed) {
                const auto sent = _socket.sendBytes(bytes.data(), static_cast<int>(bytes.size()));
                bytes.remove_prefix(static_cast<std::size_t>(sent));
            }
        } catch (const Poco::IOException&) {
            return; // what was said before can still be read
        }
    }

    bool receive() {
        char room[65536];
        int count = 0;
        try {
            count = _socket.receiveBytes(room, sizeof room);
        } catch (const Poco::TimeoutException&) {
            hold(false, "the daemon answers");
        } catch (const Poco::IOException&) {
            count = 0;
        }
        _received.append(room, static_cast<std::size_t>(count));
        return count > 0;
    }

    bool have(std::size_t size) {
        while (_received.size() < size) {
            if (!receive()) return false;
        }
        return true;
    }

    /// The next text; empty for other frames and at the end.
    std::string next() {
        if (!have(2)) return end();
        const auto first = static_cast<std::uint8_t>(_received[0]);
        const auto brief = static_cast<std::uint8_t>(_received[1]);
        const std::size_t header = brief == 126 ? 4 : brief == 127 ? 10 : 2;
        if (!have(header)) return end();
        std::size_t size = header == 2 ? brief : 0;
        for (std::size_t i = 2; i < header; ++i) {
            size = size << 8 | static_cast<std::uint8_t>(_received[i]);
        }
        if (!have(header + size)) return end();
        auto payload = _received.substr(header, size);
        _received.erase(0, header + size);
        if (first == 0x88) {
            const auto code = size < 2 ? 1005
                                       : static_cast<std::uint8_t>(payload[0]) << 8 |
                                             static_cast<std::uint8_t>(payload[1]);
            hold(code == 1007 || code == 1009 || code == 4413,
                 "frames end nobody but by themselves");
            return end();
        }
        if (first != 0x81) return {};
        salon::JsonReader reader;
        const auto frame = reader.parse(payload);
        hold(frame && (*frame)["type"].string(), "what the daemon says is JSON with a type");
        return payload;
    }

    std::string end() {
        _closed = true;
        return {};
    }

    Poco::Net::StreamSocket _socket;
    std::string _received;
    bool _closed = false;
};

std::unique_ptr<House> house;
std::string aliceToken;
std::string bobToken;

} // namespace

extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
    // After each input libFuzzer would take what the daemon's threads keep for leaks; at the end
    // the sanitizer looks for those by itself.
    static char noLeaks[] = "-detect_leaks=0";
    static std::vector<char*> all(*arguments, *arguments + *count);
    all.push_back(noLeaks);
    *count = static_cast<int>(all.size());
    all.push_back(nullptr);
    *arguments = all.data();

    house = std::make_unique<House>();
    // An interrupt is for the fuzzer, not for the daemon, which would stop under it.
    sigset_t interrupt;
    ::sigemptyset(&interrupt);
    ::sigaddset(&interrupt, SIGINT);
    ::pthread_sigmask(SIG_UNBLOCK, &interrupt, nullptr);
    aliceToken = house->token("alice");
    bobToken = house->token("bob");
    // Before anything that the daemon's threads use is destroyed.
    std::atexit([] { house.reset(); });
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Person alice(*house, aliceToken);
    Person bob(*house, bobToken);
    std::string_view rest(reinterpret_cast<const char*>(data), size);
    while (!rest.empty()) {
        const auto line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(rest.size(), line.size() + 1));
        if (line.starts_with('!')) {
            bob.frame(line.substr(1));
        } else {
            alice.frame(line);
        }
    }
    alice.hearAll();
    bob.hearAll();
    return 0;
}
