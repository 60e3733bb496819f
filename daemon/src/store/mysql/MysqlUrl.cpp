#include "store/mysql/MysqlUrl.h"

#include <charconv>
#include <optional>
#include <stdexcept>
#include <string_view>

namespace salon::store {

namespace {

[[noreturn]] void refuse(const std::string& problem) {
    throw std::runtime_error("store.url " + problem + "; its form is " + MysqlUrl::form);
}

int digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::string decoded(std::string_view text, const std::string& what) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '%') {
            const int high = i + 2 < text.size() ? digit(text[i + 1]) : -1;
            const int low = i + 2 < text.size() ? digit(text[i + 2]) : -1;
            if (high < 0 || low < 0) refuse("has a % without two hexadecimal digits in " + what);
            c = static_cast<char>(high * 16 + low);
            i += 2;
        }
        // The client library takes texts that end with one.
        if (c == '\0') refuse("has a NUL in " + what);
        out.push_back(c);
    }
    return out;
}

std::uint16_t portOf(std::string_view text) {
    unsigned port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc() || end != text.data() + text.size() || port == 0 || port > 65535) {
        refuse("has no port from 1 to 65535 after the host's colon");
    }
    return static_cast<std::uint16_t>(port);
}

void readHost(MysqlUrl& url, std::string_view text) {
    std::string_view port;
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        if (end == text.npos) refuse("has a [ without a ]");
        url.host = decoded(text.substr(1, end - 1), "the host");
        port = text.substr(end + 1);
    } else {
        const auto colon = text.find(':');
        url.host = decoded(text.substr(0, colon), "the host");
        if (colon != text.npos) port = text.substr(colon);
    }
    if (!port.empty()) {
        if (!port.starts_with(':')) refuse("has something else than a port behind the host");
        url.port = portOf(port.substr(1));
    }
    if (url.host.empty()) refuse("names no host");
}

void readOption(MysqlUrl& url, std::optional<MysqlUrl::Tls>& tls, std::string_view name,
                std::string_view value) {
    if (name == "ssl") {
        if (value == "off") {
            tls = MysqlUrl::Tls::off;
        } else if (value == "required") {
            tls = MysqlUrl::Tls::required;
        } else if (value == "verify") {
            tls = MysqlUrl::Tls::verify;
        } else {
            refuse("has an ssl that is neither off nor required nor verify");
        }
        return;
    }
    std::string* const file = name == "ssl-ca"     ? &url.authority
                              : name == "ssl-cert" ? &url.certificate
                              : name == "ssl-key"  ? &url.key
                              : name == "socket"   ? &url.socket
                                                   : nullptr;
    // Not named: a forgotten % may have put a part of the password here.
    if (!file) refuse("has an unknown option after the ?");
    *file = decoded(value, std::string(name));
    if (file->empty()) refuse("has an empty " + std::string(name));
}

void readOptions(MysqlUrl& url, std::string_view text) {
    std::optional<MysqlUrl::Tls> tls;
    while (!text.empty()) {
        const auto end = std::min(text.find('&'), text.size());
        const auto option = text.substr(0, end);
        const auto equals = std::min(option.find('='), option.size());
        readOption(url, tls, option.substr(0, equals),
                   option.substr(std::min(equals + 1, option.size())));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    const bool files = !url.authority.empty() || !url.certificate.empty() || !url.key.empty();
    url.tls = tls.value_or(files ? MysqlUrl::Tls::verify : MysqlUrl::Tls::off);
    if (files && url.tls == MysqlUrl::Tls::off) refuse("names files for TLS and says ssl=off");
    if (url.certificate.empty() != url.key.empty()) {
        refuse("names one of ssl-cert and ssl-key without the other");
    }
}

} // namespace

MysqlUrl MysqlUrl::parse(const std::string& text) {
    constexpr std::string_view start = "mysql://";
    std::string_view rest = text;
    if (!rest.starts_with(start)) refuse("does not begin with mysql://");
    rest.remove_prefix(start.size());
    MysqlUrl url;
    const auto question = rest.find('?');
    const auto options = question == rest.npos ? std::string_view() : rest.substr(question + 1);
    rest = rest.substr(0, question);
    const auto slash = rest.find('/');
    if (slash == rest.npos) refuse("names no database");
    url.database = decoded(rest.substr(slash + 1), "the database");
    if (url.database.empty()) refuse("names no database");
    auto authority = rest.substr(0, slash);
    const auto at = authority.rfind('@');
    if (at == authority.npos) refuse("names no user");
    const auto login = authority.substr(0, at);
    const auto colon = login.find(':');
    url.user = decoded(login.substr(0, colon), "the user");
    if (url.user.empty()) refuse("names no user");
    if (colon != login.npos) url.password = decoded(login.substr(colon + 1), "the password");
    readHost(url, authority.substr(at + 1));
    readOptions(url, options);
    return url;
}

std::string MysqlUrl::withoutPassword(const std::string& url) {
    parse(url);
    const auto user = url.find("//") + 2;
    const auto at = url.rfind('@', url.find('/', user));
    const auto colon = url.find(':', user);
    return colon < at ? url.substr(0, colon) + url.substr(at) : url;
}

std::string MysqlUrl::place() const {
    if (!socket.empty()) return socket;
    const bool brackets = host.find(':') != std::string::npos;
    return (brackets ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

} // namespace salon::store
