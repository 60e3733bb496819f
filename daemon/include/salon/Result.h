#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace salon {

/// The stable words for what can be refused; the same on HTTP and on the WebSocket.
enum class Code : std::uint8_t {
    badRequest,
    unauthorized,
    forbidden,
    notMember,
    notFound,
    methodNotAllowed,
    conflict,
    tooLarge,
    unsupportedMediaType,
    rejected,
    rateLimited,
    internal,
    unavailable,
};

struct CodeInfo {
    const char* word;
    int status;        ///< HTTP status
    const char* title; ///< `title` of the problem document (RFC 9457, 3.1.3)
};

constexpr CodeInfo describe(Code code) {
    switch (code) {
    case Code::badRequest:
        return {"bad_request", 400, "The request is not valid"};
    case Code::unauthorized:
        return {"unauthorized", 401, "Not logged in"};
    case Code::forbidden:
        return {"forbidden", 403, "Not allowed"};
    case Code::notMember:
        return {"not_member", 403, "Not a member"};
    case Code::notFound:
        return {"not_found", 404, "Not found"};
    case Code::methodNotAllowed:
        return {"method_not_allowed", 405, "Method not allowed"};
    case Code::conflict:
        return {"conflict", 409, "Conflict"};
    case Code::tooLarge:
        return {"too_large", 413, "Too large"};
    case Code::unsupportedMediaType:
        return {"unsupported_media_type", 415, "Unsupported media type"};
    case Code::rejected:
        return {"rejected", 422, "Rejected"};
    case Code::rateLimited:
        return {"rate_limited", 429, "Too many requests"};
    case Code::internal:
        return {"internal", 500, "Internal error"};
    case Code::unavailable:
        return {"unavailable", 503, "Unavailable"};
    }
    return {"internal", 500, "Internal error"};
}

/// One bad member of a request.
struct FieldError {
    std::string field;
    std::string
        code; ///< a stable word, such as `required`, `too_short`, `too_long`, `invalid`, `taken`
    std::string detail;
};

/// Why something was refused: a code for programs, a sentence for people that says what to do next.
struct Error {
    Code code = Code::internal;
    std::string message;
    std::vector<FieldError> fields = {};
    std::optional<int> retryAfter = std::nullopt; ///< seconds
};

/// A value or the reason why there is none. An expected refusal travels this way; exceptions are
/// for broken invariants and a failed start.
template <class T> class [[nodiscard]] Result {
public:
    Result(T value) : _state(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : _state(std::in_place_index<1>, std::move(error)) {}

    explicit operator bool() const { return _state.index() == 0; }
    T& operator*() { return std::get<0>(_state); }
    const T& operator*() const { return std::get<0>(_state); }
    T* operator->() { return &std::get<0>(_state); }
    const T* operator->() const { return &std::get<0>(_state); }
    const Error& error() const { return std::get<1>(_state); }
    Error& error() { return std::get<1>(_state); }

private:
    std::variant<T, Error> _state;
};

template <> class [[nodiscard]] Result<void> {
public:
    Result() = default;
    Result(Error error) : _error(std::move(error)) {}

    explicit operator bool() const { return !_error; }
    const Error& error() const { return *_error; }
    Error& error() { return *_error; }

private:
    std::optional<Error> _error;
};

} // namespace salon
