#include "account/OwnProfile.h"

#include "Field.h"

namespace salon::auth {

namespace {

Error over() {
    return {Code::unauthorized, "the session has ended: log in again"};
}

Error tooMany(std::chrono::seconds wait) {
    return {Code::rateLimited,
            "too many e-mail addresses that belong to others; try again later",
            {},
            static_cast<int>(wait.count())};
}

/// `email`, null for none, as far as the rule lets anybody choose.
std::optional<Email> parseEmail(const JsonValue& body, EmailRule rule, Fields& fields) {
    const auto value = body["email"];
    if (!value) return std::nullopt;
    const auto text = fields.text(body, "email", rule == EmailRule::required);
    if (value.isNull()) return Email{};
    if (!text) return std::nullopt;
    if (rule != EmailRule::off) return fields.keep(Email::parse(*text));
    fields.add({"email", "invalid", "is not kept here: leave it out"});
    return std::nullopt;
}

} // namespace

Result<OwnProfile::Patch> OwnProfile::Patch::parse(const JsonValue& body, EmailRule rule) {
    Fields fields;
    Patch patch;
    if (body["display_name"]) {
        if (const auto text = fields.text(body, "display_name", true)) {
            patch.displayName = fields.keep(parseDisplayName(*text));
        }
    }
    if (const auto text = fields.text(body, "avatar", false)) {
        patch.avatar = fields.keep(parseAvatar(*text));
    } else if (body["avatar"].isNull()) {
        patch.avatar = "";
    }
    patch.email = parseEmail(body, rule, fields);
    if (!fields.good()) return fields.error();
    return patch;
}

void OwnProfile::show(const HttpRequest& request, const Responder& responder) {
    const auto id = request.principal().user;
    _entrance.store.read([&](Session& session) {
        const auto user = _entrance.users.find(session, id);
        if (!user || user->disabled) return responder.refuse(over());
        send(responder, *user, &session);
    });
}

void OwnProfile::change(const HttpRequest& request, const Responder& responder) {
    const auto body = parseBody(request);
    if (!body) return responder.refuse(body.error());
    auto patch = Patch::parse(*body, _entrance.options.email);
    if (!patch) return responder.refuse(patch.error());
    // Who asks for addresses one after the other learns as little as by registering with them.
    const bool asks = patch->email && !patch->email->folded.empty();
    const auto address = asks ? request.address() : std::string();
    if (asks) {
        if (const auto wait = _entrance.refusals.admit(address, RegistrationLimit::Clock::now())) {
            return responder.refuse(tooMany(*wait));
        }
    }
    const auto id = request.principal().user;
    _entrance.store.write(
        id, [id, patch = std::move(*patch)](Session& session) { return apply(session, id, patch); },
        [this, responder, asks, address](Result<Patched> patched) {
            if (asks && (patched || patched.error().code != Code::conflict)) {
                _entrance.refusals.withdraw(address);
            }
            if (!patched) return responder.refuse(patched.error());
            const auto user = _entrance.users.changed(std::move(patched->user));
            if (patched->changed) _entrance.tell(user->id);
            send(responder, *user, nullptr);
            if (patched->changed) _changed.tell({user->id});
        });
}

Result<OwnProfile::Patched> OwnProfile::apply(Session& session, std::int64_t id,
                                              const Patch& patch) {
    AccountStore accounts(session);
    auto user = accounts.find(id);
    if (!user || user->disabled) return over();
    bool changed = false;
    const auto displayName = patch.displayName.value_or(user->displayName);
    const auto avatar = patch.avatar.value_or(user->avatar);
    if (displayName != user->displayName || avatar != user->avatar) {
        accounts.setProfile(id, displayName, avatar);
        user->displayName = displayName;
        user->avatar = avatar;
        changed = true;
    }
    if (patch.email && patch.email->shown != user->email) {
        const auto set = accounts.setEmail(id, patch.email->shown, patch.email->folded);
        if (!set) return set.error();
        user->email = patch.email->shown;
        changed = true;
    }
    return Patched{std::move(*user), changed};
}

void OwnProfile::send(const Responder& responder, const User& user, Session* session) {
    std::string body;
    JsonWriter json(body);
    _entrance.users.write(json, user, true, session);
    responder.send(HttpResponse::json(200, std::move(body)));
}

} // namespace salon::auth
