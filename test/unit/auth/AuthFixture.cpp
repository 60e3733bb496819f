#include "auth/AuthFixture.h"

#include "account/Registration.h"
#include "store/sqlite/SqliteStatement.h"

#include "salon/Plugin.h"

#include <Poco/Data/SQLite/Connector.h>

#include <cppunit/TestAssert.h>

#include <algorithm>

extern const salon::Migration salonSchema_auth[];

namespace salon::auth::fixture {

InlineStore::InlineStore() {
    Poco::Data::SQLite::Connector::registerConnector();
    Poco::Data::Session poco("SQLite", ":memory:");
    const auto run = [&](const std::string& sql) {
        Poco::Data::Statement statement(poco);
        statement << sql;
        statement.execute();
    };
    run("PRAGMA foreign_keys = ON");
    for (const auto* step = salonSchema_auth; step->version != 0; ++step) {
        std::string_view rest = step->sqlite;
        for (auto end = rest.find(";\n"); end != rest.npos; end = rest.find(";\n")) {
            run(std::string(rest.substr(0, end)));
            rest.remove_prefix(end + 2);
        }
    }
    session.emplace(poco, Dialect::sqlite, store::prepareSqlite);
}

void InlineStore::submitPlain(std::int64_t, std::unique_ptr<PlainWrite> write) {
    if (refusal) return write->finish(&*refusal);
    session->execute("SAVEPOINT plain");
    if (!write->run(*session)) session->execute("ROLLBACK TO plain");
    session->execute("RELEASE plain");
    write->finish(nullptr);
}

bool HeldTasks::post(std::function<void()> task) {
    if (waiting.size() >= capacity) return false;
    waiting.push_back(std::move(task));
    return true;
}

void HeldTasks::run() {
    for (const auto& task : std::exchange(waiting, {})) task();
}

std::optional<std::string_view> Request::header(std::string_view name) const {
    const auto found = headers.find(name);
    if (found == headers.end()) return std::nullopt;
    return found->second;
}

class Answer::Kept final : public Responder::Sink {
public:
    void send(HttpResponse given) override {
        CPPUNIT_ASSERT_MESSAGE("answered twice", !response);
        response = std::move(given);
    }
    std::optional<HttpResponse> response;
};

Answer::Answer() : _sink(std::make_shared<Kept>()) {}

Responder Answer::responder() const {
    return Responder(_sink);
}

bool Answer::given() const {
    return _sink->response.has_value();
}

int Answer::status() const {
    CPPUNIT_ASSERT_MESSAGE("not answered", given());
    return _sink->response->status;
}

const std::string& Answer::body() const {
    CPPUNIT_ASSERT_MESSAGE("not answered", given());
    return _sink->response->body;
}

std::optional<std::string> Answer::header(std::string_view name) const {
    CPPUNIT_ASSERT_MESSAGE("not answered", given());
    for (const auto& [key, value] : _sink->response->headers) {
        if (key == name) return value;
    }
    return std::nullopt;
}

std::string Answer::text(std::string_view member) const {
    JsonReader reader;
    const auto parsed = reader.parse(body());
    CPPUNIT_ASSERT(parsed);
    return std::string((*parsed)[member].string().value_or(""));
}

std::optional<std::string> Answer::cookie() const {
    const auto line = header("Set-Cookie");
    if (!line) return std::nullopt;
    constexpr std::string_view name = "salon_refresh=";
    CPPUNIT_ASSERT(line->starts_with(name));
    return line->substr(name.size(), line->find(';') - name.size());
}

Rooms::Rooms(Options options)
    : tokens({{"k1", std::string(SecretKey::size, 'x')}}, options.lifetimes.access),
      limit(options.loginLimit), refusals(Registration::refusalsOf(options)),
      entrance{std::move(options), store, hashers, users, tokens, sessions, limit, refusals} {}

std::int64_t Rooms::count(const char* sql) {
    return std::get<0>(store.session->first<Poco::Int64>(sql).value());
}

Result<Principal> Authority::authenticate(std::string_view token) {
    auto principal = _rooms.tokens.verify(token, now() / 1000);
    if (principal && !_rooms.sessions.admits(*principal)) return Error{Code::unauthorized, "over"};
    return principal;
}

Ticket Rooms::enter(std::int64_t user) {
    Ticket ticket{0, now(), RefreshToken::make(), {}};
    ticket.session = SessionStore(*store.session)
                         .open(user, {"192.0.2.1", "test"}, ticket.refresh, ticket.at,
                               entrance.options.lifetimes)
                         .value();
    return ticket;
}

void Rooms::execute(const std::string& sql) {
    Poco::Data::Statement statement(store.session->poco());
    statement << sql;
    statement.execute();
}

} // namespace salon::auth::fixture
