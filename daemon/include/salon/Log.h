#pragma once

#include "salon/Visibility.h"

#include <initializer_list>
#include <string>
#include <string_view>

namespace salon {

enum class LogLevel { trace, debug, information, notice, warning, error, critical };

/// A named log. A line is a sentence and fields; the fields become members in `log.format = json`.
/// Never hand it a password, a token, a body or a message's content. Any thread.
class SALON_API Log {
public:
    struct Field {
        std::string_view name;
        std::string value;
    };
    using Fields = std::initializer_list<Field>;

    virtual ~Log() = default;
    virtual void write(LogLevel level, std::string_view sentence, Fields fields) = 0;
    /// Whether a line of this level would be written.
    virtual bool enabled(LogLevel level) const = 0;

    void debug(std::string_view sentence, Fields fields = {}) {
        put(LogLevel::debug, sentence, fields);
    }
    void information(std::string_view sentence, Fields fields = {}) {
        put(LogLevel::information, sentence, fields);
    }
    void warning(std::string_view sentence, Fields fields = {}) {
        put(LogLevel::warning, sentence, fields);
    }
    void error(std::string_view sentence, Fields fields = {}) {
        put(LogLevel::error, sentence, fields);
    }

private:
    void put(LogLevel level, std::string_view sentence, Fields fields) {
        if (enabled(level)) write(level, sentence, fields);
    }
};

} // namespace salon
