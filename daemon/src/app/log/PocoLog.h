#pragma once

#include "salon/Log.h"
#include "salon/Settings.h"

#include <Poco/Channel.h>
#include <Poco/Logger.h>

#include <string>

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
/// processes do not mix. What cannot be written is dropped: a log never stops the daemon.
class LineChannel final : public Poco::Channel {
public:
    explicit LineChannel(int descriptor) : _descriptor(descriptor) {}
    void log(const Poco::Message& message) override;

private:
    const int _descriptor;
};

/// The `log.` keys.
void declareLogSettings(Settings& settings);
/// Sends every Poco logger to stderr as `log.level` and `log.format` say.
void startLogging(const Configuration& configuration);

} // namespace salon
