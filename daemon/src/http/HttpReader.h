#pragma once

#include "http/ByteBudget.h"
#include "salon/Result.h"

#include <cstddef>
#include <cstdint>
#include <forward_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Strict HTTP/1.1 request reading (RFC 9112), pure: bytes in, one request out.

namespace salon::net {

struct HttpLimits {
    /// Bytes of request line and header fields; once more for chunk extensions and trailers.
    std::size_t maxHead = 16384;
    std::size_t maxFields = 100;
    std::size_t maxBody = 1 << 20;
    /// Shared by all readers; without one, as many bytes as they like are held together.
    std::shared_ptr<ByteBudget> bodies = {};
};

/// One request, taken from a connection's bytes. Made when its first byte arrives, dropped when it
/// was answered, so that an idle connection holds nothing.
class HttpReader {
public:
    enum class State { head, body, complete, bad };

    /// `limits` must outlive the reader and stay as they are.
    explicit HttpReader(const HttpLimits& limits) : _limits(&limits) {}
    HttpReader(const HttpReader&) = delete;
    HttpReader& operator=(const HttpReader&) = delete;
    ~HttpReader();

    /// Takes from the front of `input` what belongs to this request; bytes of the next one
    /// (pipelining) are left. Empty lines before the request line are skipped (RFC 9112, 2.2).
    /// Nothing is taken any more once the request is complete or bad.
    State feed(std::string_view& input);
    /// The same up to the end of the head, so that it can be judged before its body is taken:
    /// State::body when one follows. Takes nothing once the head is there.
    State feedHead(std::string_view& input);
    State state() const { return _state; }
    /// Whether the head was whole and good, whatever became of the body.
    bool hasHead() const { return _hasHead; }

    /// Of State::bad: what to answer before closing. Codes: too_large (`status` 413, or 431 for the
    /// head), unavailable (503: no room in the budget of bodies), otherwise bad_request (400, and
    /// 501, 505, 417 where the RFCs ask for those).
    const Error& error() const { return _error; }
    int status() const { return _status; }

    // Once there is a head:
    std::string_view method() const { return _method; }
    std::string_view path() const { return _path; }   ///< percent-decoded; no query
    std::string_view query() const { return _query; } ///< raw, without `?`
    bool http10() const { return _http10; }
    /// Whether the connection stays open after the answer (RFC 9112, 9.3).
    bool keepAlive() const { return _keepAlive; }
    /// `Expect: 100-continue` was sent and the body has not begun.
    bool expectsContinue() const { return _expectsContinue; }
    /// Value of the only field of that name, or its values joined by ", " (of Cookie by "; ", RFC
    /// 9113, 8.2.3); names without case. Host is the target's authority when that is in absolute
    /// form (RFC 9112, 3.2.2).
    std::optional<std::string_view> header(std::string_view name) const;
    /// Whether a comma separated field holds a token, without case (`Connection: keep-alive,
    /// Upgrade`).
    bool hasToken(std::string_view name, std::string_view token) const;
    const std::string& body() const { return _body; }

private:
    /// What of a chunked body comes next (RFC 9112, 7.1).
    enum class Chunk : std::uint8_t { size, data, cr, lf, trailer };
    using Field = std::pair<std::string_view, std::string_view>;

    /// Turns bad and returns false.
    bool refuse(int status, const char* sentence);

    bool takeHead(std::string_view& input);
    bool parseHead();
    bool parseRequestLine(std::string_view line);
    bool parseVersion(std::string_view version);
    bool parseTarget();
    bool parseFields(std::string_view lines);
    bool checkHost();
    void joinRepeated();
    std::size_t count(std::string_view name) const;
    void parseConnection();
    bool parseFraming();
    bool parseCoding(std::string_view codings);
    bool parseLength(std::string_view value);
    bool parseExpectation();

    void takeBody(std::string_view& input);
    bool takeChunked(std::string_view& input);
    bool takeData(std::string_view& input);
    bool holdMore(std::size_t bytes);
    std::optional<std::string_view> takeLine(std::string_view& input);
    bool parseChunkSize(std::string_view line);
    bool parseTrailer(std::string_view line);

    const HttpLimits* _limits;
    State _state = State::head;
    Chunk _chunk = Chunk::size;
    bool _hasHead = false;
    bool _http10 = false;
    bool _keepAlive = true;
    bool _expectsContinue = false;
    bool _chunked = false;
    int _status = 0;
    Error _error;
    std::string _head;        // the bytes that the views point into
    std::size_t _lineAt = 0;  // where the line that is arriving begins in _head
    std::size_t _skipped = 0; // bytes of empty lines before the request line
    std::string _path;
    std::string _body;
    std::string_view _method;
    std::string_view _target;
    std::string_view _query;
    std::string_view _authority; // of a target in absolute form
    std::vector<Field> _fields;
    std::forward_list<std::string> _joined; // what repeated fields were joined into
    std::size_t _remaining = 0;             // of the body, or of the current chunk
    std::size_t _counted = 0;               // bytes of the body in the budget of all
    std::size_t _overhead = 0;              // bytes of chunk extensions and trailers
    std::size_t _trailers = 0;
    std::string _line; // a chunk's size line or a trailer, while incomplete
};

/// `a=1&b=x%20y` -> the first value of `name`, `+` and percent decoded; nullopt when absent or not
/// valid.
std::optional<std::string> queryParameter(std::string_view query, std::string_view name);
/// Percent decoding; nullopt for a broken escape, a NUL, or what is not UTF-8 afterwards.
std::optional<std::string> percentDecode(std::string_view text, bool plusIsSpace);

} // namespace salon::net
