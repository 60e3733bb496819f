#pragma once

#include <Poco/Dynamic/Var.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace salon::wire {

/// A JSON value as a test reads it. Whatever is not as the test expects (a missing member, another
/// type) fails the test with the whole value in the message.
class Json {
public:
    Json() = default;
    explicit Json(const Poco::Dynamic::Var& value) : _value(value) {}
    /// Fails the test when `text` is no JSON.
    static Json parse(const std::string& text);

    bool has(const std::string& member) const;
    /// Whether there is such a member and it is this string.
    bool is(const std::string& member, const std::string& text) const;
    bool isNull(const std::string& member) const;
    std::string text(const std::string& member) const;
    std::int64_t number(const std::string& member) const; ///< an integer, and written as one
    bool flag(const std::string& member) const;
    Json object(const std::string& member) const;
    /// The elements of an array.
    std::vector<Json> list(const std::string& member) const;
    /// Whatever it is.
    Poco::Dynamic::Var member(const std::string& name) const;

    /// Calls back for each member of an object, in the order of the text or of names.
    void each(const std::function<void(const std::string&, const Json&)>& visit) const;
    /// As a string, when it is one.
    std::optional<std::string> string() const;

    std::string dump() const;
    const Poco::Dynamic::Var& value() const { return _value; }

private:
    [[noreturn]] void refuse(const std::string& name, const std::string& expected) const;

    Poco::Dynamic::Var _value;
};

/// `text` as a JSON string, with its quotes.
std::string jsonString(const std::string& text);

} // namespace salon::wire
