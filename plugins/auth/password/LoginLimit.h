#pragma once

#include "Network.h"

#include "salon/Guarded.h"
#include "salon/Lru.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>

// Guessing passwords is slowed down in three ways, all in bounded memory:
//
//  - of one account from one network: some attempts are free, each further one waits twice as long
//    as the one before it, up to a quarter of an hour;
//  - of one account from everywhere: twenty times as many are free, and no wait is longer than half
//    a minute. Networks from which its owner has a session are let off, so that nobody can lock him
//    out from his own desk;
//  - from one network, of whatever accounts: so many failures in a quarter of an hour, those that
//    are being compared counted with them.
//
// An account that does not exist is counted like one that does.

namespace salon::auth {

/// Any thread.
class LoginLimit {
public:
    using Clock = std::chrono::steady_clock;
    using Wait = std::optional<std::chrono::seconds>;
    static constexpr std::size_t mostCounters = 20000;

    /// 0: no limit.
    struct Rule {
        std::int64_t attempts = 5;    ///< free ones of one account from one network
        std::int64_t perAddress = 50; ///< failures in 15 minutes
    };
    /// Who tries what.
    struct Who {
        std::int64_t user = 0;
        std::string login; ///< whom was meant, folded; counts when there is no such user
        std::string address;
    };

    explicit LoginLimit(Rule rule, std::size_t capacity = mostCounters)
        : _rule(rule), _counters(capacity) {}

    /// Lets one attempt pass, which counts as failed until something else is said of it, so that
    /// many at once are no way around; or returns how long to wait. `known`: the user has a session
    /// from that network.
    Wait admit(const Who& who, bool known, Clock::time_point now);
    void failed(const Who& who, Clock::time_point now);
    void succeeded(const Who& who);
    /// It was not found out.
    void withdraw(const Who& who);

private:
    struct Account {
        std::int64_t user = 0;
        std::size_t login = 0; ///< a hash
        bool operator==(const Account&) const = default;
    };
    struct Pair {
        Account account;
        Network network;
        bool operator==(const Pair&) const = default;
    };
    struct Hash {
        std::size_t operator()(const Account& account) const;
        std::size_t operator()(const Network& network) const;
        std::size_t operator()(const Pair& pair) const;
    };
    struct Failures {
        std::int64_t count = 0;
        Clock::time_point last;
    };
    struct Window {
        std::int64_t count = 0;
        std::int64_t pending = 0; ///< attempts of which nothing is known yet
        Clock::time_point began;
    };
    struct Counters {
        explicit Counters(std::size_t capacity)
            : pairs(capacity), accounts(capacity), networks(capacity) {}
        Lru<Pair, Failures, Hash> pairs;
        Lru<Account, Failures, Hash> accounts;
        Lru<Network, Window, Hash> networks;
    };
    static Pair pairOf(const Who& who);
    static Window windowOf(Counters& counters, const Network& network, Clock::time_point now);
    static void settle(Counters& counters, const Network& network);

    const Rule _rule;
    Guarded<Counters> _counters;
};

} // namespace salon::auth
