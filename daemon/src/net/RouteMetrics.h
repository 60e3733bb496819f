#pragma once

#include "salon/Metrics.h"

#include <array>
#include <chrono>
#include <cstddef>
#include <string>

namespace salon::net {

/// What is told of the requests of one route: how many by their answer's status, and how long they
/// took. All of it is registered with the route, so that answering takes no lock.
class RouteMetrics {
public:
    /// Counts nothing.
    RouteMetrics() = default;
    /// `route` is a pattern, or `none` for requests that no route takes.
    RouteMetrics(Metrics& metrics, const std::string& route, const std::string& method);

    void count(int status, std::chrono::nanoseconds took) const;

private:
    /// Those that the daemon gives; any other is `other`.
    static constexpr std::array statuses = {101, 200, 201, 204, 206, 304, 308, 400, 401,
                                            403, 404, 405, 408, 409, 413, 415, 416, 417,
                                            422, 426, 429, 431, 500, 501, 503, 505};
    std::array<Counter, statuses.size() + 1> _answers;
    Histogram _seconds;
};

} // namespace salon::net
