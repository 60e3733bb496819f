#pragma once

#include "salon/Guarded.h"
#include "salon/Log.h"
#include "salon/Settings.h"

#include <Poco/Channel.h>
#include <Poco/Logger.h>

#include <condition_variable>
#include <deque>
#include <string>
#include <string_view>
#include <thread>

namespace salon {

/// A named log over Poco::Logger; `source` is the logger's name. Make one only after
/// startLogging().
class PocoLog final : public Log {
public:
    explicit PocoLog(const std::string& source) : _logger(Poco::Logger::get(source)) {}
    void write(LogLevel level, std::string_view sentence, Fields fields) override;
    bool enabled(LogLevel level) const override;

private:
    Poco::Logger& _logger;
};

/// Writes each message to a descriptor with one write(2), so that lines of several threads and
/// processes do not mix. A thread of its own does it, so that a reader that stalls (a pipe, a
/// journal) stops nobody else: what then does not fit the queue is dropped, counted, and said once
/// it goes on.
class LineChannel final : public Poco::Channel {
public:
    /// Lines that may wait.
    static constexpr std::size_t capacity = 8192;

    explicit LineChannel(int descriptor);
    void log(const Poco::Message& message) override;
    /// Waits until what was logged is written, for a second at most.
    void flush();

protected:
    ~LineChannel() override;

private:
    struct Queue {
        std::deque<std::string> lines;
        std::size_t dropped = 0;
        bool writing = false;
        bool stopping = false;
    };
    void run();
    void write(std::string_view rest) const;

    const int _descriptor;
    Guarded<Queue> _queue;
    std::condition_variable _changed;
    std::thread _thread;
};

/// The `log.` keys.
void declareLogSettings(Settings& settings);
/// Sends every Poco logger to stderr as `log.level` and `log.format` say.
void startLogging(const Configuration& configuration);
/// Waits until everything logged is written, for a second at most.
void flushLogging();

} // namespace salon
