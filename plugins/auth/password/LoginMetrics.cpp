#include "password/LoginMetrics.h"

namespace salon::auth {

LoginMetrics LoginMetrics::of(Metrics& metrics) {
    const auto outcome = [&](const char* word) {
        return metrics.counter({"salon_logins_total", "Logins, by outcome.", {{"outcome", word}}});
    };
    return {outcome("succeeded"), outcome("wrong"),       outcome("disabled"),
            outcome("limited"),   outcome("unavailable"), outcome("invalid")};
}

} // namespace salon::auth
