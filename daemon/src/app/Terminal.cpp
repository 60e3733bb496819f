#include "app/Terminal.h"

#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <iostream>
#include <stdexcept>

namespace salon {

namespace {

constexpr std::size_t longestLine = 4096;

/// What is typed is not shown while one lives.
class Unseen {
public:
    Unseen() {
        if (tcgetattr(STDIN_FILENO, &_before) != 0) throw std::runtime_error("no terminal");
        auto silent = _before;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    }
    ~Unseen() {
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &_before);
        // The newline was typed, and not shown.
        std::cerr << '\n' << std::flush;
    }
    Unseen(const Unseen&) = delete;
    Unseen& operator=(const Unseen&) = delete;

private:
    termios _before{};
};

} // namespace

std::string Terminal::readSecret(const std::string& prompt) const {
    if (!isatty(STDIN_FILENO)) return readLine();
    auto secret = ask(prompt + ": ");
    if (ask(prompt + " again: ") != secret) {
        throw std::runtime_error("what was typed the second time is another text");
    }
    return secret;
}

std::string Terminal::ask(const std::string& prompt) const {
    // In this order: whoever sees the prompt may type.
    const Unseen unseen;
    std::cerr << prompt << std::flush;
    return readLine();
}

// Byte by byte: what follows the line is somebody else's.
std::string Terminal::readLine() const {
    pollfd watched[] = {{STDIN_FILENO, POLLIN, 0}, {_signals.descriptor(), POLLIN, 0}};
    std::string line;
    for (;;) {
        if (poll(watched, 2, -1) < 0 && errno != EINTR) {
            throw std::runtime_error("standard input cannot be read");
        }
        if (watched[1].revents != 0) throw std::runtime_error("interrupted");
        if (watched[0].revents == 0) continue;
        char c = 0;
        const auto got = read(STDIN_FILENO, &c, 1);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) throw std::runtime_error("standard input cannot be read");
        if (got == 0 && line.empty()) throw std::runtime_error("standard input is empty");
        if (got == 0 || c == '\n') break;
        if (line.size() == longestLine) throw std::runtime_error("the line is too long");
        line.push_back(c);
    }
    if (line.ends_with('\r')) line.pop_back();
    return line;
}

} // namespace salon
