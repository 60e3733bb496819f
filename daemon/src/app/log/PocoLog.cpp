#include "app/log/PocoLog.h"

#include "app/log/LogFormatter.h"

#include <Poco/AutoPtr.h>
#include <Poco/FormattingChannel.h>
#include <Poco/Message.h>

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string_view>

namespace salon {

void PocoLog::write(LogLevel level, std::string_view sentence, Fields fields) {
    Poco::Message message(_logger.name(), std::string(sentence), priorityOf(level));
    LogFormatter::addFields(message, fields);
    _logger.log(message);
}

bool PocoLog::enabled(LogLevel level) const {
    return _logger.is(priorityOf(level));
}

void LineChannel::log(const Poco::Message& message) {
    const auto line = message.getText() + '\n';
    std::string_view rest = line;
    while (!rest.empty()) {
        const auto written = ::write(_descriptor, rest.data(), rest.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return;
        rest.remove_prefix(static_cast<std::size_t>(written));
    }
}

void declareLogSettings(Settings& settings) {
    settings.declare({.key = "log.level",
                      .type = Setting::Type::choice,
                      .standard = "information",
                      .sentence = "The least severe level that is written to stderr.",
                      .choices = logLevelWords()});
    settings.declare({.key = "log.format",
                      .type = Setting::Type::choice,
                      .standard = "text",
                      .sentence = "Lines of text, or one JSON object a line.",
                      .choices = {"text", "json"}});
    settings.declare({.key = "log.access",
                      .type = Setting::Type::choice,
                      .standard = "on",
                      .sentence = "A line a request at level information, without its query.",
                      .choices = {"on", "off"}});
}

void startLogging(const Configuration& configuration) {
    const auto form = configuration.text("log.format") == "json" ? LogFormatter::Form::json
                                                                 : LogFormatter::Form::text;
    const auto& words = logLevelWords();
    const auto word = std::find(words.begin(), words.end(), configuration.text("log.level"));
    const auto level = static_cast<LogLevel>(word - words.begin());

    Poco::AutoPtr<Poco::Formatter> formatter(new LogFormatter(form));
    Poco::AutoPtr<Poco::Channel> lines(new LineChannel(STDERR_FILENO));
    Poco::AutoPtr<Poco::Channel> channel(new Poco::FormattingChannel(formatter, lines));
    // With the empty name both reach every logger that exists, and those made later inherit them.
    Poco::Logger::setChannel("", channel);
    Poco::Logger::setLevel("", priorityOf(level));
}

} // namespace salon
