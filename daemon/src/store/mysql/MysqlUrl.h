#pragma once

#include <cstdint>
#include <string>

namespace salon::store {

/// The parts of `mysql://user:password@host:port/database?option=value&…`, percent-decoded
/// (RFC 3986, 2.1): which server, as whom, and how the way there is protected.
struct MysqlUrl {
    enum class Tls {
        off,
        required, ///< encrypted, whoever the server is
        verify,   ///< the server's certificate is checked, and its name
    };

    std::string user;
    std::string password;
    std::string host; ///< a name or an address, without brackets
    std::uint16_t port = 3306;
    std::string database;
    std::string socket; ///< path of a local socket; empty: TCP
    Tls tls = Tls::off;
    std::string authority;   ///< file with the certificates that are trusted; empty: the system's
    std::string certificate; ///< file with the certificate that is shown to the server
    std::string key;         ///< file with its key

    static constexpr const char* scheme = "mysql:";
    /// What the address looks like, for people.
    static constexpr const char* form =
        "mysql://USER:PASSWORD@HOST:PORT/DATABASE, where other characters than letters and digits "
        "are percent-encoded, and ?ssl=off|required|verify, ssl-ca, ssl-cert, ssl-key, socket may "
        "follow";

    /// @throws std::runtime_error with a sentence for the operator that shows nothing of the
    /// password
    static MysqlUrl parse(const std::string& url);

    /// The address as it was written, but for the password. @throws as parse()
    static std::string withoutPassword(const std::string& url);

    /// Where the server is: `db.example.org:3306`, or the socket's path.
    std::string place() const;
};

} // namespace salon::store
