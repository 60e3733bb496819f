#include "Contract.h"
#include "Deadline.h"
#include "RawConnection.h"
#include "Talk.h"
#include "TemporaryFolder.h"

#include <Poco/String.h>

#include <filesystem>
#include <list>

using salon::wire::Contract;
using salon::wire::Headers;
using salon::wire::Http;
using salon::wire::Json;
using salon::wire::Person;
using salon::wire::RawConnection;
using salon::wire::Reply;

// Every answer that the OpenAPI document describes is given once by a real daemon, and held against
// the description by Http itself. A call or a status that is described and never seen fails the
// test, so whoever describes a new one has to add its row; what is alike for all calls (no token,
// no JSON, no such thing, a stranger) is tried by rules, from the document.

namespace {

using Operation = Contract::Operation;

constexpr const char* password = "correct horse battery staple";

/// A call and the status that it should have.
struct Row {
    int status;
    const char* method;
    std::string path;
    std::string body = {};
    Headers headers = {};
};

bool answers(const Operation& operation, const std::string& status) {
    return operation.statuses.contains(status);
}

bool needsToken(const Operation& operation) {
    const auto ways = operation.description.list("security");
    return ways.size() == 1 && ways.front().has("bearer");
}

/// The path with this in the place of each name.
std::string filled(const Operation& operation, const std::string& id) {
    std::string path;
    for (const auto& segment : operation.path) {
        path += '/' + (segment.starts_with('{') ? id : segment);
    }
    return path;
}

/// The body that the document gives as the example, or none.
std::string exampleOf(const Operation& operation) {
    if (!operation.description.has("requestBody")) return {};
    const auto content = operation.description.object("requestBody").object("content");
    return content.object("application/json").object("example").dump();
}

std::string credentials(const std::string& name, const std::string& secret = password) {
    return "{\"login\":\"" + name + "\",\"password\":\"" + secret + "\"}";
}

std::string application(const std::string& name, const std::string& members = {}) {
    return "{\"username\":\"" + name + "\",\"password\":\"" + password + "\"" + members + "}";
}

} // namespace

class OpenApiTest : public salon::wire::Talk {
    CPPUNIT_TEST_SUITE(OpenApiTest);
    CPPUNIT_TEST(everyAnswerThatIsDescribedIsGiven);
    CPPUNIT_TEST_SUITE_END();

public:
    void everyAnswerThatIsDescribedIsGiven() {
        byRules();
        accounts();
        sessions();
        conversations();
        whereRegistrationIsClosed();
        whereAttemptsAreCounted();
        whereAnExtensionRefuses();
        whereTooManyWait();

        std::string missing;
        const auto given = Contract::get().given();
        for (const auto& operation : Contract::get().operations()) {
            for (const auto& status : operation.statuses) {
                // Only between the first moment of a stop and the last request that is read.
                if (operation.id == "healthReady" && status == "503") continue;
                if (!given.contains({operation.id, status})) {
                    missing += "\n  " + operation.id + ' ' + status;
                }
            }
        }
        CPPUNIT_ASSERT_EQUAL_MESSAGE("described, and never seen", std::string(), missing);
    }

private:
    /// Every plugin there is; short messages, so that long ones need not be long.
    salon::wire::Daemon::Defines defines() const override {
        auto all = Talk::defines();
        all["plugins.load"] = Contract::plugins();
        all["conversations.max_length"] = "20";
        return all;
    }

    static void all(const Http& http, const std::vector<Row>& rows) {
        for (const auto& row : rows) {
            const auto reply = http.call(row.method, row.path, row.body, row.headers);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(std::string(row.method) + ' ' + row.path + ' ' + row.body +
                                             " gets " + reply.body,
                                         row.status, reply.status);
        }
    }

