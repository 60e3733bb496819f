#pragma once

#include "salon/Result.h"
#include "salon/Visibility.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace salon {

/// Reading JSON (RFC 8259) without copies. A JsonValue is a small handle into a JsonReader's last
/// document; it and every string_view taken from it are valid until the reader parses again.
class SALON_API JsonValue {
public:
    enum class Kind { none, null, boolean, integer, number, string, array, object };

    JsonValue() = default;
    Kind kind() const;
    explicit operator bool() const { return _tape != nullptr; }
    bool isNull() const { return kind() == Kind::null; }

    /// nullopt when the value is of another kind.
    std::optional<std::string_view> string() const;
    std::optional<bool> boolean() const;
    /// Integers written without fraction or exponent that fit 64 bits with a sign.
    std::optional<std::int64_t> integer() const;

    /// The member's value; tests false when this is no object or has no such member.
    JsonValue operator[](std::string_view member) const;
    /// Calls back for each member in the order of the text; does nothing for other kinds.
    void eachMember(const std::function<void(std::string_view, JsonValue)>& visit) const;
    void eachElement(const std::function<void(JsonValue)>& visit) const;

private:
    friend class JsonReader;
    JsonValue(const void* tape, std::size_t index) : _tape(tape), _index(index) {}
    const void* _tape = nullptr;
    std::size_t _index = 0;
};

/// A parser with its buffers, to be reused; one thread at a time.
class SALON_API JsonReader {
public:
    /// Nesting allowed: deeper documents are refused.
    static constexpr std::size_t maxDepth = 32;
    /// Bytes that must be readable (not initialised) behind a text given to parseInPlace.
    static constexpr std::size_t padding = 64;

    JsonReader();
    ~JsonReader();
    JsonReader(const JsonReader&) = delete;
    JsonReader& operator=(const JsonReader&) = delete;

    /// Parses a whole text; the error names what is wrong. The text need not outlive the call.
    Result<JsonValue> parse(std::string_view text);
    /// The same, where `padding` bytes behind the text are readable.
    Result<JsonValue> parseInPlace(std::string_view text);
    /// Gives back the memory that a large document took.
    void shrink();

private:
    struct Parser;
    std::unique_ptr<Parser> _parser;
    Result<JsonValue> finish(int error, const void* element);
};

/// Appends JSON to a string. Commas are its business, balance is the caller's. Strings must be
/// valid UTF-8 (all that the daemon stores is); the control characters are escaped.
class SALON_API JsonWriter {
public:
    explicit JsonWriter(std::string& out) : _out(out) {}

    JsonWriter& beginObject() { return open('{'); }
    JsonWriter& endObject() { return close('}'); }
    JsonWriter& beginArray() { return open('['); }
    JsonWriter& endArray() { return close(']'); }

    /// `name` is written as it is: a plain identifier.
    JsonWriter& key(std::string_view name);
    JsonWriter& value(std::string_view text);
    JsonWriter& value(const char* text) { return value(std::string_view(text)); }
    JsonWriter& value(std::int64_t number);
    JsonWriter& value(int number) { return value(static_cast<std::int64_t>(number)); }
    JsonWriter& value(const std::string& text) { return value(std::string_view(text)); }
    JsonWriter& value(bool truth);
    JsonWriter& null();
    /// A value that is JSON already.
    JsonWriter& raw(std::string_view json);
    /// RFC 3339, or null for 0.
    JsonWriter& time(std::int64_t milliseconds);

    template <class T> JsonWriter& member(std::string_view name, const T& v) {
        key(name);
        return value(v);
    }
    JsonWriter& timeMember(std::string_view name, std::int64_t milliseconds) {
        key(name);
        return time(milliseconds);
    }
    JsonWriter& nullMember(std::string_view name) {
        key(name);
        return null();
    }

private:
    JsonWriter& open(char bracket);
    JsonWriter& close(char bracket);
    void separate() {
        if (_comma) _out.push_back(',');
        _comma = true;
    }
    std::string& _out;
    bool _comma = false;
};

} // namespace salon
