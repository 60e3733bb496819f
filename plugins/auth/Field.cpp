#include "Field.h"

#include <charconv>

namespace salon::auth {

Error badField(std::string field, std::string code, std::string detail) {
    FieldError bad{std::move(field), std::move(code), std::move(detail)};
    auto message = bad.field + ": " + bad.detail;
    return {Code::badRequest, std::move(message), {std::move(bad)}};
}

std::optional<std::int64_t> parseId(std::string_view text) {
    std::int64_t id = 0;
    const auto* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, id);
    if (error != std::errc() || stop != end || id <= 0 || text.front() == '0') return std::nullopt;
    return id;
}

std::optional<std::string_view> Fields::text(const JsonValue& body, const char* name,
                                             bool required) {
    const auto value = body[name];
    if (!value || value.isNull()) {
        if (required) add({name, "required", "is required"});
        return std::nullopt;
    }
    const auto text = value.string();
    if (!text) add({name, "invalid", "must be a string"});
    return text;
}

std::optional<bool> Fields::flag(const JsonValue& body, const char* name) {
    const auto value = body[name];
    if (!value || value.isNull()) return std::nullopt;
    const auto truth = value.boolean();
    if (!truth) add({name, "invalid", "must be true or false"});
    return truth;
}

Error Fields::error() const {
    std::string message;
    for (const auto& bad : _bad) {
        if (!message.empty()) message += "; ";
        message += bad.field + ": " + bad.detail;
    }
    return {Code::badRequest, std::move(message), _bad};
}

} // namespace salon::auth
