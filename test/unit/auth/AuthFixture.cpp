#include "AuthFixture.h"

#include "store/SqliteStatement.h"

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

Rooms::Rooms(Options options)
    : tokens({{"k1", std::string(SecretKey::size, 'x')}}, options.accessLifetime),
      entrance{std::move(options), store, hashers, users, tokens} {}

std::int64_t Rooms::count(const char* sql) {
    return std::get<0>(store.session->first<Poco::Int64>(sql).value());
}

} // namespace salon::auth::fixture
