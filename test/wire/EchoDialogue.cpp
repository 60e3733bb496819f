#include "EchoDialogue.h"

#include <functional>

namespace salon::wire {

Daemon::Defines EchoDialogue::defines() const {
    return {{"plugins.load", "auth," SALON_BUILD "/test/plugins/lib/echo.so"}};
}

std::string EchoDialogue::word(const std::string& kind, std::string_view payload) {
    if (payload.size() <= 60) return kind + ':' + std::string(payload);
    return kind + '#' + std::to_string(payload.size()) + '#' +
           std::to_string(std::hash<std::string_view>()(payload));
}

std::string EchoDialogue::story(RawWebSocket& socket) {
    std::string words;
    for (;;) {
        const auto frame = socket.incoming();
        if (!words.empty()) words += ' ';
        if (frame.opcode == closeFrame) {
            words += "close:" + std::to_string(frame.closeCode());
            break;
        }
        CPPUNIT_ASSERT(!frame.compressed);
        const auto* kind = frame.opcode == textFrame     ? "text"
                           : frame.opcode == binaryFrame ? "binary"
                           : frame.opcode == pongFrame   ? "pong"
                                                         : "another";
        words += word(kind, frame.payload);
    }
    CPPUNIT_ASSERT_EQUAL(std::string(), socket.untilClosed());
    return words;
}

std::string EchoDialogue::storyOf(const std::string& bytes, std::size_t piece) const {
    auto socket = RawWebSocket::at(salon.port(), "/echo");
    socket.opened().is(101);
    const auto all = bytes + closeBytes(1000);
    if (piece == 0) piece = all.size();
    for (std::size_t i = 0; i < all.size(); i += piece) {
        socket.send(std::string_view(all).substr(i, piece));
    }
    return story(socket);
}

void EchoDialogue::check(const std::vector<EchoCase>& cases) const {
    for (const auto& [name, bytes, expected] : cases) {
        const bool ended = expected.find("close:") != std::string::npos;
        const auto whole =
            ended ? expected : expected + (expected.empty() ? "" : " ") + "close:1000";
        CPPUNIT_ASSERT_EQUAL_MESSAGE(name, whole, storyOf(bytes));
        if (bytes.size() > 300) continue;
        CPPUNIT_ASSERT_EQUAL_MESSAGE(name + ", byte by byte", whole, storyOf(bytes, 1));
    }
}

std::string closeBytes(int code, std::string_view reason) {
    std::string payload{static_cast<char>(code >> 8), static_cast<char>(code & 255)};
    return frameBytes(fin | closeFrame, payload.append(reason));
}

} // namespace salon::wire
