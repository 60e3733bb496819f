#include "app/log/LogFormatter.h"

#include "app/log/Printable.h"

#include "salon/Time.h"

#include <algorithm>
#include <string_view>

namespace salon {

namespace {

std::string_view wordOf(Poco::Message::Priority priority) {
    // Poco counts downwards from fatal = 1 to trace = 8; Salon's critical includes fatal.
    const auto index = std::clamp(8 - static_cast<int>(priority), 0, 6);
    return logLevelWords()[static_cast<std::size_t>(index)];
}

bool isBare(std::string_view value) {
    return !value.empty() && std::all_of(value.begin(), value.end(), [](char c) {
        return c != ' ' && c != '"' && c != '=' && c != '\\';
    });
}

void appendFieldText(std::string& out, std::string_view value) {
    if (isBare(value)) {
        appendPrintable(out, value);
        return;
    }
    out += '"';
    for (;;) {
        const auto special = value.find_first_of("\"\\");
        appendPrintable(out, value.substr(0, special));
        if (special == std::string_view::npos) break;
        out += '\\';
        out += value[special];
        value.remove_prefix(special + 1);
    }
    out += '"';
}

// Calls back with name and value of each field, in the order in which they were added.
template <class Visit> void eachField(const Poco::Message& message, const Visit& visit) {
    for (int i = 0;; ++i) {
        const auto place = std::to_string(i);
        if (!message.has("name" + place)) return;
        visit(message.get("name" + place), message.get("value" + place));
    }
}

} // namespace

const std::vector<std::string>& logLevelWords() {
    static const std::vector<std::string> words = {"trace",   "debug", "information", "notice",
                                                   "warning", "error", "critical"};
    return words;
}

Poco::Message::Priority priorityOf(LogLevel level) {
    return static_cast<Poco::Message::Priority>(Poco::Message::PRIO_TRACE -
                                                static_cast<int>(level));
}

void LogFormatter::addFields(Poco::Message& message, Log::Fields fields) {
    int i = 0;
    for (const auto& field : fields) {
        const auto place = std::to_string(i++);
        message.set("name" + place, std::string(field.name));
        message.set("value" + place, field.value);
    }
}

void LogFormatter::format(const Poco::Message& message, std::string& text) {
    text.clear();
    if (_form == Form::json) {
        formatJson(message, text);
    } else {
        formatText(message, text);
    }
}

void LogFormatter::formatText(const Poco::Message& message, std::string& text) {
    appendTime(text, message.getTime().epochMicroseconds() / 1000);
    text += ' ';
    text += wordOf(message.getPriority());
    text += ' ';
    appendPrintable(text, message.getSource());
    text += ": ";
    appendPrintable(text, message.getText());
    eachField(message, [&](const std::string& name, const std::string& value) {
        text += ' ';
        appendPrintable(text, name);
        text += '=';
        appendFieldText(text, value);
    });
}

void LogFormatter::formatJson(const Poco::Message& message, std::string& text) {
    const auto member = [&](std::string_view name, std::string_view value) {
        text += text.empty() ? '{' : ',';
        appendJsonText(text, name);
        text += ':';
        appendJsonText(text, value);
    };
    member("time", formatTime(message.getTime().epochMicroseconds() / 1000));
    member("level", wordOf(message.getPriority()));
    member("source", message.getSource());
    member("message", message.getText());
    eachField(message, member);
    text += '}';
}

} // namespace salon
