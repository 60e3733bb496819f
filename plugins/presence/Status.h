#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace salon::presence {

/// What a user has chosen; stored by these numbers.
enum class Status : std::uint8_t { online = 0, away = 1, busy = 2, invisible = 3 };

/// What others are shown.
enum class Shown : std::uint8_t { offline, online, away, busy };

constexpr std::string_view word(Status status) {
    switch (status) {
    case Status::online:
        return "online";
    case Status::away:
        return "away";
    case Status::busy:
        return "busy";
    case Status::invisible:
        return "invisible";
    }
    return "online";
}

constexpr std::string_view word(Shown shown) {
    switch (shown) {
    case Shown::offline:
        return "offline";
    case Shown::online:
        return "online";
    case Shown::away:
        return "away";
    case Shown::busy:
        return "busy";
    }
    return "offline";
}

constexpr std::optional<Status> statusOf(std::string_view text) {
    for (const auto status : {Status::online, Status::away, Status::busy, Status::invisible}) {
        if (word(status) == text) return status;
    }
    return std::nullopt;
}

/// How a status is shown of somebody who is connected.
constexpr Shown shown(Status status) {
    switch (status) {
    case Status::online:
        return Shown::online;
    case Status::away:
        return Shown::away;
    case Status::busy:
        return Shown::busy;
    case Status::invisible:
        return Shown::offline;
    }
    return Shown::offline;
}

} // namespace salon::presence
