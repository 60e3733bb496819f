#pragma once

#include "bus/MessageBus.h"
#include "host/PluginHost.h"
#include "host/TimerHeap.h"

#include "salon/Guarded.h"
#include "salon/Host.h"
#include "salon/Log.h"
#include "salon/WebSockets.h"

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <stdexcept>
#include <stdlib.h>
#include <string>
#include <vector>

// What the suites of the bus, the plugin host and the application share.

namespace hosttest {

using namespace salon;

/// How long a test waits for what should come at once.
constexpr std::chrono::seconds patience{30};

class Folder {
public:
    Folder() {
        std::string pattern = std::filesystem::temp_directory_path() / "salon-host-XXXXXX";
        if (!::mkdtemp(pattern.data())) throw std::runtime_error("no temporary folder");
        _path = pattern;
    }
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(_path, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    std::string path() const { return _path; }
    std::string file(const std::string& name) const { return _path / name; }

private:
    std::filesystem::path _path;
};

/// A log that can be read: `sentence name=value name=value`.
class RecordingLog final : public Log {
public:
    void write(LogLevel, std::string_view sentence, Fields fields) override {
        std::string line(sentence);
        for (const auto& field : fields) {
            line.append(" ").append(field.name).append("=").append(field.value);
        }
        _lines.lock()->push_back(std::move(line));
    }
    bool enabled(LogLevel) const override { return true; }
    std::vector<std::string> lines() { return *_lines.lock(); }

private:
    Guarded<std::vector<std::string>> _lines;
};

class ForwardingLog final : public Log {
public:
    explicit ForwardingLog(Log& log) : _log(log) {}
    void write(LogLevel level, std::string_view sentence, Fields fields) override {
        _log.write(level, sentence, fields);
    }
    bool enabled(LogLevel) const override { return true; }

private:
    Log& _log;
};

class MapConfiguration final : public Configuration {
public:
    std::map<std::string, std::string> values;
    std::string text(const std::string& key) const override { return values.at(key); }
    std::int64_t integer(const std::string& key) const override { return std::stoll(text(key)); }
    std::chrono::milliseconds duration(const std::string& key) const override {
        return std::chrono::milliseconds(integer(key));
    }
    std::vector<std::string> list(const std::string& key) const override { return {text(key)}; }
};

class NoStore final : public Store {
public:
    Dialect dialect() const override { return Dialect::sqlite; }
    void readWith(const std::function<void(Session&)>&) override {}
    Group addGroup(std::function<std::unique_ptr<WriteGroup>()>) override { return 0; }
    Result<void> submit(Group, std::int64_t, std::unique_ptr<Write>) override { return {}; }

protected:
    void submitPlain(std::int64_t, std::unique_ptr<PlainWrite>) override {}
};

class NoHub final : public Hub {
public:
    void publish(Topic, SharedFrame, ConnectionId) override {}
    void send(ConnectionId, SharedFrame) override {}
    void close(ConnectionId, Ending) override {}
    void closeSession(std::int64_t, std::int64_t, Ending) override {}
    bool reaches(Topic) const override { return false; }
    void whenRoom(ConnectionId, std::function<void()>) override {}
};

class NoRoutes final : public Routes {
public:
    void add(std::string, std::string, Access, HttpHandler) override {}
    void addHeadOnly(std::string, std::string, Access, HttpHandler) override {}
    void addWebSocket(WebSocketRoute) override {}
};

class NoFrames final : public Frames {
public:
    void on(std::string, FrameHandler) override {}
    void sends(std::vector<std::string>) override {}
    void onOpen(std::function<void(Connection&)>) override {}
    void onClose(std::function<void(ConnectionId, const Principal&)>) override {}
};

/// Everything that a plugin's Host is made of, without sockets and without a database.
struct Parts {
    RecordingLog log;
    MapConfiguration configuration;
    MessageBus bus{log};
    TimerHeap timers{log, [] {}};
    Reloads reloads{log};
    NoStore store;
    NoHub hub;
    MetricRegistry metrics;

    HostParts host() {
        return {configuration,
                bus,
                timers,
                reloads,
                store,
                hub,
                metrics,
                [this](const std::string&) { return std::make_unique<ForwardingLog>(log); },
                [](const std::string&) { return std::make_unique<NoRoutes>(); },
                [](const std::string&) { return std::make_unique<NoFrames>(); }};
    }
};

/// The message of the exception that `call` throws; empty when it throws none.
template <class Call> std::string sentenceOf(const Call& call) {
    try {
        call();
    } catch (const std::exception& exception) {
        return exception.what();
    }
    return {};
}

} // namespace hosttest