    /// What holds for every call of its kind. Alice is an administrator and talks with bob; carol
    /// is a stranger to both.
    void byRules() {
        salon.person("alice");
        auto [alice, bob] = couple();
        const auto carol = salon.person("carol");
        const auto ack = alice.send(bob, "salut");
        makeRole(alice, "admin");
        const auto conversation = std::to_string(ack.number("conversation"));
        const auto message = std::to_string(ack.number("message"));
        for (const auto& operation : Contract::get().operations()) {
            // As if nobody had one: those that end or change something come with their own rows.
            const auto own = filled(
                operation,
                operation.pattern.find("{message}") == std::string::npos ? conversation : message);
            const auto body = exampleOf(operation);
            const auto call = [&](const Http& http, const std::string& path,
                                  const std::string& text, const Headers& headers = {}) {
                return http.call(operation.method, path, text, headers);
            };
            if (needsToken(operation)) {
                call(salon.http(), own, body).isProblem(401, "unauthorized");
                call(salon.http("x.y.z"), own, body).isProblem(401, "unauthorized");
            }
            if (answers(operation, "415")) {
                call(alice.http(), own, body, {{"Content-Type", "text/plain"}})
                    .isProblem(415, "unsupported_media_type");
            }
            if (answers(operation, "400") && !body.empty()) {
                for (const auto* bad : {"{", "[]", "7", "{\"a\":1e999}"}) {
                    call(alice.http(), own, bad).isProblem(400, "bad_request");
                }
            }
            if (answers(operation, "404") && operation.pattern.find('{') != std::string::npos) {
                for (const auto* none : {"999999", "0", "-1", "x", "99999999999999999999"}) {
                    // Other rules come first where both are broken.
                    call(alice.http(), filled(operation, none) + needed(operation), body)
                        .isProblem(404, "not_found");
                }
            }
            if (answers(operation, "403") && operation.pattern.find('{') != std::string::npos) {
                call(carol.http(), own + needed(operation), body).isProblem(403, "not_member");
            }
            if (answers(operation, "304")) {
                const auto tag = call(salon.http(), own, "").is(200).header("ETag");
                call(salon.http(), own, "", {{"If-None-Match", tag}}).is(304);
            }
            if (operation.method == "GET" && operation.path.back() != "me") {
                call(alice.http(), own + needed(operation), "").is(200);
            }
            if (operation.method == "GET" && answers(operation, "400")) {
                for (const auto* bad : {"limit=0", "limit=201", "limit=x"}) {
                    call(alice.http(), own + '?' + bad, "").isProblem(400, "bad_request");
                }
            }
        }
    }

    /// The query parameters that a call must have.
    static std::string needed(const Operation& operation) {
        std::string query;
        if (!operation.description.has("parameters")) return query;
        for (const auto& one : operation.description.list("parameters")) {
            const auto parameter = Contract::followed(Contract::get().document(), one);
            if (!parameter.is("in", "query") || !parameter.has("required")) continue;
            query += (query.empty() ? '?' : '&') + parameter.text("name") + "=0";
        }
        return query;
    }

    void accounts() {
        const auto dave = salon.person("dave");
        const auto erin = salon.person("erin");
        execute("UPDATE user_account SET disabled = 1 WHERE username = 'erin'");
        const std::string auth = "/api/v1/auth/";
        all(salon.http(),
            {{201, "POST", auth + "register", application("frank", R"(,"email":"f@example.org")")},
             {409, "POST", auth + "register", application("Frank")},
             {409, "POST", auth + "register", application("f2k", R"(,"email":"F@example.org")")},
             {400, "POST", auth + "register", application("x", R"(,"email":7,"display_name":"")")},
             {200, "POST", auth + "login", credentials("f@example.org")},
             {401, "POST", auth + "login", credentials("dave", "wrong")},
             {401, "POST", auth + "login", credentials("nobody")},
             {403, "POST", auth + "login", credentials("erin")},
             {400, "POST", auth + "login", "{}"}});
        const std::string me = "/api/v1/users/me";
        all(dave.http(),
            {{200, "GET", me},
             {200, "PATCH", me,
              R"({"display_name":"D","avatar":"#1E90FF","email":"d@example.org"})"},
             {200, "PATCH", me, R"({"avatar":null,"email":null})"},
             {409, "PATCH", me, R"({"email":"f@example.org"})"},
             {400, "PATCH", me, R"({"display_name":null,"avatar":"red"})"},
             {403, "PUT", auth + "password", R"({"current":"wrong","new":"another good one"})"},
             {400, "PUT", auth + "password", R"({"current":"wrong","new":"x"})"},
             {204, "PUT", auth + "password",
              std::string("{\"current\":\"") + password + R"(","new":"another good one"})"},
             {403, "POST", auth + "invitations", "{}"}});
        const auto alice = salon.person("alice");
        all(alice.http(), {{201, "POST", auth + "invitations"},
                           {201, "POST", auth + "invitations", R"({"expires_in":60})"},
                           {400, "POST", auth + "invitations", R"({"expires_in":59})"}});
    }

