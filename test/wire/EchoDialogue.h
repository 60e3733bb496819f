#pragma once

#include "Dialogue.h"
#include "RawWebSocket.h"

#include <string>
#include <string_view>
#include <vector>

namespace salon::wire {

/// One case: what a client sends before it closes with 1000, and what comes back.
struct EchoCase {
    std::string name;
    std::string bytes;
    std::string story; ///< without the last close when that is 1000
};

/// A daemon with test/plugins/Echo.cpp, which sends every message back.
class EchoDialogue : public Dialogue {
protected:
    Daemon::Defines defines() const override;

    /// What came back, a word a frame: `text:salut binary:x pong: close:1000`. A long payload is
    /// told by its size and its digest.
    static std::string word(const std::string& kind, std::string_view payload);
    /// Reads until the daemon has closed.
    static std::string story(RawWebSocket& socket);
    /// Sends the bytes and a close, in pieces of so many bytes (0: at once).
    std::string storyOf(const std::string& bytes, std::size_t piece = 0) const;
    /// Each case whole, and byte by byte where it is short.
    void check(const std::vector<EchoCase>& cases) const;
};

// First bytes of frames.
constexpr int fin = 0x80;
constexpr int rsv1 = 0x40;
constexpr int continuation = 0x0;
constexpr int textFrame = 0x1;
constexpr int binaryFrame = 0x2;
constexpr int closeFrame = 0x8;
constexpr int pingFrame = 0x9;
constexpr int pongFrame = 0xa;

/// A whole close frame of a client.
std::string closeBytes(int code, std::string_view reason = {});

} // namespace salon::wire
