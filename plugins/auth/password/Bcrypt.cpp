#include "password/Bcrypt.h"

#include <crypt.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <string>

namespace salon::auth {

namespace {

constexpr std::size_t size = 60;
constexpr int mostCost = 14;

bool isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '/';
}

} // namespace

bool isBcrypt(std::string_view hash) {
    if (hash.size() != size || hash[0] != '$' || hash[1] != '2' || hash[3] != '$') return false;
    if (hash[2] != 'a' && hash[2] != 'b' && hash[2] != 'y') return false;
    const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
    if (!isDigit(hash[4]) || !isDigit(hash[5]) || hash[6] != '$') return false;
    const int cost = (hash[4] - '0') * 10 + (hash[5] - '0');
    return cost >= 4 && cost <= mostCost && std::all_of(hash.begin() + 7, hash.end(), isLetter);
}

Result<bool> matchesBcrypt(std::string_view password, std::string_view hash) {
    // Passwords hold no NUL (preparePassword), at which crypt would stop.
    const auto data = std::make_unique<crypt_data>();
    const std::string phrase(password);
    const std::string setting(hash);
    // Not crypt_r: the address sanitizer stands in for that one, and finds no libcrypt behind it
    // when a plugin brings the library.
    const auto* made = crypt_rn(phrase.c_str(), setting.c_str(), data.get(), sizeof *data);
    if (!made || *made == '*') {
        if (errno == ENOMEM) {
            return Error{Code::unavailable, "the server is busy; try again later", {}, 5};
        }
        return false;
    }
    const std::string_view other(made);
    const bool same =
        other.size() == hash.size() && CRYPTO_memcmp(other.data(), hash.data(), hash.size()) == 0;
    OPENSSL_cleanse(data.get(), sizeof *data);
    return same;
}

} // namespace salon::auth
