#include "account/RegistrationLimit.h"

namespace salon::auth {

namespace {

constexpr std::chrono::hours window{1};

} // namespace

void RegistrationLimit::forgetOldest(Hours& hours) {
    hours.counters.erase(hours.byAge.front());
    hours.byAge.pop_front();
}

std::optional<std::chrono::seconds> RegistrationLimit::admit(const std::string& address,
                                                             Clock::time_point now) {
    if (_perHour == 0) return std::nullopt;
    const auto key = Network::of(address);
    auto hours = _hours.lock();
    auto& counters = hours->counters;
    while (!hours->byAge.empty() && now - counters[hours->byAge.front()].began >= window) {
        forgetOldest(*hours);
    }
    auto found = counters.find(key);
    if (found == counters.end()) {
        if (counters.size() >= _capacity) forgetOldest(*hours);
        found = counters.emplace(key, Hour{now, 0}).first;
        hours->byAge.push_back(key);
    }
    auto& hour = found->second;
    if (hour.count >= _perHour) {
        return std::chrono::ceil<std::chrono::seconds>(hour.began + window - now);
    }
    ++hour.count;
    return std::nullopt;
}

void RegistrationLimit::withdraw(const std::string& address) {
    auto hours = _hours.lock();
    const auto found = hours->counters.find(Network::of(address));
    if (found != hours->counters.end() && found->second.count > 0) --found->second.count;
}

} // namespace salon::auth
