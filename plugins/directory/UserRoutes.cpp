#include "UserRoutes.h"

#include "Cursor.h"
#include "DirectoryStore.h"
#include "Listing.h"

#include <charconv>
#include <optional>

namespace salon::directory {

namespace {

constexpr std::int64_t defaultPage = 50;
constexpr std::int64_t largestPage = 200;
// Rows whose account was disabled a moment ago make a further look necessary; a page that is still
// short after these is answered short.
constexpr int mostLooks = 4;

Error bad(const char* field, const char* detail) {
    return {Code::badRequest, std::string(field) + ' ' + detail, {{field, "invalid", detail}}};
}

Error unavailable() {
    return {Code::unavailable, "the accounts are not available now; try again later"};
}

std::optional<std::int64_t> readDigits(std::string_view text) {
    std::int64_t number = 0;
    const auto* const end = text.data() + text.size();
    const auto [stop, problem] = std::from_chars(text.data(), end, number);
    if (problem != std::errc() || stop != end || number < 1) return std::nullopt;
    return number;
}

} // namespace

struct UserRoutes::Query {
    std::string prefix; ///< folded; empty: everybody
    std::int64_t limit = defaultPage;
    Place after;
};

void UserRoutes::add(Routes& routes) {
    routes.add("GET", "/api/v1/users", Access::bearer,
               [this](const HttpRequest& request, const Responder& responder) {
                   search(request, responder);
               });
    routes.add("GET", "/api/v1/users/{user}", Access::bearer,
               [this](const HttpRequest& request, const Responder& responder) {
                   show(request, responder);
               });
}

Result<UserRoutes::Query> UserRoutes::read(const HttpRequest& request) {
    Query query;
    if (const auto limit = request.query("limit")) {
        query.limit = readDigits(*limit).value_or(0);
        if (query.limit < 1 || query.limit > largestPage) {
            return bad("limit", "must be from 1 to 200");
        }
    }
    if (const auto q = request.query("q")) {
        auto prefix = fold(*q);
        if (!prefix) return bad("q", "must be valid UTF-8");
        query.prefix = std::move(*prefix);
    }
    if (const auto after = request.query("after")) {
        auto place = readCursor(*after, query.prefix);
        if (!place) return bad("after", "must be a next of an earlier answer to the same search");
        query.after = std::move(*place);
    }
    return query;
}

UserRoutes::Page UserRoutes::collect(Session& session, auth::Users& users, const Query& query) {
    Page page;
    if (query.prefix.size() > longestWord) return page;
    DirectoryStore directory(session);
    auto after = query.after;
    for (int look = 0; look < mostLooks; ++look) {
        const auto wanted = query.limit - static_cast<std::int64_t>(page.users.size());
        const auto places = query.prefix.empty() ? directory.everybody(after, wanted + 1)
                                                 : directory.find(query.prefix, after, wanted + 1);
        std::vector<std::int64_t> ids;
        ids.reserve(places.size());
        for (const auto& place : places) ids.push_back(place.user);
        const bool more = static_cast<std::int64_t>(ids.size()) > wanted;
        if (more) ids.pop_back();
        for (auto& user : users.findMany(session, ids)) {
            if (user && !user->disabled) page.users.push_back(std::move(user));
        }
        if (!more) return page;
        after = places[ids.size() - 1];
        if (static_cast<std::int64_t>(page.users.size()) == query.limit) break;
    }
    page.next = cursorOf(after);
    return page;
}

void UserRoutes::search(const HttpRequest& request, const Responder& responder) {
    const auto query = read(request);
    if (!query) return responder.refuse(query.error());
    _catalogue.settled([this, query = *query, responder](const Result<void>& ready) {
        if (!ready) return responder.refuse(ready.error());
        answer(query, responder);
    });
}

void UserRoutes::answer(const Query& query, const Responder& responder) {
    const auto users = _users.hold();
    if (!users) return responder.refuse(unavailable());
    std::string body;
    _store.read([&](Session& session) {
        const auto page = collect(session, *users, query);
        JsonWriter json(body);
        json.beginObject().key("users").beginArray();
        users->writeMany(json, page.users, session);
        json.endArray();
        if (page.next.empty()) {
            json.nullMember("next");
        } else {
            json.member("next", page.next);
        }
        json.endObject();
    });
    responder.send(HttpResponse::json(200, std::move(body)));
}

void UserRoutes::show(const HttpRequest& request, const Responder& responder) {
    const auto users = _users.hold();
    if (!users) return responder.refuse(unavailable());
    const auto id = readDigits(request.segment("user"));
    std::string body;
    if (id) {
        _store.read([&](Session& session) {
            const auto user = users->find(session, *id);
            if (!user) return;
            JsonWriter json(body);
            users->write(json, *user, user->id == request.principal().user, &session);
        });
    }
    if (body.empty()) return responder.refuse({Code::notFound, "there is no such user"});
    responder.send(HttpResponse::json(200, std::move(body)));
}

} // namespace salon::directory
