#include "Content.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <utility>

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

/// What shows nothing by itself: Unicode's Default_Ignorable_Code_Point (UAX 44), of which the
/// format characters such as U+200B are a part, and the marks of annotations.
bool isInvisible(char32_t c) {
    constexpr std::pair<char32_t, char32_t> ranges[] = {
        {0xad, 0xad},      {0x34f, 0x34f},   {0x61c, 0x61c},     {0x115f, 0x1160},
        {0x17b4, 0x17b5},  {0x180b, 0x180f}, {0x200b, 0x200f},   {0x202a, 0x202e},
        {0x2060, 0x206f},  {0x3164, 0x3164}, {0xfe00, 0xfe0f},   {0xfeff, 0xfeff},
        {0xffa0, 0xffa0},  {0xfff0, 0xfffb}, {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a},
        {0xe0000, 0xe0fff}};
    return std::any_of(std::begin(ranges), std::end(ranges),
                       [c](const auto& range) { return c >= range.first && c <= range.second; });
}

bool isControl(char32_t c) {
    return (c < 0x20 && c != '\t' && c != '\n') || (c >= 0x7f && c < 0xa0);
}

Error contentError(Code code, const char* word, std::string detail) {
    return Error{code, detail, {{"content", word, detail}}};
}

/// SHA-256, of which the first 64 bits are kept. What is looked up once is used again: OpenSSL 3
/// takes longer to find an algorithm than to hash a message.
class Sha256 {
public:
    void add(std::string_view bytes) {
        if (EVP_DigestUpdate(_context.get(), bytes.data(), bytes.size()) != 1) fail();
    }
    std::int64_t value() {
        std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
        if (EVP_DigestFinal_ex(_context.get(), digest.data(), nullptr) != 1) fail();
        std::int64_t value = 0;
        std::memcpy(&value, digest.data(), sizeof value);
        return value;
    }
    /// One of this thread.
    static Sha256& begin() {
        static const std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> algorithm(
            EVP_MD_fetch(nullptr, "SHA256", nullptr), &EVP_MD_free);
        static thread_local Sha256 hash;
        if (EVP_DigestInit_ex2(hash._context.get(), algorithm.get(), nullptr) != 1) fail();
        return hash;
    }

private:
    [[noreturn]] static void fail() { throw std::runtime_error("OpenSSL has no SHA-256"); }
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> _context{EVP_MD_CTX_new(),
                                                                     &EVP_MD_CTX_free};
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
        if (blank && !isSpace(point) && !isInvisible(point)) blank = false;
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
    const std::array<std::int64_t, 3> numbers{low, high, replyTo};
    auto& hash = Sha256::begin();
    hash.add({reinterpret_cast<const char*>(numbers.data()), sizeof numbers});
    hash.add(content);
    return hash.value();
}

} // namespace salon::conversations
