#include "salon/EntityTag.h"

#include "http/HttpSyntax.h"

#include <openssl/evp.h>

#include <array>
#include <stdexcept>

namespace salon {

std::string entityTag(std::string_view bytes) {
    constexpr unsigned kept = 12; // of 32 bytes: 96 bits tell any two texts apart
    std::array<unsigned char, 32> digest{};
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr) !=
        1) {
        throw std::runtime_error("OpenSSL has no SHA-256");
    }
    std::string tag = "\"";
    for (unsigned i = 0; i < kept; ++i) {
        tag += "0123456789abcdef"[digest[i] >> 4];
        tag += "0123456789abcdef"[digest[i] & 15];
    }
    return tag + '"';
}

bool namesTag(std::optional<std::string_view> ifNoneMatch, std::string_view tag) {
    auto left = ifNoneMatch.value_or(std::string_view());
    while (!left.empty()) {
        const auto comma = left.find(',');
        auto element = net::trim(left.substr(0, comma));
        left.remove_prefix(comma == left.npos ? left.size() : comma + 1);
        if (element == "*") return true;
        if (element.starts_with("W/")) element.remove_prefix(2);
        if (element == tag) return true;
    }
    return false;
}

} // namespace salon
