#pragma once

#include "salon/Json.h"
#include "salon/Result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace salon::auth {

/// `bad_request` for one member of a request.
Error badField(std::string field, std::string code, std::string detail);

/// An id as it is written in a path or a claim: decimal digits of a positive number, no leading
/// zero.
std::optional<std::int64_t> parseId(std::string_view text);

/// Gathers what is wrong with a request's members, so that one answer names all of it.
class Fields {
public:
    /// The member's text. Missing or null is an error when it is `required`, any other type always.
    std::optional<std::string_view> text(const JsonValue& body, const char* name, bool required);
    /// The member's truth; any other type is an error. nullopt when it is missing or null.
    std::optional<bool> flag(const JsonValue& body, const char* name);

    /// The value, or nullopt with its error kept.
    template <class T> std::optional<T> keep(Result<T> result) {
        if (result) return std::move(*result);
        for (auto& field : result.error().fields) _bad.push_back(std::move(field));
        return std::nullopt;
    }
    void add(FieldError error) { _bad.push_back(std::move(error)); }
    bool good() const { return _bad.empty(); }
    /// Of !good().
    Error error() const;

private:
    std::vector<FieldError> _bad;
};

} // namespace salon::auth
