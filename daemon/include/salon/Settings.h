#pragma once

#include "salon/Visibility.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

namespace salon {

/// One configuration key, declared once by its owner. The declaration gives the check at start, the
/// help, `etc/salond.properties` and the manual page.
struct Setting {
    enum class Type { text, integer, size, duration, choice, list, path };

    std::string key; ///< "ws.outbox"
    Type type = Type::text;
    std::string standard; ///< the default, as it would be written in the file
    std::string sentence; ///< what it does, one sentence
    std::int64_t least = 0;
    /// Integers as they are, sizes in bytes, durations in milliseconds.
    std::int64_t most = std::numeric_limits<std::int64_t>::max();
    /// Whether 0 is allowed beside [least, most] and means "no limit" or "off".
    bool zeroMeansNone = false;
    std::vector<std::string> choices = {}; ///< of Type::choice
    bool secret = false;                   ///< never shown
    std::string form = {}; ///< what is allowed, in words, where the type does not say enough
    /// Whether a value that fits the type is of that form.
    std::function<bool(const std::string&)> fits = {};
};

/// Where an owner declares its keys, before anything starts.
class SALON_API Settings {
public:
    virtual ~Settings() = default;
    /// @throws std::logic_error when the key is declared already or its default is not valid
    virtual void declare(Setting setting) = 0;
};

/// Checked values. Reading a key that nobody declared throws std::logic_error. Any thread.
class SALON_API Configuration {
public:
    virtual ~Configuration() = default;
    virtual std::string text(const std::string& key) const = 0;
    virtual std::int64_t integer(const std::string& key) const = 0; ///< integer or size (bytes)
    virtual std::chrono::milliseconds duration(const std::string& key) const = 0;
    virtual std::vector<std::string>
    list(const std::string& key) const = 0; ///< separated by commas
};

} // namespace salon
