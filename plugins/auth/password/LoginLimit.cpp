#include "password/LoginLimit.h"

#include <algorithm>

namespace salon::auth {

namespace {

using namespace std::chrono_literals;
using Clock = LoginLimit::Clock;

constexpr auto memory = 15min;
constexpr Clock::duration longestWait = 15min;
constexpr Clock::duration longestWaitOfAll = 30s;
constexpr std::int64_t looser = 20;

std::size_t mix(std::size_t a, std::size_t b) {
    return (a ^ b) * 0x9e3779b97f4a7c15ULL + (a >> 32);
}

/// How long after its last failure the next attempt may come.
template <class Failures>
Clock::duration waitOf(const Failures& failures, std::int64_t free, Clock::duration longest) {
    if (failures.count < free) return 0s;
    const auto doublings = std::min<std::int64_t>(failures.count - free, 20);
    return std::min<Clock::duration>(1s * (std::int64_t{1} << doublings), longest);
}

/// The counter as it is now: an empty one when the last failure is long past.
template <class Failures>
Failures current(std::optional<Failures> known, std::int64_t free, Clock::duration longest,
                 Clock::time_point now) {
    if (!known || now >= known->last + waitOf(*known, free, longest) + memory) return {};
    return *known;
}

template <class Failures>
Clock::duration left(const Failures& failures, std::int64_t free, Clock::duration longest,
                     Clock::time_point now) {
    return failures.count == 0 ? 0s : failures.last + waitOf(failures, free, longest) - now;
}

} // namespace

std::size_t LoginLimit::Hash::operator()(const Account& account) const {
    return mix(static_cast<std::size_t>(account.user), account.login);
}

std::size_t LoginLimit::Hash::operator()(const Network& network) const {
    return mix(network.high, network.low);
}

std::size_t LoginLimit::Hash::operator()(const Pair& pair) const {
    return mix((*this)(pair.account), (*this)(pair.network));
}

LoginLimit::Pair LoginLimit::pairOf(const Who& who) {
    const auto login = who.user == 0 ? std::hash<std::string>()(who.login) : 0;
    return {{who.user, login}, Network::of(who.address)};
}

LoginLimit::Wait LoginLimit::admit(const Who& who, bool known, Clock::time_point now) {
    const auto pair = pairOf(who);
    auto counters = _counters.lock();
    auto failures = current(counters->pairs.get(pair), _rule.attempts, longestWait, now);
    Clock::duration wait = 0s;
    if (_rule.attempts != 0) {
        wait = left(failures, _rule.attempts, longestWait, now);
        const auto free = _rule.attempts * looser;
        const auto all = current(counters->accounts.get(pair.account), free, longestWaitOfAll, now);
        if (!known) wait = std::max(wait, left(all, free, longestWaitOfAll, now));
    }
    auto window = windowOf(*counters, pair.network, now);
    if (_rule.perAddress != 0 && window.count + window.pending >= _rule.perAddress) {
        wait = std::max<Clock::duration>(
            wait, window.count >= _rule.perAddress ? window.began + memory - now : 1s);
    }
    if (wait > 0s) return std::chrono::ceil<std::chrono::seconds>(wait);
    counters->pairs.put(pair, {failures.count + 1, now});
    ++window.pending;
    counters->networks.put(pair.network, window);
    return std::nullopt;
}

/// The network's counter as it is now: an empty one when its quarter of an hour is over.
LoginLimit::Window LoginLimit::windowOf(Counters& counters, const Network& network,
                                        Clock::time_point now) {
    const auto known = counters.networks.get(network);
    if (!known || now >= known->began + memory) return {0, 0, now};
    return *known;
}

/// One attempt less of which nothing is known.
void LoginLimit::settle(Counters& counters, const Network& network) {
    auto window = counters.networks.get(network);
    // It may have been forgotten meanwhile, or have begun anew.
    if (!window || window->pending == 0) return;
    --window->pending;
    if (window->count == 0 && window->pending == 0) return counters.networks.erase(network);
    counters.networks.put(network, *window);
}

void LoginLimit::failed(const Who& who, Clock::time_point now) {
    const auto pair = pairOf(who);
    auto counters = _counters.lock();
    // From the answer on, however long the attempt waited for a hasher.
    if (auto failures = counters->pairs.get(pair)) {
        counters->pairs.put(pair, {failures->count, now});
    }
    const auto all = current(counters->accounts.get(pair.account), _rule.attempts * looser,
                             longestWaitOfAll, now);
    counters->accounts.put(pair.account, {all.count + 1, now});
    settle(*counters, pair.network);
    auto window = windowOf(*counters, pair.network, now);
    if (window.count == 0) window.began = now;
    ++window.count;
    counters->networks.put(pair.network, window);
}

void LoginLimit::succeeded(const Who& who) {
    const auto pair = pairOf(who);
    auto counters = _counters.lock();
    settle(*counters, pair.network);
    counters->pairs.erase(pair);
}

void LoginLimit::withdraw(const Who& who) {
    const auto pair = pairOf(who);
    auto counters = _counters.lock();
    settle(*counters, pair.network);
    const auto failures = counters->pairs.get(pair);
    if (!failures) return;
    if (failures->count <= 1) return counters->pairs.erase(pair);
    counters->pairs.put(pair, {failures->count - 1, failures->last});
}

} // namespace salon::auth
