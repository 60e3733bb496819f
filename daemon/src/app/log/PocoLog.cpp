#include "app/log/PocoLog.h"

#include "app/log/LogFormatter.h"

#include <Poco/AutoPtr.h>
#include <Poco/FormattingChannel.h>
#include <Poco/Message.h>

#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <string_view>
#include <utility>

namespace salon {

void PocoLog::write(LogLevel level, std::string_view sentence, Fields fields) {
    Poco::Message message(_logger.name(), std::string(sentence), priorityOf(level));
    LogFormatter::addFields(message, fields);
    _logger.log(message);
}

bool PocoLog::enabled(LogLevel level) const {
    return _logger.is(priorityOf(level));
}

LineChannel::LineChannel(int descriptor) : _descriptor(descriptor) {
    _thread = std::thread([this] { run(); });
    ::pthread_setname_np(_thread.native_handle(), "log");
}

LineChannel::~LineChannel() {
    flush();
    _queue.lock()->stopping = true;
    _changed.notify_all();
    _thread.join();
}

void LineChannel::log(const Poco::Message& message) {
    auto line = message.getText() + '\n';
    {
        auto queue = _queue.lock();
        if (queue->lines.size() >= capacity) {
            ++queue->dropped;
            return;
        }
        queue->lines.push_back(std::move(line));
    }
    _changed.notify_all();
}

void LineChannel::flush() {
    auto queue = _queue.lock();
    _changed.wait_for(queue.lock(), std::chrono::seconds(1),
                      [&] { return queue->lines.empty() && !queue->writing; });
}

void LineChannel::run() {
    auto queue = _queue.lock();
    for (;;) {
        _changed.wait(queue.lock(), [&] { return queue->stopping || !queue->lines.empty(); });
        if (queue->stopping) return;
        auto line = std::move(queue->lines.front());
        queue->lines.pop_front();
        // The queue has room again: what did not fit is owned up to.
        if (queue->dropped > 0) {
            line += std::to_string(std::exchange(queue->dropped, 0)) +
                    " lines of the log were dropped here: its reader was too slow\n";
        }
        queue->writing = true;
        queue.lock().unlock();
        write(line);
        queue.lock().lock();
        queue->writing = false;
        _changed.notify_all();
    }
}

void LineChannel::write(std::string_view rest) const {
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

namespace {
// Poco's loggers keep it alive until the program ends.
LineChannel* theLines = nullptr;
} // namespace

void flushLogging() {
    if (theLines) theLines->flush();
}

void startLogging(const Configuration& configuration) {
    const auto form = configuration.text("log.format") == "json" ? LogFormatter::Form::json
                                                                 : LogFormatter::Form::text;
    const auto& words = logLevelWords();
    const auto word = std::find(words.begin(), words.end(), configuration.text("log.level"));
    const auto level = static_cast<LogLevel>(word - words.begin());

    Poco::AutoPtr<Poco::Formatter> formatter(new LogFormatter(form));
    theLines = new LineChannel(STDERR_FILENO);
    const Poco::AutoPtr<Poco::Channel> lines(theLines);
    Poco::AutoPtr<Poco::Channel> channel(new Poco::FormattingChannel(formatter, lines));
    // With the empty name both reach every logger that exists, and those made later inherit them
    // from the first of all, which is made when it is asked for.
    Poco::Logger::root();
    Poco::Logger::setChannel("", channel);
    Poco::Logger::setLevel("", priorityOf(level));
}

} // namespace salon
