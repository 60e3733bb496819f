#include "client/Token.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <chrono>
#include <fstream>
#include <stdexcept>
#include <string_view>

namespace salon::bench {

namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// RFC 4648, 5, without padding.
std::string encode(std::string_view bytes) {
    std::string text;
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : bytes) {
        bits = bits << 8 | static_cast<unsigned char>(c);
        for (count += 8; count >= 6; count -= 6) text += alphabet[bits >> (count - 6) & 63];
    }
    if (count > 0) text += alphabet[bits << (6 - count) & 63];
    return text;
}

std::string decode(std::string_view text) {
    std::string bytes;
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : text) {
        const auto value = alphabet.find(c);
        if (value == std::string_view::npos) throw std::runtime_error("the key is no base64url");
        bits = bits << 6 | static_cast<std::uint32_t>(value);
        count += 6;
        if (count >= 8) {
            count -= 8;
            bytes += static_cast<char>(bits >> count & 255);
        }
    }
    return bytes;
}

} // namespace

TokenMint::TokenMint(const std::string& keyFile)
    : _now(std::chrono::duration_cast<std::chrono::seconds>(
               std::chrono::system_clock::now().time_since_epoch())
               .count()) {
    std::ifstream in(keyFile);
    std::string kid;
    std::string secret;
    in >> kid >> secret;
    _secret = decode(secret);
    if (_secret.size() != 32) throw std::runtime_error(keyFile + " holds no key of 32 bytes");
    _header = encode(R"({"alg":"HS256","typ":"JWT","kid":")" + kid + "\"}") + ".";
}

std::string TokenMint::mint(std::int64_t user, std::int64_t session) const {
    const auto now = std::to_string(_now);
    auto token = _header + encode("{\"sub\":\"" + std::to_string(user) +
                                  "\",\"sid\":" + std::to_string(session) + ",\"iat\":" + now +
                                  ",\"nbf\":" + now + ",\"exp\":" + std::to_string(_now + 86400) +
                                  R"(,"iss":"salon","aud":"salon"})");
    std::array<unsigned char, EVP_MAX_MD_SIZE> tag;
    unsigned size = 0;
    ::HMAC(EVP_sha256(), _secret.data(), static_cast<int>(_secret.size()),
           reinterpret_cast<const unsigned char*>(token.data()), token.size(), tag.data(), &size);
    return token + "." + encode({reinterpret_cast<const char*>(tag.data()), size});
}

} // namespace salon::bench
