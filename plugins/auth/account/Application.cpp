#include "account/Application.h"

#include "password/Password.h"

namespace salon::auth {

namespace {

std::optional<Email> parseEmail(const JsonValue& body, EmailRule rule, Fields& fields) {
    const auto text = fields.text(body, "email", rule == EmailRule::required);
    if (!text) return Email{};
    if (rule == EmailRule::off) {
        fields.add({"email", "invalid", "is not kept here: leave it out"});
        return std::nullopt;
    }
    return fields.keep(Email::parse(*text));
}

/// Any username is a display name, so the default needs no check of its own.
std::optional<std::string> parseName(const JsonValue& body, const std::optional<Username>& username,
                                     Fields& fields) {
    const auto text = fields.text(body, "display_name", false);
    if (text) return fields.keep(parseDisplayName(*text));
    return username ? username->shown : std::string();
}

} // namespace

Result<Application> Application::parse(const JsonValue& body, const Options& options,
                                       Fields& fields) {
    std::optional<Username> username;
    if (const auto text = fields.text(body, "username", true)) {
        username = fields.keep(Username::parse(*text));
    }
    std::optional<std::string> password;
    if (const auto text = fields.text(body, "password", true)) {
        password = fields.keep(preparePassword(*text, options.passwordLeast));
    }
    auto email = parseEmail(body, options.email, fields);
    auto displayName = parseName(body, username, fields);
    if (!fields.good()) return fields.error();
    return Application{std::move(*username), std::move(*displayName), std::move(*email),
                       std::move(*password)};
}

} // namespace salon::auth
