#include "net/RouteMetrics.h"

#include <algorithm>

namespace salon::net {

RouteMetrics::RouteMetrics(Metrics& metrics, const std::string& route, const std::string& method) {
    for (std::size_t i = 0; i < _answers.size(); ++i) {
        const auto status = i < statuses.size() ? std::to_string(statuses[i]) : "other";
        _answers[i] =
            metrics.counter({"salon_http_requests_total",
                             "HTTP requests that were answered, by route, method and status.",
                             {{"route", route}, {"method", method}, {"status", status}},
                             true});
    }
    _seconds =
        metrics.histogram({"salon_http_request_seconds",
                           "How long HTTP requests took, from their last byte to the answer.",
                           {{"route", route}, {"method", method}},
                           true},
                          Buckets::latency());
}

void RouteMetrics::count(int status, std::chrono::nanoseconds took) const {
    const auto place = std::lower_bound(statuses.begin(), statuses.end(), status);
    const bool known = place != statuses.end() && *place == status;
    const auto index = known ? place - statuses.begin() : std::ssize(statuses);
    _answers[static_cast<std::size_t>(index)].add();
    _seconds.observe(took);
}

} // namespace salon::net
