#include "Options.h"

namespace salon::auth {

namespace {

using Type = Setting::Type;

Setting number(const char* key, const char* standard, const char* sentence, std::int64_t least,
               std::int64_t most) {
    return {key, Type::integer, standard, sentence, least, most};
}

Setting choice(const char* key, const char* standard, const char* sentence,
               std::vector<std::string> choices) {
    Setting setting{key, Type::choice, standard, sentence};
    setting.choices = std::move(choices);
    return setting;
}

} // namespace

void Options::declare(Settings& settings) {
    constexpr std::int64_t second = 1000;
    constexpr std::int64_t day = 86400 * second;
    settings.declare(
        {"auth.key_file", Type::path, "salon.key",
         "The keys that sign access tokens, one a line, newest first; made at the first "
         "start. Only its owner may read it."});
    settings.declare({"auth.access_ttl", Type::duration, "15m",
                      "How long an access token is valid, in whole seconds.", 10 * second,
                      30 * day});
    settings.declare({"auth.refresh_ttl", Type::duration, "30d",
                      "How long a session lasts without being used, in whole seconds.", 60 * second,
                      400 * day});
    settings.declare({"auth.refresh_grace", Type::duration, "30s",
                      "How long a refresh token that was replaced answers the same again, for two "
                      "tabs or a lost answer; afterwards its use ends the session.",
                      0, 600 * second});
    settings.declare(
        choice("auth.registration", "open",
               "Whether anybody may register, or only who has an administrator's invitation.",
               {"open", "closed"}));
    settings.declare(choice("auth.email", "optional", "Whether an account has an e-mail address.",
                            {"off", "optional", "required"}));
    settings.declare(
        number("auth.password_min", "8", "The fewest characters of a new password.", 6, 128));
    auto limit =
        number("auth.register_limit", "20",
               "Registrations that one address (of IPv6: one /64) may try in an hour.", 1, 1000000);
    limit.zeroMeansNone = true;
    settings.declare(limit);
    auto attempts = number("auth.login_attempts", "5",
                           "Failed logins of one account from one address that cost no waiting; "
                           "each further one doubles the wait from 1s up to 15m.",
                           1, 1000);
    attempts.zeroMeansNone = true;
    settings.declare(attempts);
    auto perAddress = number("auth.login_attempts_per_address", "50",
                             "Failed logins from one address (of IPv6: one /64) in 15 minutes, of "
                             "whatever accounts. Behind a proxy that http.trusted_proxies does not "
                             "name, all clients have one address.",
                             1, 1000000);
    perAddress.zeroMeansNone = true;
    settings.declare(perAddress);
    settings.declare(number("auth.hashers", "1",
                            "Threads that hash passwords; each takes 19 MiB while it does.", 1,
                            16));
    settings.declare(number("auth.hash_queue", "256",
                            "Logins and registrations that may wait for a hasher.", 1, 100000));
}

Options Options::read(const Configuration& configuration) {
    Options options;
    options.keyFile = configuration.text("auth.key_file");
    const auto seconds = [&](const char* key) {
        return std::chrono::duration_cast<std::chrono::seconds>(configuration.duration(key));
    };
    options.lifetimes = {seconds("auth.access_ttl"), seconds("auth.refresh_ttl")};
    options.refreshGrace = configuration.duration("auth.refresh_grace");
    options.origins = configuration.list("http.origins");
    options.registrationOpen = configuration.text("auth.registration") == "open";
    const auto email = configuration.text("auth.email");
    options.email = email == "off"        ? EmailRule::off
                    : email == "required" ? EmailRule::required
                                          : EmailRule::optional;
    options.passwordLeast = static_cast<std::size_t>(configuration.integer("auth.password_min"));
    options.registrationsPerHour = configuration.integer("auth.register_limit");
    options.loginLimit = {configuration.integer("auth.login_attempts"),
                          configuration.integer("auth.login_attempts_per_address")};
    options.hashers = static_cast<unsigned>(configuration.integer("auth.hashers"));
    options.hashQueue = static_cast<std::size_t>(configuration.integer("auth.hash_queue"));
    return options;
}

} // namespace salon::auth
