#include "token/Digest.h"

#include "token/Base64.h"

#include <openssl/evp.h>

#include <stdexcept>

namespace salon::auth {

std::string hashed(std::string_view secret) {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    if (EVP_Digest(secret.data(), secret.size(), digest, &size, EVP_sha256(), nullptr) != 1) {
        throw std::runtime_error("OpenSSL has no SHA-256");
    }
    return encodeBase64({reinterpret_cast<const char*>(digest), size}, Alphabet::url);
}

} // namespace salon::auth
