#include "token/Base64.h"

#include <array>
#include <cstdint>

namespace salon::auth {

namespace {

constexpr std::string_view standardLetters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view urlLetters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

constexpr std::uint8_t invalid = 0xff;

constexpr std::array<std::uint8_t, 256> invert(std::string_view letters) {
    std::array<std::uint8_t, 256> values{};
    for (auto& value : values) value = invalid;
    for (std::size_t i = 0; i < letters.size(); ++i) {
        values[static_cast<unsigned char>(letters[i])] = static_cast<std::uint8_t>(i);
    }
    return values;
}

constexpr auto standardValues = invert(standardLetters);
constexpr auto urlValues = invert(urlLetters);

} // namespace

std::string encodeBase64(std::string_view bytes, Alphabet alphabet) {
    const auto letters = alphabet == Alphabet::url ? urlLetters : standardLetters;
    std::string out;
    out.reserve((bytes.size() * 4 + 2) / 3);
    std::uint32_t bits = 0;
    int held = 0;
    for (const auto byte : bytes) {
        bits = bits << 8 | static_cast<unsigned char>(byte);
        for (held += 8; held >= 6; held -= 6) out.push_back(letters[bits >> (held - 6) & 63]);
    }
    if (held > 0) out.push_back(letters[bits << (6 - held) & 63]);
    return out;
}

std::optional<std::string> decodeBase64(std::string_view text, Alphabet alphabet) {
    const auto& values = alphabet == Alphabet::url ? urlValues : standardValues;
    if (text.size() % 4 == 1) return std::nullopt;
    std::string out;
    out.reserve(text.size() * 3 / 4);
    std::uint32_t bits = 0;
    int held = 0;
    for (const auto letter : text) {
        const auto value = values[static_cast<unsigned char>(letter)];
        if (value == invalid) return std::nullopt;
        bits = bits << 6 | value;
        held += 6;
        if (held >= 8) {
            held -= 8;
            out.push_back(static_cast<char>(bits >> held & 0xff));
        }
    }
    // Bits that no byte holds must be zero, or several texts would say the same.
    if ((bits & ((1U << held) - 1)) != 0) return std::nullopt;
    return out;
}

} // namespace salon::auth
