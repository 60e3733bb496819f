#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace salon::test {

/// A way to a server of this machine, by a TCP port of its own, that is cut at a chosen byte: as
/// when a switch or a router dies in the middle of a word. One thread passes the bytes on.
class CuttingProxy {
public:
    struct Cut {
        enum class Direction { toServer, fromServer };
        enum class How {
            close,   ///< both sides see an orderly end (FIN)
            reset,   ///< both see a reset (RST)
            silence, ///< neither sees anything: the link stays open, and nothing comes any more
        };
        Direction direction = Direction::toServer;
        /// The bytes are counted from where this passes on the way to the server; empty: from now.
        std::string from = {};
        /// As many pass in this direction. The first one too many from the server is swallowed: the
        /// server has then done what it was asked, and nobody is told.
        std::size_t bytes = 0;
        How how = How::close;
    };

    /// @throws std::system_error
    explicit CuttingProxy(std::uint16_t serverPort);
    ~CuttingProxy();
    CuttingProxy(const CuttingProxy&) = delete;
    CuttingProxy& operator=(const CuttingProxy&) = delete;

    std::uint16_t port() const { return _port; }
    /// Cuts one link, that on which so much passes first. New ones can be made at once.
    void cut(Cut cut);
    /// Waits until it is cut. @returns false when the time is over
    bool waitForCut(std::chrono::milliseconds within);

private:
    struct Link {
        int client = -1;
        int server = -1;
        bool silent = false;
        unsigned order = 0;              ///< of cut() that `left` belongs to
        std::optional<std::size_t> left; ///< bytes until it is cut; none: not counted yet
    };

    void run();
    void accept();
    bool pass(Link& link, Cut::Direction direction);
    std::size_t passing(Link& link, Cut::Direction direction, std::string_view bytes, bool& cut);
    void end(Link& link, Cut::How how);

    int _listener = -1;
    int _wake = -1;
    std::uint16_t _port = 0;
    std::uint16_t _serverPort;
    std::list<Link> _links; ///< the thread's own
    std::mutex _mutex;
    std::condition_variable _changed;
    std::optional<Cut> _cut;
    unsigned _order = 0;
    bool _ending = false;
    std::thread _thread;
};

} // namespace salon::test
