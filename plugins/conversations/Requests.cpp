#include "Requests.h"

#include <charconv>

namespace salon::conversations {

namespace {

Error invalid(std::string_view field, std::string_view word, const std::string& wanted) {
    const std::string name(field);
    return {Code::badRequest, name + ' ' + wanted, {{name, std::string(word), wanted}}};
}

Result<std::int64_t> inLimits(std::int64_t limit) {
    if (limit < 1 || limit > largestPage) {
        return invalid("limit", "invalid", "must be from 1 to " + std::to_string(largestPage));
    }
    return limit;
}

} // namespace

std::optional<std::int64_t> readDigits(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (problem != std::errc() || end != text.data() + text.size() || text.empty() ||
        text.front() == '-') {
        return std::nullopt;
    }
    return number;
}

Result<Peer> readPeer(JsonValue value, std::string_view field) {
    if (const auto number = value.integer(); number && *number > 0) return Peer{*number, {}};
    if (const auto text = value.string()) {
        if (text->size() > 1 && text->front() == '@') return Peer{0, std::string(text->substr(1))};
        if (const auto number = readDigits(*text); number && *number > 0) return Peer{*number, {}};
    }
    return invalid(field, value ? "invalid" : "required", "must be a user's id or \"@username\"");
}

Result<Id> readId(JsonValue value, std::string_view field) {
    const auto number = value.integer();
    if (!number || *number < 1) {
        return invalid(field, value ? "invalid" : "required", "must be an id, a positive integer");
    }
    return *number;
}

Result<std::optional<std::int64_t>> readCount(JsonValue value, std::string_view field) {
    if (!value || value.isNull()) return std::optional<std::int64_t>();
    const auto number = value.integer();
    if (!number || *number < 0) return invalid(field, "invalid", "must be an integer from 0");
    return std::optional<std::int64_t>(*number);
}

Result<Id> readReply(JsonValue value) {
    if (!value || value.isNull()) return Id{0};
    return readId(value, "reply_to");
}

Result<std::int64_t> readLimit(JsonValue value) {
    if (!value || value.isNull()) return defaultPage;
    const auto number = value.integer();
    return inLimits(number.value_or(0));
}

Result<std::string_view> readText(JsonValue value, std::string_view field) {
    const auto text = value.string();
    if (!text) return invalid(field, value ? "invalid" : "required", "must be a string");
    return *text;
}

Result<std::optional<std::int64_t>> readCount(const HttpRequest& request, std::string_view name) {
    const auto text = request.query(name);
    if (!text) return std::optional<std::int64_t>();
    const auto number = readDigits(*text);
    if (!number) return invalid(name, "invalid", "must be an integer from 0");
    return std::optional<std::int64_t>(*number);
}

Result<std::int64_t> readLimit(const HttpRequest& request) {
    const auto text = request.query("limit");
    if (!text) return defaultPage;
    return inLimits(readDigits(*text).value_or(0));
}

Result<Id> readSegment(const HttpRequest& request, std::string_view name) {
    const auto number = readDigits(request.segment(name));
    if (!number || *number < 1) {
        return Error{Code::notFound, "there is no such " + std::string(name)};
    }
    return *number;
}

} // namespace salon::conversations
