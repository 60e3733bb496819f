#pragma once

#include "Reply.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace salon::wire {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// A program that speaks HTTP to the daemon, a connection a call. Bodies are JSON texts.
class Http {
public:
    /// @param token sent as `Authorization: Bearer` unless it is empty
    explicit Http(std::uint16_t port, std::string token = {})
        : _port(port), _token(std::move(token)) {}

    Reply get(const std::string& path) const { return call("GET", path); }
    Reply post(const std::string& path, const std::string& body) const {
        return call("POST", path, body);
    }
    Reply patch(const std::string& path, const std::string& body) const {
        return call("PATCH", path, body);
    }
    Reply put(const std::string& path, const std::string& body) const {
        return call("PUT", path, body);
    }
    Reply del(const std::string& path) const { return call("DELETE", path); }

    /// `headers` replace what would be sent otherwise. Fails the test when no response comes.
    Reply call(const std::string& method, const std::string& path, const std::string& body = {},
               const Headers& headers = {}) const;

    /// Sends these bytes on a connection of its own: `count` responses to them.
    std::vector<Reply> raw(std::string_view bytes, std::size_t count) const;
    /// Sends these bytes on a connection of its own: all that comes until the daemon closes it.
    std::string raw(std::string_view bytes) const;

private:
    std::uint16_t _port;
    std::string _token;
};

} // namespace salon::wire
