#pragma once

#include "salon/Guarded.h"
#include "salon/Log.h"
#include "store/sqlite/SqliteDatabase.h"

#include <Poco/Data/SQLite/SQLiteException.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cppunit/extensions/HelperMacros.h>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <stdlib.h>
#include <string>
#include <string_view>
#include <vector>

// What the store's suites share: a folder, a log that can be read, and a database that fails when
// told to.

namespace storetest {

using salon::Session;

class Folder {
public:
    Folder() {
        std::string pattern = std::filesystem::temp_directory_path() / "salon-store-XXXXXX";
        if (!::mkdtemp(pattern.data())) throw std::runtime_error("no temporary folder");
        _path = pattern;
    }
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(_path, ignored);
    }
    std::string file(const std::string& name) const { return _path / name; }

private:
    std::filesystem::path _path;
};

/// Lines that other threads add and a test waits for.
class Journal {
public:
    void add(std::string line) {
        _lines.lock()->push_back(std::move(line));
        _added.notify_all();
    }
    std::vector<std::string> lines() { return *_lines.lock(); }
    std::size_t count(const std::string& part) {
        auto lines = _lines.lock();
        return count(*lines, part);
    }
    void waitFor(const std::string& part, std::size_t times = 1) {
        auto lines = _lines.lock();
        CPPUNIT_ASSERT_MESSAGE("never came: " + part,
                               _added.wait_for(lines.lock(), std::chrono::seconds(30),
                                               [&] { return count(*lines, part) >= times; }));
    }

private:
    static std::size_t count(const std::vector<std::string>& lines, const std::string& part) {
        std::size_t found = 0;
        for (const auto& line : lines) found += line.find(part) != std::string::npos;
        return found;
    }
    salon::Guarded<std::vector<std::string>> _lines;
    std::condition_variable _added;
};

class JournalLog final : public salon::Log {
public:
    void write(salon::LogLevel, std::string_view sentence, Fields fields) override {
        std::string line(sentence);
        for (const auto& field : fields) line += " " + std::string(field.name) + "=" + field.value;
        journal.add(line);
    }
    bool enabled(salon::LogLevel) const override { return true; }
    Journal journal;
};

/// Holds whoever passes until it is opened.
class Gate {
public:
    void pass() {
        auto state = _state.lock();
        state->held = true;
        _changed.notify_all();
        _changed.wait(state.lock(), [&] { return state->open; });
    }
    void waitUntilHeld() {
        auto state = _state.lock();
        _changed.wait(state.lock(), [&] { return state->held; });
    }
    void open() {
        _state.lock()->open = true;
        _changed.notify_all();
    }

private:
    struct State {
        bool held = false;
        bool open = false;
    };
    salon::Guarded<State> _state;
    std::condition_variable _changed;
};

/// SQLite that fails when it is told to.
class FaultyDatabase final : public salon::store::SqliteDatabase {
public:
    using SqliteDatabase::SqliteDatabase;

    std::atomic<int> failBeforeCommit{0}; ///< so many times
    std::atomic<int> failAfterCommit{0};
    std::atomic<bool> away{false}; ///< cannot be opened
    std::atomic<int> opened{0};

    std::unique_ptr<Session> open(Use use) override {
        if (away) throw Poco::Data::SQLite::CantOpenDBFileException("away");
        ++opened;
        auto session = SqliteDatabase::open(use);
        session->execute("PRAGMA busy_timeout=0");
        return session;
    }
    void commit(Session& session) override {
        if (failBeforeCommit > 0) {
            --failBeforeCommit;
            throw Poco::Data::SQLite::IOErrorException("lost before");
        }
        SqliteDatabase::commit(session);
        if (failAfterCommit > 0) {
            --failAfterCommit;
            throw Poco::Data::SQLite::IOErrorException("lost after");
        }
    }
};

/// What `fn` throws, as text.
template <class F> std::string refusal(F&& fn) {
    try {
        fn();
    } catch (const std::exception& failure) {
        return salon::store::describe(failure);
    }
    return "nothing was thrown";
}

inline void assertContains(const std::string& text, const std::string& part) {
    CPPUNIT_ASSERT_MESSAGE("`" + part + "` is missing in: " + text,
                           text.find(part) != std::string::npos);
}

} // namespace storetest
