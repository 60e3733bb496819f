#include "http/HttpReader.h"

#include "http/HttpSyntax.h"

#include <algorithm>

// The head: gathered line by line, so that a bare LF is seen at once and no byte is looked at
// twice, then parsed as a whole. The body is in HttpBody.cpp. Whether a request is refused, and
// why, hangs on its bytes only, never on how they were cut into calls; but for a body that there is
// no room for beside those of others.

namespace salon::net {

HttpReader::~HttpReader() {
    if (_counted > 0) _limits->bodies->give(_counted);
}

HttpReader::State HttpReader::feed(std::string_view& input) {
    if (feedHead(input) == State::body) takeBody(input);
    return _state;
}

HttpReader::State HttpReader::feedHead(std::string_view& input) {
    if (_state == State::head && takeHead(input) && parseHead()) {
        _hasHead = true;
        _state = _chunked || _remaining > 0 ? State::body : State::complete;
    }
    return _state;
}

bool HttpReader::refuse(int status, const char* sentence) {
    _state = State::bad;
    _status = status;
    _error = {Code::badRequest, sentence};
    if (status == 413 || status == 414 || status == 431) _error.code = Code::tooLarge;
    if (status == 503) {
        _error.code = Code::unavailable;
        _error.retryAfter = 1;
    }
    _keepAlive = false;
    _expectsContinue = false;
    return false;
}

bool HttpReader::takeHead(std::string_view& input) {
    auto window = input.substr(0, _limits->maxHead - _skipped - _head.size());
    while (!window.empty()) {
        const auto lf = window.find('\n');
        const auto line = window.substr(0, lf == std::string_view::npos ? lf : lf + 1);
        _head.append(line);
        window.remove_prefix(line.size());
        input.remove_prefix(line.size());
        if (lf == std::string_view::npos) break;
        if (_head.size() < _lineAt + 2 || _head[_head.size() - 2] != '\r') {
            return refuse(400, "Lines of a request end with CR LF.");
        }
        if (_head.size() > _lineAt + 2) {
            _lineAt = _head.size();
        } else if (_lineAt > 0) {
            return true;
        } else {
            _skipped += _head.size();
            _head.clear();
        }
    }
    if (_skipped + _head.size() < _limits->maxHead) return false;
    if (_lineAt == 0 && !_head.empty()) return refuse(414, "The request's target is too long.");
    return refuse(431, "The request's header fields are too large.");
}

bool HttpReader::parseHead() {
    _fields.reserve(16);
    const auto lines = std::string_view(_head).substr(0, _lineAt);
    const auto end = lines.find("\r\n");
    if (!parseRequestLine(lines.substr(0, end)) || !parseFields(lines.substr(end + 2))) {
        return false;
    }
    if (!checkHost()) return false;
    if (count("content-length") > 1) return refuse(400, "Send one Content-Length.");
    joinRepeated();
    parseConnection();
    return parseFraming() && parseExpectation();
}

// method SP request-target SP HTTP-version (RFC 9112, 3)
bool HttpReader::parseRequestLine(std::string_view line) {
    const auto first = line.find(' ');
    const auto last = line.rfind(' ');
    if (first == last) return refuse(400, "A request line is METHOD target HTTP/1.1.");
    _method = line.substr(0, first);
    _target = line.substr(first + 1, last - first - 1);
    if (!isToken(_method)) return refuse(400, "The method is no token.");
    return parseVersion(line.substr(last + 1)) && parseTarget();
}

bool HttpReader::parseVersion(std::string_view version) {
    constexpr std::string_view http = "HTTP/";
    const auto digit = [&](std::size_t at) { return version[at] >= '0' && version[at] <= '9'; };
    if (version.size() != http.size() + 3 || !version.starts_with(http) || !digit(5) ||
        version[6] != '.' || !digit(7)) {
        return refuse(400, "A request line is METHOD target HTTP/1.1.");
    }
    if (version[5] != '1') return refuse(505, "Only HTTP/1.1 and HTTP/1.0 are spoken here.");
    _http10 = version[7] == '0';
    return true;
}

// RFC 9112, 3.2
bool HttpReader::parseTarget() {
    if (_target.empty() || !isVisible(_target) || _target.find('#') != std::string_view::npos) {
        return refuse(400, "The target has characters that must be percent-encoded.");
    }
    if (_target == "*" && _method == "OPTIONS") {
        _path = "*";
        return true;
    }
    auto origin = _target;
    if (origin.front() != '/') {
        if (_method == "CONNECT") return refuse(501, "There are no tunnels here.");
        const auto scheme = origin.substr(0, origin.find("://"));
        if (!equalsWithoutCase(scheme, "http") && !equalsWithoutCase(scheme, "https")) {
            return refuse(400, "The target must be a path.");
        }
        origin.remove_prefix(std::min(origin.size(), scheme.size() + 3));
        _authority = origin.substr(0, origin.find_first_of("/?"));
        origin.remove_prefix(_authority.size());
        if (_authority.empty() || _authority.front() == ':' || !isHost(_authority)) {
            return refuse(400, "The target's host is not valid.");
        }
    }
    const auto path = origin.substr(0, origin.find('?'));
    _query = origin.substr(std::min(origin.size(), path.size() + 1));
    auto decoded = percentDecode(path, false);
    // A slash inside a segment would make another path of it.
    const bool slash =
        path.find("%2F") != std::string_view::npos || path.find("%2f") != std::string_view::npos;
    if (!decoded || slash) return refuse(400, "The path's percent-encoding is not valid.");
    // A parameter that cannot be read must not be taken for one that was left out.
    if (!percentDecode(_query, true)) {
        return refuse(400, "The query's percent-encoding is not valid.");
    }
    _path = decoded->empty() ? "/" : std::move(*decoded);
    return true;
}

// field-name ":" OWS field-value OWS (RFC 9112, 5); folded lines begin with no token.
bool HttpReader::parseFields(std::string_view lines) {
    while (!lines.empty()) {
        if (_fields.size() == _limits->maxFields) {
            return refuse(431, "The request has too many header fields.");
        }
        const auto line = lines.substr(0, lines.find('\n') - 1);
        lines.remove_prefix(line.size() + 2);
        const auto colon = line.find(':');
        if (colon == std::string_view::npos || !isToken(line.substr(0, colon))) {
            return refuse(400, "A header field's name is not valid.");
        }
        const auto value = trim(line.substr(colon + 1));
        if (!isFieldValue(value)) return refuse(400, "A header field's value is not valid.");
        _fields.emplace_back(line.substr(0, colon), value);
    }
    return true;
}

bool HttpReader::checkHost() {
    const auto hosts = count("host");
    if (hosts > 1 || (hosts == 0 && !_http10)) return refuse(400, "Send one Host.");
    if (hosts == 1 && !isHost(*header("host"))) return refuse(400, "Host is not valid.");
    if (_authority.empty()) return true;
    std::erase_if(_fields,
                  [](const Field& field) { return equalsWithoutCase(field.first, "host"); });
    _fields.emplace_back("Host", _authority);
    return true;
}

std::size_t HttpReader::count(std::string_view name) const {
    return static_cast<std::size_t>(
        std::count_if(_fields.begin(), _fields.end(),
                      [&](const Field& field) { return equalsWithoutCase(field.first, name); }));
}

void HttpReader::joinRepeated() {
    for (auto field = _fields.begin(); field != _fields.end(); ++field) {
        const auto same = [&](const Field& other) {
            return equalsWithoutCase(other.first, field->first);
        };
        auto next = std::find_if(field + 1, _fields.end(), same);
        if (next == _fields.end()) continue;
        auto& joined = _joined.emplace_front(field->second);
        const auto* separator = equalsWithoutCase(field->first, "cookie") ? "; " : ", ";
        for (; next != _fields.end(); next = std::find_if(next + 1, _fields.end(), same)) {
            joined.append(separator).append(next->second);
        }
        _fields.erase(std::remove_if(field + 1, _fields.end(), same), _fields.end());
        field->second = joined;
    }
}

// RFC 9112, 9.3
void HttpReader::parseConnection() {
    _keepAlive =
        !hasToken("connection", "close") && (!_http10 || hasToken("connection", "keep-alive"));
}

std::optional<std::string_view> HttpReader::header(std::string_view name) const {
    for (const auto& field : _fields) {
        if (equalsWithoutCase(field.first, name)) return field.second;
    }
    return std::nullopt;
}

bool HttpReader::hasToken(std::string_view name, std::string_view token) const {
    auto list = header(name).value_or("");
    while (!list.empty()) {
        const auto element = list.substr(0, list.find(','));
        if (equalsWithoutCase(trim(element), token)) return true;
        list.remove_prefix(std::min(list.size(), element.size() + 1));
    }
    return false;
}

} // namespace salon::net
