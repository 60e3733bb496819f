#include "session/Welcome.h"

namespace salon::auth {

namespace {

/// Milliseconds as seconds: an integer where it is whole, up to three decimals otherwise.
std::string secondsOf(std::chrono::milliseconds time) {
    auto text = std::to_string(time.count() / 1000);
    if (const auto rest = time.count() % 1000; rest != 0) {
        auto decimals = std::to_string(1000 + rest).substr(1);
        decimals.erase(decimals.find_last_not_of('0') + 1);
        text += '.' + decimals;
    }
    return text;
}

} // namespace

Welcome::Welcome(UserDirectory& users, std::chrono::milliseconds heartbeat)
    : _users(users), _heartbeat(secondsOf(heartbeat)) {}

void Welcome::open(Connection& connection) {
    const auto id = connection.principal().user;
    if (const auto user = _users.cached(id)) return greet(connection, user.get());
    connection.suspend([this, id](Session& session) -> Connection::Continuation {
        return [this, user = _users.find(session, id)](Connection& again) {
            greet(again, user.get());
        };
    });
}

void Welcome::greet(Connection& connection, const User* user) {
    if (!user || user->disabled) return connection.close(Ending::sessionEnded);
    connection.subscribe(Topic::user(user->id));
    std::string text;
    JsonWriter json(text);
    json.beginObject().member("type", "welcome").key("user");
    _users.write(json, *user, true);
    json.member("session", connection.principal().session);
    json.key("heartbeat").raw(_heartbeat);
    json.member("protocol", "salon.v1").endObject();
    connection.send(SharedFrame::text(text));
}

} // namespace salon::auth
