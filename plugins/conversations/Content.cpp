#include "Content.h"

namespace salon::conversations {

namespace {

constexpr std::size_t maxClientId = 64;

/// The code point at `i`, which is moved behind it. The text is valid UTF-8.
char32_t take(std::string_view text, std::size_t& i) {
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    const auto first = byte(i++);
    if (first < 0x80) return first;
    const int more = first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
    char32_t point = first & (0x3f >> more);
    for (int k = 0; k < more; ++k) point = point << 6 | (byte(i++) & 0x3f);
    return point;
}

/// Unicode's White_Space, without the control characters.
bool isSpace(char32_t c) {
    return c == ' ' || c == '\t' || c == '\n' || c == 0xa0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f ||
           c == 0x205f || c == 0x3000;
}

bool isControl(char32_t c) {
    return (c < 0x20 && c != '\t' && c != '\n') || (c >= 0x7f && c < 0xa0);
}

Error contentError(Code code, const char* word, std::string detail) {
    return Error{code, detail, {{"content", word, detail}}};
}

class Fnv {
public:
    void add(std::string_view bytes) {
        for (const char c : bytes) step(static_cast<unsigned char>(c));
    }
    void add(std::int64_t number) {
        for (int i = 0; i < 8; ++i) step(static_cast<unsigned char>(number >> (8 * i)));
    }
    std::int64_t value() const { return static_cast<std::int64_t>(_hash); }

private:
    void step(unsigned char byte) { _hash = (_hash ^ byte) * 0x100000001b3ULL; }
    std::uint64_t _hash = 0xcbf29ce484222325ULL;
};

} // namespace

Result<std::string> checkContent(std::string_view text, std::int64_t maxLength) {
    std::string out;
    out.reserve(text.size());
    std::int64_t length = 0;
    bool blank = true;
    for (std::size_t i = 0; i < text.size();) {
        if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') ++i;
        const auto start = i;
        const auto point = take(text, i);
        if (isControl(point)) {
            return contentError(Code::badRequest, "invalid",
                                "the content holds a control character other than tab and newline");
        }
        if (!isSpace(point)) blank = false;
        if (++length > maxLength) {
            return contentError(Code::tooLarge, "too_long",
                                "the content is longer than " + std::to_string(maxLength) +
                                    " characters; send it in parts");
        }
        out.append(text, start, i - start);
    }
    if (blank) return contentError(Code::badRequest, "required", "the content is empty");
    return out;
}

Result<void> checkClientId(std::string_view id) {
    if (id.empty() || id.size() > maxClientId) {
        return Error{Code::badRequest,
                     "the id must be a string of 1 to 64 bytes",
                     {{"id", id.empty() ? "too_short" : "too_long", "1 to 64 bytes"}}};
    }
    return {};
}

std::int64_t digestOf(std::int64_t low, std::int64_t high, std::int64_t replyTo,
                      std::string_view content) {
    Fnv hash;
    hash.add(low);
    hash.add(high);
    hash.add(replyTo);
    hash.add(content);
    return hash.value();
}

} // namespace salon::conversations
