#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

// Clients that misbehave, many of each kind on one thread. Each goes on as long as the daemon lets
// it; how it was ended is counted, and it begins anew.

namespace salon::bench {

/// One kind of misbehaviour.
struct Offence {
    std::string name = {};
    std::string source = {}; ///< the address that they come from
    std::size_t clients = 0;
    int receiveBuffer = 0; ///< bytes; 0: as many as the system likes
    /// What each sends first; by its number.
    std::vector<std::string> first = {};
    /// What each sends on and on after that, one after the other, until the daemon ends it; nothing
    /// when empty.
    std::vector<std::string> more = {};
    /// Between two times of `more`; 0: as fast as the daemon takes it.
    std::chrono::milliseconds pace{0};
    bool reads = true;   ///< whether it takes what the daemon sends
    bool leaves = false; ///< closes as soon as it is connected
};

/// Words such as `408`, `1008`, `closed`, and how often that was the end of one.
using Endings = std::map<std::string, std::size_t>;

class Offenders {
public:
    Offenders(std::uint16_t port, std::vector<Offence> offences);
    ~Offenders();
    Offenders(const Offenders&) = delete;
    Offenders& operator=(const Offenders&) = delete;

    /// Goes on so long.
    void run(std::chrono::milliseconds time);
    /// Those that never read do so now, at most so long: what ended them.
    void readAtLast(std::chrono::milliseconds time);

    const Endings& endings(std::size_t offence) const { return _endings[offence]; }
    /// Connections that were begun.
    std::size_t begun(std::size_t offence) const { return _begun[offence]; }

private:
    struct Client {
        std::size_t offence = 0;
        std::size_t number = 0; ///< of its kind
        std::size_t sent = 0;   ///< how often it sent more
        int descriptor = -1;
        bool connected = false;
        std::string output;
        std::string input; ///< the beginning of an answer, or of a frame
        std::chrono::steady_clock::time_point due{};
    };

    /// Waits for events at most so long.
    void handle(int milliseconds);
    void begin(Client& client);
    void end(Client& client, const std::string& ending);
    void onEvents(Client& client, std::uint32_t events);
    void read(Client& client);
    void write(Client& client);
    void pace();
    void watch(Client& client);

    std::uint16_t _port;
    std::vector<Offence> _offences;
    int _epoll;
    std::vector<Client> _clients;
    std::vector<Endings> _endings;
    std::vector<std::size_t> _begun;
    std::vector<char> _buffer;
};

} // namespace salon::bench
