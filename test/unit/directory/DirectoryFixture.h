#pragma once

#include "auth/AuthFixture.h"

#include "salon/Plugin.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

extern const salon::Migration salonSchema_directory[];

// The accounts of the auth plugin's rooms, with the directory's tables beside them.

namespace directorytest {

namespace auth = salon::auth;

struct Hall {
    Hall() {
        for (const auto* step = salonSchema_directory; step->version != 0; ++step) {
            std::string_view rest = step->sqlite;
            for (auto end = rest.find(";\n"); end != rest.npos; end = rest.find(";\n")) {
                session().poco() << std::string(rest.substr(0, end)), Poco::Data::Keywords::now;
                rest.remove_prefix(end + 2);
            }
        }
    }
    salon::Session& session() { return *rooms.store.session; }
    std::int64_t person(const std::string& name, const std::string& displayName) {
        return auth::AccountStore(session()).insert({name, name, displayName, "", "", "", 1})->id;
    }
    void set(std::int64_t id, const std::string& column, const std::string& value) {
        session().poco() << "UPDATE user_account SET " + column + " = '" + value +
                                "' WHERE id = " + std::to_string(id),
            Poco::Data::Keywords::now;
    }

    auth::fixture::Rooms rooms;
};

/// Timers that run when the test says so.
class HeldTimers final : public salon::Timers {
public:
    void every(std::chrono::milliseconds, std::function<void()> fn) override {
        waiting.push_back(std::move(fn));
    }
    void once(std::chrono::milliseconds, std::function<void()> fn) override {
        waiting.push_back(std::move(fn));
    }
    void run() {
        for (const auto& fn : std::exchange(waiting, {})) fn();
    }
    std::vector<std::function<void()>> waiting;
};

class KeptLog final : public salon::Log {
public:
    void write(salon::LogLevel, std::string_view sentence, Fields fields) override {
        lines.emplace_back(sentence);
        for (const auto& field : fields) lines.back() += " " + field.value;
    }
    bool enabled(salon::LogLevel) const override { return true; }
    std::vector<std::string> lines;
};

} // namespace directorytest
