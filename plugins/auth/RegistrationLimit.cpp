#include "RegistrationLimit.h"

#include <arpa/inet.h>
#include <netinet/in.h>

namespace salon::auth {

namespace {

constexpr std::chrono::hours window{1};

std::uint64_t bigEndian(const unsigned char* bytes) {
    std::uint64_t number = 0;
    for (int i = 0; i < 8; ++i) number = number << 8 | bytes[i];
    return number;
}

} // namespace

RegistrationLimit::Key RegistrationLimit::keyOf(const std::string& address) {
    // IPv4 counts where IPv6 maps it (::ffff:0:0/96), so that both spellings are one. What is no
    // address at all shares the key of `::`.
    constexpr std::uint64_t mapped = 0xffffULL << 32;
    in_addr four{};
    if (inet_pton(AF_INET, address.c_str(), &four) == 1) return {0, mapped | ntohl(four.s_addr)};
    in6_addr six{};
    const auto withoutZone = address.substr(0, address.find('%'));
    if (inet_pton(AF_INET6, withoutZone.c_str(), &six) != 1) return {};
    if (IN6_IS_ADDR_V4MAPPED(&six)) return {0, bigEndian(six.s6_addr + 8)};
    return {bigEndian(six.s6_addr), 0};
}

void RegistrationLimit::forgetOldest(Hours& hours) {
    hours.counters.erase(hours.byAge.front());
    hours.byAge.pop_front();
}

std::optional<std::chrono::seconds> RegistrationLimit::admit(const std::string& address,
                                                             Clock::time_point now) {
    if (_perHour == 0) return std::nullopt;
    const auto key = keyOf(address);
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
    const auto found = hours->counters.find(keyOf(address));
    if (found != hours->counters.end() && found->second.count > 0) --found->second.count;
}

} // namespace salon::auth
