#include "http/HttpAnswer.h"

#include "salon/Time.h"

#include <algorithm>
#include <array>
#include <ctime>

namespace salon {

namespace {

void writeFields(JsonWriter& json, const Error& error) {
    if (error.fields.empty()) return;
    json.key("errors").beginArray();
    for (const auto& field : error.fields) {
        json.beginObject()
            .member("field", field.field)
            .member("code", field.code)
            .member("detail", field.detail)
            .endObject();
    }
    json.endArray();
}

} // namespace

HttpResponse HttpResponse::problem(const Error& error) {
    return net::problemWithStatus(describe(error.code).status, error);
}

HttpResponse net::problemWithStatus(int status, const Error& error) {
    const auto info = describe(error.code);
    HttpResponse response;
    response.status = status;
    response.contentType = "application/problem+json";
    JsonWriter json(response.body);
    json.beginObject()
        .member("type", std::string("urn:salon:error:") + info.word)
        .member("title", info.title)
        .member("status", status)
        .member("detail", error.message)
        .member("code", info.word);
    writeFields(json, error);
    if (error.retryAfter) {
        json.member("retry_after", *error.retryAfter);
        response.headers.emplace_back("Retry-After", std::to_string(*error.retryAfter));
    }
    json.endObject();
    if (error.code == Code::unauthorized)
        response.headers.emplace_back("WWW-Authenticate", "Bearer");
    return response;
}

Result<JsonValue> parseBody(const HttpRequest& request) {
    const auto type = request.header("Content-Type").value_or("");
    auto media = std::string(type.substr(0, type.find(';')));
    while (!media.empty() && (media.back() == ' ' || media.back() == '\t')) media.pop_back();
    std::transform(media.begin(), media.end(), media.begin(),
                   [](unsigned char c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; });
    if (media != "application/json") {
        return Error{Code::unsupportedMediaType,
                     "send the body as JSON, with Content-Type: application/json"};
    }
    thread_local JsonReader reader;
    reader.shrink();
    auto value = reader.parse(request.body());
    if (value && value->kind() != JsonValue::Kind::object) {
        return Error{Code::badRequest, "the body must be a JSON object"};
    }
    return value;
}

namespace net {

namespace {

const char* reason(int status) {
    switch (status) {
    case 100:
        return "Continue";
    case 101:
        return "Switching Protocols";
    case 200:
        return "OK";
    case 201:
        return "Created";
    case 204:
        return "No Content";
    case 206:
        return "Partial Content";
    case 304:
        return "Not Modified";
    case 308:
        return "Permanent Redirect";
    case 400:
        return "Bad Request";
    case 401:
        return "Unauthorized";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 408:
        return "Request Timeout";
    case 409:
        return "Conflict";
    case 413:
        return "Content Too Large";
    case 414:
        return "URI Too Long";
    case 415:
        return "Unsupported Media Type";
    case 416:
        return "Range Not Satisfiable";
    case 417:
        return "Expectation Failed";
    case 422:
        return "Unprocessable Content";
    case 426:
        return "Upgrade Required";
    case 429:
        return "Too Many Requests";
    case 431:
        return "Request Header Fields Too Large";
    case 500:
        return "Internal Server Error";
    case 501:
        return "Not Implemented";
    case 503:
        return "Service Unavailable";
    case 505:
        return "HTTP Version Not Supported";
    default:
        return "Status";
    }
}

/// IMF-fixdate (RFC 9110, 5.6.7), independent of the locale.
void appendDate(std::string& out) {
    thread_local std::time_t last = -1;
    thread_local std::string text;
    const auto seconds = static_cast<std::time_t>(now() / 1000);
    if (seconds != last) {
        static constexpr std::array days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
        static constexpr std::array months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
        std::tm parts{};
        gmtime_r(&seconds, &parts);
        char buffer[64];
        std::snprintf(buffer, sizeof buffer, "%s, %02d %s %04d %02d:%02d:%02d GMT",
                      days[static_cast<std::size_t>(parts.tm_wday)], parts.tm_mday,
                      months[static_cast<std::size_t>(parts.tm_mon)], parts.tm_year + 1900,
                      parts.tm_hour, parts.tm_min, parts.tm_sec);
        text = buffer;
        last = seconds;
    }
    out += text;
}

bool isPlain(std::string_view value) {
    return std::none_of(value.begin(), value.end(),
                        [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

} // namespace

EncodedAnswer encodeAnswer(const HttpResponse& response, const AnswerForm& form) {
    std::string out;
    out.reserve(256 + response.body.size());
    out += "HTTP/1.1 " + std::to_string(response.status) + ' ' + reason(response.status) +
           "\r\nDate: ";
    appendDate(out);
    out += "\r\n";
    const bool bodiless =
        response.status == 204 || response.status == 304 || response.status == 101;
    if (!bodiless) {
        if (!response.contentType.empty()) {
            out += "Content-Type: " + response.contentType + "\r\n";
        }
        auto size = response.body.size();
        for (const auto& part : response.shared) size += part.bytes().size();
        out +=
            "Content-Length: " + std::to_string(size) + "\r\nX-Content-Type-Options: nosniff\r\n";
    }
    // Before another one of the answer's own: not every client reads both.
    if (form.thenClose) {
        out += "Connection: close\r\n";
    } else if (form.http10) {
        out += "Connection: keep-alive\r\n";
    }
    bool caching = response.status == 101;
    for (const auto& [name, value] : response.headers) {
        if (!isPlain(name) || !isPlain(value)) continue;
        if (name == "Cache-Control") caching = true;
        out.append(name).append(": ").append(value).append("\r\n");
    }
    if (!caching) out += "Cache-Control: no-store\r\n";
    if (!form.requestId.empty()) out += "X-Request-Id: " + form.requestId + "\r\n";
    if (!form.allowedOrigin.empty()) {
        out += "Access-Control-Allow-Origin: " + form.allowedOrigin +
               "\r\nVary: Origin\r\nAccess-Control-Expose-Headers: Retry-After, X-Request-Id\r\n";
    }
    out += "\r\n";
    if (bodiless || form.head) return {SharedFrame::encoded(out), {}};
    out += response.body;
    return {SharedFrame::encoded(out), response.shared};
}

void writeErrorMembers(JsonWriter& json, const Error& error) {
    json.member("code", describe(error.code).word).member("message", error.message);
    if (error.retryAfter) json.member("retry_after", *error.retryAfter);
    writeFields(json, error);
}

} // namespace net

} // namespace salon
