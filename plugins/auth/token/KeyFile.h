#pragma once

#include <string>
#include <string_view>
#include <vector>

// The file that holds the keys by which access tokens are signed: one line a key, `kid secret`,
// newest first. Tokens are signed with the first; the others are only believed, until what they
// signed has expired. To change keys, put a new line in front and send the daemon a SIGHUP.

namespace salon::auth {

struct SecretKey {
    static constexpr std::size_t size = 32;
    std::string id;     ///< 1 to 32 of A-Z a-z 0-9 - _
    std::string secret; ///< 32 bytes
};

/// Reads the keys; makes the file with a first key when there is none (mode 0600; whole or not at
/// all, whatever happens meanwhile). @throws std::runtime_error with one sentence when it cannot be
/// read or made, when anybody but its owner may read or write it, or when a line is bad.
std::vector<SecretKey> openKeyFile(const std::string& path);

/// Whether openKeyFile() would succeed; makes nothing. @throws std::runtime_error as openKeyFile()
void checkKeyFile(const std::string& path);

/// Reads the keys of a file that must be there. @throws std::runtime_error as openKeyFile()
std::vector<SecretKey> readKeyFile(const std::string& path);

/// The keys of a file's text. @throws std::runtime_error naming `path` and the line
std::vector<SecretKey> parseKeys(std::string_view text, const std::string& path);

} // namespace salon::auth
