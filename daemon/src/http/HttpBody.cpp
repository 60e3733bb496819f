#include "http/HttpReader.h"

#include "http/HttpSyntax.h"

#include <algorithm>

// How long a request's body is, and the taking of it (RFC 9112, 6 and 7). Where two readers could
// disagree on the length, the request is refused: that is how requests are smuggled past a proxy.

namespace salon::net {

bool HttpReader::parseFraming() {
    const auto length = header("content-length");
    const auto coding = header("transfer-encoding");
    if (coding) {
        if (length) return refuse(400, "Send Content-Length or Transfer-Encoding, not both.");
        if (_http10) return refuse(400, "HTTP/1.0 has no Transfer-Encoding.");
        return parseCoding(*coding);
    }
    return !length || parseLength(*length);
}

/// RFC 9112, 6.1 and 6.3: where chunked is not the last one, nobody knows where the body ends.
bool HttpReader::parseCoding(std::string_view codings) {
    const auto isChunked = [](std::string_view coding) {
        return equalsWithoutCase(trim(coding), "chunked");
    };
    const auto comma = codings.rfind(',');
    if (!isChunked(comma == std::string_view::npos ? codings : codings.substr(comma + 1))) {
        return refuse(400, "The last transfer coding of a request is chunked.");
    }
    _chunked = true;
    if (comma == std::string_view::npos) return true;
    for (auto before = codings.substr(0, comma);;) {
        const auto end = before.find(',');
        if (isChunked(before.substr(0, end))) return refuse(400, "A body is chunked once.");
        if (end == std::string_view::npos) break;
        before.remove_prefix(end + 1);
    }
    return refuse(501, "The only transfer coding taken is chunked.");
}

bool HttpReader::parseLength(std::string_view value) {
    const auto digits = [](char c) { return c >= '0' && c <= '9'; };
    if (value.empty() || !std::all_of(value.begin(), value.end(), digits)) {
        return refuse(400, "Content-Length is not a number.");
    }
    for (const char c : value) {
        _remaining = _remaining * 10 + static_cast<std::size_t>(c - '0');
        if (_remaining > _limits->maxBody) return refuse(413, "The request's body is too large.");
    }
    return true;
}

// RFC 9110, 10.1.1
bool HttpReader::parseExpectation() {
    const auto expectation = header("expect");
    if (!expectation || _http10) return true;
    if (!equalsWithoutCase(*expectation, "100-continue")) {
        return refuse(417, "The only expectation met is 100-continue.");
    }
    _expectsContinue = _chunked || _remaining > 0;
    return true;
}

void HttpReader::takeBody(std::string_view& input) {
    if (!input.empty()) _expectsContinue = false;
    if (_chunked) {
        while (_state == State::body && takeChunked(input)) {
        }
        return;
    }
    takeData(input);
    if (_remaining == 0) _state = State::complete;
}

/// One step; false when more bytes are needed, or the state has changed.
bool HttpReader::takeChunked(std::string_view& input) {
    switch (_chunk) {
    case Chunk::data:
        if (!takeData(input)) return false;
        _chunk = Chunk::cr;
        return true;
    case Chunk::cr:
    case Chunk::lf:
        if (input.empty()) return false;
        if (input.front() != (_chunk == Chunk::cr ? '\r' : '\n')) {
            return refuse(400, "A chunk does not end where it says.");
        }
        input.remove_prefix(1);
        _chunk = _chunk == Chunk::cr ? Chunk::lf : Chunk::size;
        return true;
    case Chunk::size:
    case Chunk::trailer:
        break;
    }
    const auto line = takeLine(input);
    if (!line) return false;
    const bool good = _chunk == Chunk::size ? parseChunkSize(*line) : parseTrailer(*line);
    _line.clear();
    return good;
}

/// False while some are missing, or when there is no room for them.
bool HttpReader::takeData(std::string_view& input) {
    const auto part = input.substr(0, _remaining);
    if (!holdMore(part.size())) {
        return refuse(503, "Too many large requests are under way; try again later.");
    }
    _body.append(part);
    _remaining -= part.size();
    input.remove_prefix(part.size());
    return _remaining == 0;
}

bool HttpReader::holdMore(std::size_t bytes) {
    const auto size = _body.size() + bytes;
    if (!_limits->bodies || size <= ByteBudget::freeOfEach + _counted) return true;
    const auto more = size - ByteBudget::freeOfEach - _counted;
    if (!_limits->bodies->take(more)) return false;
    _counted += more;
    return true;
}

/// A line without its CR LF, valid until _line or the input changes; nullopt while it is not whole,
/// or when it was refused.
std::optional<std::string_view> HttpReader::takeLine(std::string_view& input) {
    const auto room = _limits->maxHead - _overhead;
    const auto lf = input.find('\n');
    auto line = input.substr(0, lf == std::string_view::npos ? lf : lf + 1);
    if (line.size() > room - _line.size()) {
        refuse(431, "The request's chunk extensions or trailers are too large.");
        return std::nullopt;
    }
    input.remove_prefix(line.size());
    if (lf == std::string_view::npos || !_line.empty()) _line.append(line);
    if (lf == std::string_view::npos) return std::nullopt;
    if (!_line.empty()) line = _line;
    if (!line.ends_with("\r\n")) {
        refuse(400, "Lines of a request end with CR LF.");
        return std::nullopt;
    }
    return line.substr(0, line.size() - 2);
}

// chunk-size [ chunk-ext ] (RFC 9112, 7.1); extensions are bounded and dropped.
bool HttpReader::parseChunkSize(std::string_view line) {
    constexpr std::size_t mostDigits = 16;
    std::size_t digits = 0;
    std::uint64_t size = 0;
    while (digits < line.size() && hexDigit(line[digits]) >= 0 && digits <= mostDigits) {
        size = size << 4 | static_cast<std::uint64_t>(hexDigit(line[digits++]));
    }
    const auto extension = line.substr(digits);
    const bool named = extension.empty() || trim(extension).starts_with(';');
    if (digits == 0 || digits > mostDigits || !named || !isFieldValue(extension)) {
        return refuse(400, "A chunk's size is not valid.");
    }
    if (size > _limits->maxBody - _body.size()) {
        return refuse(413, "The request's body is too large.");
    }
    _overhead += extension.size();
    _remaining = size;
    _chunk = size == 0 ? Chunk::trailer : Chunk::data;
    return true;
}

// RFC 9112, 7.1.2: trailers are checked for their form and dropped.
bool HttpReader::parseTrailer(std::string_view line) {
    if (line.empty()) {
        _state = State::complete;
        return false;
    }
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || !isToken(line.substr(0, colon)) ||
        !isFieldValue(line.substr(colon + 1))) {
        return refuse(400, "A trailer is not valid.");
    }
    if (++_trailers > _limits->maxFields) return refuse(431, "The request has too many trailers.");
    _overhead += line.size() + 2;
    return true;
}

} // namespace salon::net
