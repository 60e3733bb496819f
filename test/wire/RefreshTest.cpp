#include "Dialogue.h"

using salon::wire::Headers;
using salon::wire::Reply;

/// Sessions go on when an access token expires, for browsers and for programs.
class RefreshTest : public salon::wire::Dialogue {
    CPPUNIT_TEST_SUITE(RefreshTest);
    CPPUNIT_TEST(aBrowserGoesOnByItsCookie);
    CPPUNIT_TEST(aProgramGoesOnByItsBody);
    CPPUNIT_TEST(twoTabsEndWithOneToken);
    CPPUNIT_TEST(aCopyEndsTheSessionForBoth);
    CPPUNIT_TEST(aRestartEndsNobodysSession);
    CPPUNIT_TEST(anotherSiteMayNotUseTheCookie);
    CPPUNIT_TEST(theProxysWordMakesTheCookieSecure);
    CPPUNIT_TEST_SUITE_END();

    static constexpr const char* path = "/api/v1/auth/refresh";

    Reply enter(const std::string& name, const std::string& members = "",
                const Headers& headers = {}) {
        return salon.http().call(
            "POST", "/api/v1/auth/register",
            "{\"username\":\"" + name + R"(","password":"correct horse")" + members + "}", headers);
    }
    static std::string cookieOf(const Reply& reply) {
        const auto line = reply.header("Set-Cookie");
        return line.substr(0, line.find(';'));
    }
    Reply byCookie(const std::string& cookie, Headers headers = {}) {
        headers.emplace_back("Cookie", cookie);
        return salon.http().call("POST", path, "", headers);
    }
    Reply byBody(const std::string& token) {
        return salon.http().post(path, R"({"refresh_token":")" + token + R"("})");
    }

public:
    void aBrowserGoesOnByItsCookie() {
        const auto alice = enter("alice").is(201);
        const auto set = alice.header("Set-Cookie");
        CPPUNIT_ASSERT_MESSAGE(
            set, set.ends_with("; Path=/api/v1/auth; HttpOnly; SameSite=Strict; Max-Age=2592000"));
        CPPUNIT_ASSERT(!alice.json().has("refresh_token"));

        const auto again = byCookie(cookieOf(alice)).is(200);
        CPPUNIT_ASSERT_EQUAL(std::string("alice"), again.json().object("user").text("username"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{900}, again.json().number("expires_in"));
        CPPUNIT_ASSERT(cookieOf(again) != cookieOf(alice));
        salon.http(again.json().text("access_token")).get("/api/v1/users/me").is(200);
        byCookie(cookieOf(again)).is(200);
    }

    void aProgramGoesOnByItsBody() {
        const auto alice = enter("alice", R"(,"cookie":false)").is(201);
        CPPUNIT_ASSERT_EQUAL(std::string(), alice.header("Set-Cookie"));
        const auto again = byBody(alice.json().text("refresh_token")).is(200);
        CPPUNIT_ASSERT_EQUAL(std::string(), again.header("Set-Cookie"));
        byBody(again.json().text("refresh_token")).is(200);
        byBody("x").isProblem(401, "unauthorized");
        salon.http().post(path, "").isProblem(401, "unauthorized");
        salon.http().post(path, R"({"refresh_token":7})").isProblem(400, "bad_request");
        enter("bob", R"(,"cookie":"no")").isProblem(400, "bad_request");
    }

    void twoTabsEndWithOneToken() {
        const auto alice = enter("alice").is(201);
        const auto one = byCookie(cookieOf(alice)).is(200);
        const auto other = byCookie(cookieOf(alice)).is(200);
        CPPUNIT_ASSERT_EQUAL(cookieOf(one), cookieOf(other));
    }

    void aCopyEndsTheSessionForBoth() {
        salon.stop();
        salon.start({{"auth.refresh_grace", "0s"}});
        auto alice = salon.person("alice");
        const auto login =
            salon.http()
                .post("/api/v1/auth/login",
                      R"({"login":"alice","password":"correct horse battery staple"})")
                .is(200);
        alice.setToken(login.json().text("access_token"));
        alice.connect();
        byCookie(cookieOf(login)).is(200);

        byCookie(cookieOf(login)).isProblem(401, "unauthorized");

        CPPUNIT_ASSERT_EQUAL(4401, alice.closedWith());
        alice.http().get("/api/v1/users/me").isProblem(401, "unauthorized");
        alice.knock().isProblem(401, "unauthorized");
        // The access token is refused by the next process as well.
        salon.stop();
        salon.restart();
        alice.http().get("/api/v1/users/me").isProblem(401, "unauthorized");
    }

    void aRestartEndsNobodysSession() {
        const auto alice = enter("alice").is(201);
        const auto before = byCookie(cookieOf(alice)).is(200);
        salon.kill();
        salon.restart();
        salon.http(before.json().text("access_token")).get("/api/v1/users/me").is(200);
        // The lost answer's token too.
        CPPUNIT_ASSERT_EQUAL(cookieOf(before), cookieOf(byCookie(cookieOf(alice)).is(200)));
        byCookie(cookieOf(before)).is(200);
    }

    void anotherSiteMayNotUseTheCookie() {
        const auto cookie = cookieOf(enter("alice").is(201));
        byCookie(cookie, {{"Origin", "https://evil.example"}}).isProblem(403, "forbidden");
        byCookie(cookie, {{"Origin", "null"}}).isProblem(403, "forbidden");
        const auto own = "http://127.0.0.1:" + std::to_string(salon.port());
        byCookie(cookie, {{"Origin", own}}).is(200);
    }

    void theProxysWordMakesTheCookieSecure() {
        const Headers https{{"X-Forwarded-Proto", "https"}};
        CPPUNIT_ASSERT(!enter("alice", "", https).is(201).header("Set-Cookie").ends_with("Secure"));
        salon.stop();
        salon.start({{"http.trusted_proxies", "127.0.0.1"}});
        CPPUNIT_ASSERT(enter("bob", "", https).is(201).header("Set-Cookie").ends_with("; Secure"));
        // Of two proxies, the nearest one counts.
        CPPUNIT_ASSERT(enter("carol", "", {{"X-Forwarded-Proto", "http, https"}})
                           .is(201)
                           .header("Set-Cookie")
                           .ends_with("; Secure"));
        CPPUNIT_ASSERT(!enter("dave", "", {{"X-Forwarded-Proto", "https, http"}})
                            .is(201)
                            .header("Set-Cookie")
                            .ends_with("Secure"));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(RefreshTest);
