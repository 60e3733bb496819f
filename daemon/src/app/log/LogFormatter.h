#pragma once

#include "salon/Log.h"

#include <Poco/Formatter.h>
#include <Poco/Message.h>

#include <string>
#include <vector>

namespace salon {

/// One message, one line:
///
///     2026-11-20T21:00:00.123Z warning auth: the login is slow user=7 reason="a long one"
///     {"time":"2026-11-20T21:00:00.123Z","level":"warning","source":"auth","message":…,"user":"7"}
///
/// Whatever a message holds, it cannot begin a line of its own or look like another field.
class LogFormatter final : public Poco::Formatter {
public:
    enum class Form { text, json };
    explicit LogFormatter(Form form) : _form(form) {}
    void format(const Poco::Message& message, std::string& text) override;

    /// Fields travel in the message's parameters. Poco keeps those by name and lists them nowhere:
    /// they are counted, so that fields keep their order.
    static void addFields(Poco::Message& message, Log::Fields fields);

private:
    static void formatText(const Poco::Message& message, std::string& text);
    static void formatJson(const Poco::Message& message, std::string& text);

    const Form _form;
};

/// The words of `log.level`, lowest first, as LogLevel counts them.
const std::vector<std::string>& logLevelWords();
Poco::Message::Priority priorityOf(LogLevel level);

} // namespace salon
