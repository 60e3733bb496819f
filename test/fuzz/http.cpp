#include "Fuzz.h"

#include "http/HttpReader.h"
#include "salon/Http.h"
#include "websocket/Utf8.h"

// The reader of HTTP requests: what it makes of bytes, requests behind each other, does not hang on
// how they were cut; what it takes is within the limits and in order.

using namespace salon::net;
using salon::fuzz::hold;
using salon::fuzz::Input;

namespace {

constexpr const char* fields[] = {"host",       "content-length", "transfer-encoding",
                                  "connection", "cookie",         "x"};

void describe(const HttpReader& reader, const HttpLimits& limits, std::string& words) {
    if (reader.state() == HttpReader::State::bad) {
        words += std::to_string(reader.status()) + reader.error().message;
        hold(reader.status() >= 400 && reader.status() < 600, "a refusal has a status");
        return;
    }
    words.append(reader.method()).append(reader.path()).append(reader.query());
    for (const auto* name : fields) words.append(reader.header(name).value_or("-"));
    words.append(reader.body()).append(reader.keepAlive() ? "+" : "-");
    hold(reader.body().size() <= limits.maxBody, "a body is within the limit");
    hold(isUtf8(reader.path()) && reader.path().find('\0') == std::string_view::npos,
         "a path is text");
    hold(reader.path().starts_with('/') || reader.path() == "*", "a path begins with a slash");
    hold(!reader.header("content-length") || !reader.header("transfer-encoding"),
         "a body's length is said once");
    for (const auto* name : fields) {
        const auto value = reader.header(name).value_or("");
        hold(value.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos,
             "a field is one line");
    }
    words += salon::net::queryParameter(reader.query(), "a").value_or("-");
    words += salon::bearerToken(reader.header("authorization"));
    const auto origin = reader.header("origin");
    words += salon::originAllowed(origin, reader.header("host"), {"http://a"}) ? '1' : '0';
}

std::string story(std::string_view bytes, std::size_t piece, const HttpLimits& limits) {
    std::string words;
    auto reader = std::make_unique<HttpReader>(limits);
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
        auto part = bytes.substr(at, piece);
        // Memory of its own, so that every byte read beyond it is seen.
        const std::string memory(part);
        part = memory;
        while (!part.empty()) {
            const auto state = reader->feed(part);
            if (state == HttpReader::State::complete || state == HttpReader::State::bad) {
                describe(*reader, limits, words);
                if (state == HttpReader::State::bad) return words;
                reader = std::make_unique<HttpReader>(limits);
            } else {
                hold(part.empty(), "all bytes were taken");
            }
        }
    }
    return words;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Input input(data, size);
    HttpLimits limits;
    limits.maxHead = 16 + static_cast<std::size_t>(input.byte()) * 4;
    limits.maxFields = 1 + input.byte() % 16;
    limits.maxBody = static_cast<std::size_t>(input.byte()) * 2;
    const auto bytes = input.rest();
    const auto whole = story(bytes, bytes.size() + 1, limits);
    for (const std::size_t piece : {1, 2, 7}) {
        hold(story(bytes, piece, limits) == whole, "it does not matter how bytes were cut");
    }
    return 0;
}