    void sessions() {
        const auto entered =
            salon.http().post("/api/v1/auth/register", application("grace")).is(201);
        const auto set = entered.header("Set-Cookie");
        const std::string cookie = set.substr(0, set.find(';'));
        const auto body = application("heidi", ",\"cookie\":false");
        const auto heidi = salon.http().post("/api/v1/auth/register", body).is(201).json();
        const auto token = "{\"refresh_token\":\"" + heidi.text("refresh_token") + "\"}";
        const Headers foreign{{"Cookie", cookie}, {"Origin", "https://elsewhere.example"}};
        const std::string auth = "/api/v1/auth/";
        all(salon.http(), {{200, "POST", auth + "refresh", token},
                           {401, "POST", auth + "refresh"},
                           {400, "POST", auth + "refresh", R"({"refresh_token":7})"},
                           {403, "POST", auth + "refresh", "", foreign},
                           {200, "POST", auth + "refresh", "", {{"Cookie", cookie}}},
                           {401, "POST", auth + "logout"},
                           {403, "POST", auth + "logout", "", foreign}});
        const Http http = salon.http(heidi.text("access_token"));
        const auto other = salon.http().post(auth + "login", credentials("heidi")).is(200);
        const auto listed = http.get(auth + "sessions").is(200).json().list("sessions");
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, listed.size());
        for (const auto& session : listed) {
            if (session.flag("current")) continue;
            http.del(auth + "sessions/" + std::to_string(session.number("id"))).is(204);
        }
        all(http, {{204, "POST", auth + "logout"}, {401, "GET", auth + "sessions"}});
    }

    void conversations() {
        const auto alice = salon.person("alice");
        const auto bob = salon.person("bob");
        const auto ivan = salon.person("ivan");
        const std::string conversations = "/api/v1/conversations";
        const auto with = "{\"with\":" + std::to_string(ivan.id()) + "}";
        all(alice.http(), {{201, "POST", conversations, with},
                           {200, "POST", conversations, R"({"with":"@ivan"})"},
                           {400, "POST", conversations, R"({"with":"@alice"})"},
                           {404, "POST", conversations, R"({"with":"@nobody"})"},
                           {400, "GET", conversations + "?after=x"}});
        const auto made = alice.http().post(conversations, with).is(200).json();
        const auto id = made.number("id");
        const auto sent = post(alice, id, "one", "salut").is(201).json();
        const auto message = "/api/v1/messages/" + std::to_string(sent.number("id"));
        const auto long21 = std::string(21, 'x');
        all(alice.http(),
            {{200, "POST", path(id, "/messages"), R"({"id":"one","content":"salut"})"},
             {409, "POST", path(id, "/messages"), R"({"id":"one","content":"other"})"},
             {201, "POST", path(id, "/messages"), R"({"id":"two","content":"x","reply_to":null})"},
             {413, "POST", path(id, "/messages"), R"({"id":"3","content":")" + long21 + "\"}"},
             {400, "POST", path(id, "/messages"), R"({"content":"no id"})"},
             {400, "GET", path(id, "/messages?before=1&after=1")},
             {200, "GET", path(id, "/messages?before=2")},
             {400, "GET", path(id, "/changes")},
             {200, "GET", path(id, "/changes?since=1")},
             {200, "GET", path(id, "/changes?since=99")},
             {204, "PUT", path(id, "/receipts"), R"({"read":1,"received":null})"},
             {400, "PUT", path(id, "/receipts"), "{}"},
             {200, "PATCH", message, R"({"content":"bonsoir"})"},
             {413, "PATCH", message, "{\"content\":\"" + long21 + "\"}"},
             {400, "PATCH", message, R"({"content":" "})"}});
        all(ivan.http(), {{403, "PATCH", message, R"({"content":"mine"})"},
                          {403, "DELETE", message},
                          {200, "GET", conversations},
                          {200, "GET", "/api/v1/users?q=al"},
                          {200, "GET", "/api/v1/users/" + std::to_string(ivan.id())},
                          {400, "GET", "/api/v1/users?after=x"}});
        all(alice.http(), {{200, "DELETE", message},
                           {200, "DELETE", message},
                           {409, "PATCH", message, R"({"content":"again"})"}});
    }

    void whereRegistrationIsClosed() {
        restartWith("auth.registration", "closed");
        salon.http().post("/api/v1/auth/register", application("judy")).isProblem(403, "forbidden");
    }

    void whereAttemptsAreCounted() {
        auto few = defines();
        few["auth.register_limit"] = "1";
        few["auth.login_attempts"] = "1";
        restart(few);
        const std::string auth = "/api/v1/auth/";
        const auto kate = salon.person("kate");
        const std::string change = R"({"current":"wrong","new":"another good one"})";
        all(salon.http(), {{429, "POST", auth + "register", application("leo")},
                           {401, "POST", auth + "login", credentials("kate", "wrong")},
                           {429, "POST", auth + "login", credentials("kate", "wrong")}});
        all(kate.http(), {{429, "PUT", auth + "password", change}});
        const std::string me = "/api/v1/users/me";
        const std::string taken = R"({"email":"f@example.org"})";
        all(kate.http(), std::vector<Row>(10, {409, "PATCH", me, taken}));
        all(kate.http(), {{429, "PATCH", me, taken}});
    }

    void whereAnExtensionRefuses() {
        const salon::test::TemporaryFolder plugins;
        for (const auto* name :
             {"plugins/auth.so", "plugins/conversations.so", "test/plugins/lib/censor.so"}) {
            const auto built = std::filesystem::path(SALON_BUILD) / name;
            std::filesystem::create_symlink(built, plugins.path() / built.filename());
        }
        auto with = defines();
        with["plugins.directory"] = plugins.path().string();
        with["plugins.load"] = "censor,auth,conversations";
        restart(with);
        const auto alice = salon.person("alice");
        salon.person("mona");
        const auto made = alice.http().post("/api/v1/conversations", R"({"with":"@mona"})").is(201);
        const auto id = made.json().number("id");
        const auto sent = post(alice, id, "good", "good").is(201).json();
        all(alice.http(), {{422, "POST", path(id, "/messages"), R"({"id":"bad","content":"spam"})"},
                           {422, "PATCH", "/api/v1/messages/" + std::to_string(sent.number("id")),
                            R"({"content":"spam"})"}});
        restart(defines());
    }

    /// One password is hashed, one waits, and others come.
    void whereTooManyWait() {
        auto narrow = defines();
        narrow["auth.hash_queue"] = "1";
        narrow["auth.login_attempts"] = "0";
        narrow["auth.login_attempts_per_address"] = "0";
        restart(narrow);
        const auto noel = salon.person("noel");
        const std::string change = R"({"current":"wrong","new":"another good one"})";
        const std::string auth = "/api/v1/auth/";
        const auto tries = [&](const Http& http, const char* method, const std::string& path,
                               const std::function<std::string(int)>& body) {
            const salon::test::Deadline deadline(salon::test::patience);
            for (int i = 0; !deadline.passed(); ++i) {
                const auto waiting = flood();
                if (http.call(method, path, body(i)).status == 503) return;
            }
            CPPUNIT_FAIL(path + " never has to wait");
        };
        tries(salon.http(), "POST", auth + "login",
              [](int) { return credentials("noel", "wrong"); });
        tries(salon.http(), "POST", auth + "register",
              [](int i) { return application("oscar" + std::to_string(i)); });
        tries(noel.http(), "PUT", auth + "password", [&](int) { return change; });
    }

    /// Logins that nobody waits for; they end with their connections.
    std::list<RawConnection> flood() const {
        const auto body = credentials("noel", "wrong");
        std::list<RawConnection> connections;
        for (int i = 0; i < 8; ++i) {
            connections.emplace_back(salon.port());
            connections.back().send("POST /api/v1/auth/login HTTP/1.1\r\nHost: salon\r\n"
                                    "Content-Type: application/json\r\nContent-Length: " +
                                    std::to_string(body.size()) + "\r\n\r\n" + body);
        }
        return connections;
    }

    void restart(const salon::wire::Daemon::Defines& with) {
        salon.stop();
        salon.start(with);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(OpenApiTest);
