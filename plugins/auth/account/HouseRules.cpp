#include "account/HouseRules.h"

#include "salon/Json.h"

namespace salon::auth {

namespace {

const char* wordOf(EmailRule rule) {
    switch (rule) {
    case EmailRule::off:
        return "off";
    case EmailRule::optional:
        return "optional";
    case EmailRule::required:
        return "required";
    }
    return "optional";
}

} // namespace

HouseRules::HouseRules(const Options& options) {
    JsonWriter json(_body);
    json.beginObject()
        .member("registration", options.registrationOpen ? "open" : "closed")
        .member("email", wordOf(options.email))
        .member("password_min", static_cast<std::int64_t>(options.passwordLeast))
        .endObject();
}

void HouseRules::handle(const Responder& responder) const {
    responder.send(HttpResponse::json(200, _body));
}

} // namespace salon::auth
