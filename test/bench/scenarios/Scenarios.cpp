#include "scenarios/Scenarios.h"

#include <array>

namespace salon::bench {

std::span<const Scenario> scenarios() {
    static constexpr std::array table{
        Scenario{"idle", "ready time and memory of a daemon with nobody there", idleDaemon},
        Scenario{"connections",
                 "10,000 and 19,000 sockets: how fast they come, what each takes in memory, what "
                 "their heartbeats cost",
                 connections},
        Scenario{"latency", "delivery at 1,000, 10,000 and 30,000 messages a second", latency,
                 true},
        Scenario{"load", "as many durable messages as go, 100 pairs with 16 in flight", load, true},
        Scenario{"pairs", "the same, thousands of pairs with one in flight", manyPairs, true},
        Scenario{"requests", "pages of messages and searches for users over HTTP", requests, true},
        Scenario{"presence", "10,000 people come and go in ten seconds, watched by 200", presence},
        Scenario{"logins", "logins by password, and what a storm of them does to talkers", logins},
        Scenario{"neighbours", "thousands of clients that misbehave, and what talkers feel of it",
                 neighbours},
        Scenario{"search", "search by prefix among a million users", search, true},
        Scenario{"growth", "cost of a message and of a page as the table grows to ten million",
                 growth, true},
    };
    return table;
}

} // namespace salon::bench
