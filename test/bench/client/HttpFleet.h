#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace salon::bench {

struct HttpResult {
    std::int64_t answered = 0;
    std::int64_t refused = 0;  ///< answers of another status than 2xx, among the answered
    std::string refusal;       ///< the first of them
    std::vector<double> times; ///< milliseconds from request to whole answer, sorted
    std::chrono::duration<double> clock{};

    double perSecond() const { return static_cast<double>(answered) / clock.count(); }
    /// @param part 0.5 for the median; 0 when there was no answer
    double percentile(double part) const;
};

/// Keep-alive connections on one thread, each with one request in flight at any time.
class HttpFleet {
public:
    /// The bytes of a connection's next request.
    using Next = std::function<std::string(std::size_t connection)>;

    HttpFleet(std::uint16_t port, std::size_t connections, Next next);
    ~HttpFleet();
    HttpFleet(const HttpFleet&) = delete;
    HttpFleet& operator=(const HttpFleet&) = delete;

    /// Goes on so long. @throws std::runtime_error when the server closes a connection
    HttpResult run(std::chrono::milliseconds time);

private:
    struct Client {
        int descriptor = -1;
        std::string input;
        std::chrono::steady_clock::time_point asked{};
        bool busy = false;
    };

    void ask(Client& client, std::size_t index);
    void read(Client& client, HttpResult& result);

    Next _next;
    int _epoll;
    std::vector<Client> _clients;
};

/// A request's bytes. @param body JSON; none when empty
std::string httpRequest(const std::string& method, const std::string& path,
                        const std::string& token, const std::string& body = {});

} // namespace salon::bench
