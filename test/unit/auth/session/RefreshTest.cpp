#include "session/Refresh.h"

#include "auth/AuthFixture.h"
#include "password/Login.h"

#include "salon/Time.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>

using namespace salon::auth;
using namespace salon::auth::fixture;

class RefreshTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(RefreshTest);
    CPPUNIT_TEST(aTokenIsThirtyTwoBytesAndNothingElse);
    CPPUNIT_TEST(theSuccessorIsTheSameEachTimeForOneKey);
    CPPUNIT_TEST(loggingInPutsItIntoTheCookie);
    CPPUNIT_TEST(withoutAJarItIsInTheBody);
    CPPUNIT_TEST(aCookieThatIsNoBooleanIsABadRequest);
    CPPUNIT_TEST(itIsAnsweredTheWayItCame);
    CPPUNIT_TEST(theOneBeforeGetsTheSameForAWhile);
    CPPUNIT_TEST(usingTheOneBeforeLaterEndsTheSession);
    CPPUNIT_TEST(usingAnEvenOlderOneEndsTheSession);
    CPPUNIT_TEST(theSuccessorIsKnownByAnOlderKeyToo);
    CPPUNIT_TEST(whatIsUnknownOverOrDisabledIsRefused);
    CPPUNIT_TEST(aPageOfAnotherOriginMayNotUseTheCookie);
    CPPUNIT_TEST(aFailedWriteChangesNothing);
    CPPUNIT_TEST_SUITE_END();

    Rooms rooms;
    SilentLog log;
    Refresh refresh{rooms.entrance, log};

    Answer post(const Request& request) {
        Answer answer;
        refresh.handle(request, answer.responder());
        return answer;
    }
    Answer postBody(const std::string& token) {
        return post(Request(R"({"refresh_token":")" + token + R"("})"));
    }
    static Request withCookie(const std::string& token) {
        Request request("");
        request.headers.erase("Content-Type");
        request.headers["Cookie"] = "a=b; salon_refresh=" + token + ";c=d";
        return request;
    }
    Answer login(const std::string& members, bool secure = false) {
        Login login(rooms.entrance, quick);
        Request request(R"({"login":"bob","password":"correct horse")" + members + "}");
        request.overHttps = secure;
        Answer answer;
        login.handle(request, answer.responder());
        rooms.hashers.run();
        return answer;
    }
    bool accessIsGood(const Answer& answer, std::int64_t session) {
        const auto principal =
            rooms.tokens.verify(answer.text("access_token"), salon::now() / 1000);
        return principal && principal->user == 1 && principal->session == session &&
               rooms.sessions.admits(*principal);
    }

public:
    void setUp() override {
        const auto hash = PasswordHash::of("correct horse", quick);
        CPPUNIT_ASSERT(AccountStore(*rooms.store.session)
                           .insert({"bob", "bob", "bob", "", "", hash->phc(), 1}));
    }

    void aTokenIsThirtyTwoBytesAndNothingElse() {
        const auto token = RefreshToken::make();
        CPPUNIT_ASSERT_EQUAL(std::size_t{43}, token.text().size());
        const auto again = RefreshToken::parse(token.text());
        CPPUNIT_ASSERT(again && again->hash() == token.hash());
        CPPUNIT_ASSERT(again->familyHash() == token.familyHash());
        CPPUNIT_ASSERT(token.text() != RefreshToken::make().text());
        CPPUNIT_ASSERT(token.hash() != token.familyHash());
        for (const auto& text :
             {std::string(), token.text() + "A", token.text().substr(1), token.text() + "=",
              std::string(43, '!'), std::string(5000, 'A')}) {
            CPPUNIT_ASSERT_MESSAGE(text, !RefreshToken::parse(text));
        }
    }

    void theSuccessorIsTheSameEachTimeForOneKey() {
        const auto token = RefreshToken::make();
        const auto one = token.successor(rooms.tokens.derive(token.seed()).front());
        const auto two = token.successor(rooms.tokens.derive(token.seed()).front());
        CPPUNIT_ASSERT_EQUAL(one.text(), two.text());
        CPPUNIT_ASSERT_EQUAL(token.familyHash(), one.familyHash());
        CPPUNIT_ASSERT(token.text() != one.text());
        CPPUNIT_ASSERT(one.text() !=
                       token.successor(rooms.tokens.derive(one.seed()).front()).text());
    }

    void loggingInPutsItIntoTheCookie() {
        const auto plain = login("");
        CPPUNIT_ASSERT_EQUAL(200, plain.status());
        CPPUNIT_ASSERT(!plain.holds("refresh_token"));
        const auto token = plain.cookie().value();
        CPPUNIT_ASSERT(RefreshToken::parse(token));
        CPPUNIT_ASSERT_EQUAL("salon_refresh=" + token +
                                 "; Path=/api/v1/auth; HttpOnly; SameSite=Strict; Max-Age=2592000",
                             plain.header("Set-Cookie").value());
        const auto secure = login(R"(,"cookie":true)", true);
        CPPUNIT_ASSERT(secure.header("Set-Cookie")->ends_with("; Max-Age=2592000; Secure"));
        // Only its hash is kept.
        const auto known = RefreshToken::parse(token);
        const auto kept = SessionStore(*rooms.store.session).findFamily(known->familyHash());
        CPPUNIT_ASSERT(kept && kept->hash == known->hash() && kept->hash != token);
    }

    void withoutAJarItIsInTheBody() {
        const auto answer = login(R"(,"cookie":false)");
        CPPUNIT_ASSERT(!answer.cookie());
        CPPUNIT_ASSERT(RefreshToken::parse(answer.text("refresh_token")));
    }

    void aCookieThatIsNoBooleanIsABadRequest() {
        for (const std::string value : {"1", "\"false\"", "{}"}) {
            const auto answer = login(",\"cookie\":" + value);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(value, 400, answer.status());
            CPPUNIT_ASSERT(answer.holds(R"({"field":"cookie","code":"invalid")"));
        }
        CPPUNIT_ASSERT_EQUAL(200, login(",\"cookie\":null").status());
    }

    void itIsAnsweredTheWayItCame() {
        const auto ticket = rooms.enter(1);
        const auto byCookie = post(withCookie(ticket.refresh.text()));
        CPPUNIT_ASSERT_EQUAL(200, byCookie.status());
        CPPUNIT_ASSERT(byCookie.holds(R"({"user":{"id":1,)"));
        CPPUNIT_ASSERT(byCookie.holds(R"("expires_in":900})"));
        CPPUNIT_ASSERT(accessIsGood(byCookie, ticket.session));
        CPPUNIT_ASSERT(byCookie.cookie().value() != ticket.refresh.text());
        CPPUNIT_ASSERT_EQUAL(std::string("no-store"), byCookie.header("Cache-Control").value());

        const auto byBody = postBody(byCookie.cookie().value());
        CPPUNIT_ASSERT_EQUAL(200, byBody.status());
        CPPUNIT_ASSERT(!byBody.cookie());
        CPPUNIT_ASSERT(byBody.text("refresh_token") != byCookie.cookie().value());
        CPPUNIT_ASSERT_EQUAL(200, postBody(byBody.text("refresh_token")).status());
    }

    void theOneBeforeGetsTheSameForAWhile() {
        const auto ticket = rooms.enter(1);
        const auto one = postBody(ticket.refresh.text());
        const auto other = postBody(ticket.refresh.text());
        CPPUNIT_ASSERT_EQUAL(one.text("refresh_token"), other.text("refresh_token"));
        CPPUNIT_ASSERT(accessIsGood(other, ticket.session));
        rooms.execute("UPDATE session SET refreshed_at = refreshed_at - 25000");
        CPPUNIT_ASSERT_EQUAL(one.text("refresh_token"),
                             postBody(ticket.refresh.text()).text("refresh_token"));
        CPPUNIT_ASSERT_EQUAL(200, postBody(one.text("refresh_token")).status());
    }

    void usingTheOneBeforeLaterEndsTheSession() {
        const auto ticket = rooms.enter(1);
        const auto one = postBody(ticket.refresh.text());
        rooms.execute("UPDATE session SET refreshed_at = refreshed_at - 30000");
        const auto thief = postBody(ticket.refresh.text());
        CPPUNIT_ASSERT_EQUAL(401, thief.status());
        CPPUNIT_ASSERT_EQUAL(401, postBody(one.text("refresh_token")).status());
        CPPUNIT_ASSERT(!accessIsGood(one, ticket.session));
        CPPUNIT_ASSERT(rooms.hub.closed ==
                       (std::vector<std::pair<std::int64_t, std::int64_t>>{{1, ticket.session}}));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, log.lines.size());
    }

    void usingAnEvenOlderOneEndsTheSession() {
        const auto ticket = rooms.enter(1);
        const auto one = postBody(ticket.refresh.text());
        const auto two = postBody(one.text("refresh_token"));
        CPPUNIT_ASSERT_EQUAL(401, postBody(ticket.refresh.text()).status());
        CPPUNIT_ASSERT_EQUAL(401, postBody(two.text("refresh_token")).status());
        // Another session of the user is not concerned.
        CPPUNIT_ASSERT_EQUAL(200, postBody(rooms.enter(1).refresh.text()).status());
    }

    void theSuccessorIsKnownByAnOlderKeyToo() {
        const auto ticket = rooms.enter(1);
        const auto one = postBody(ticket.refresh.text());
        const SecretKey old{"k1", std::string(SecretKey::size, 'x')};
        const SecretKey fresh{"k2", std::string(SecretKey::size, 'y')};
        const Tokens both({fresh, old}, std::chrono::seconds(900));
        const Entrance later{rooms.entrance.options, rooms.store, rooms.hashers, rooms.users, both,
                             rooms.sessions,         rooms.limit, rooms.refusals};
        Answer answer;
        Refresh(later, log)
            .handle(Request(R"({"refresh_token":")" + ticket.refresh.text() + R"("})"),
                    answer.responder());
        CPPUNIT_ASSERT_EQUAL(one.text("refresh_token"), answer.text("refresh_token"));
        // Without the key nobody knows the successor: refused, and nothing is lost.
        const Tokens alone({fresh}, std::chrono::seconds(900));
        const Entrance last{rooms.entrance.options, rooms.store, rooms.hashers, rooms.users, alone,
                            rooms.sessions,         rooms.limit, rooms.refusals};
        Answer refused;
        Refresh(last, log).handle(
            Request(R"({"refresh_token":")" + ticket.refresh.text() + R"("})"),
            refused.responder());
        CPPUNIT_ASSERT_EQUAL(401, refused.status());
        CPPUNIT_ASSERT_EQUAL(200, postBody(one.text("refresh_token")).status());
    }

    void whatIsUnknownOverOrDisabledIsRefused() {
        CPPUNIT_ASSERT_EQUAL(401, post(Request("")).status());
        CPPUNIT_ASSERT_EQUAL(401, post(Request("{}")).status());
        CPPUNIT_ASSERT_EQUAL(400, post(Request(R"({"refresh_token":1})")).status());
        CPPUNIT_ASSERT_EQUAL(400, post(Request("[")).status());
        CPPUNIT_ASSERT_EQUAL(401, postBody("x").status());
        CPPUNIT_ASSERT_EQUAL(401, postBody(RefreshToken::make().text()).status());
        CPPUNIT_ASSERT_EQUAL(401, post(withCookie("")).status());
        Request untyped(R"({"refresh_token":"x"})");
        untyped.headers.erase("Content-Type");
        CPPUNIT_ASSERT_EQUAL(415, post(untyped).status());

        const auto expired = rooms.enter(1);
        rooms.execute("UPDATE session SET expires_at = " + std::to_string(expired.at));
        CPPUNIT_ASSERT_EQUAL(401, postBody(expired.refresh.text()).status());
        const auto disabled = rooms.enter(1);
        rooms.execute("UPDATE user_account SET disabled = 1");
        CPPUNIT_ASSERT(rooms.hub.closed.empty());
        CPPUNIT_ASSERT_EQUAL(401, postBody(disabled.refresh.text()).status());
        CPPUNIT_ASSERT(!rooms.sessions.admits({1, disabled.session}));
    }

    void aPageOfAnotherOriginMayNotUseTheCookie() {
        const auto ticket = rooms.enter(1);
        auto request = withCookie(ticket.refresh.text());
        for (const std::string origin :
             {"https://evil.example", "null", "", "https://chat.example.org.evil.example",
              "ftp://chat.example.org", "https://chat.example.org:8443"}) {
            request.headers["Origin"] = origin;
            CPPUNIT_ASSERT_EQUAL_MESSAGE(origin, 403, post(request).status());
        }
        request.headers["Origin"] = "https://chat.example.org";
        const auto own = post(request);
        CPPUNIT_ASSERT_EQUAL(200, own.status());
        rooms.entrance.options.origins = {"https://app.example.org"};
        auto listed = withCookie(own.cookie().value());
        listed.headers["Origin"] = "https://app.example.org";
        CPPUNIT_ASSERT_EQUAL(200, post(listed).status());
        // Whoever has the token itself needs no cookie, wherever the page is from.
        auto body = Request(R"({"refresh_token":")" + rooms.enter(1).refresh.text() + R"("})");
        body.headers["Origin"] = "https://evil.example";
        CPPUNIT_ASSERT_EQUAL(200, post(body).status());
    }

    void aFailedWriteChangesNothing() {
        const auto ticket = rooms.enter(1);
        rooms.store.refusal = salon::Error{salon::Code::unavailable, "full"};
        CPPUNIT_ASSERT_EQUAL(503, postBody(ticket.refresh.text()).status());
        rooms.store.refusal.reset();
        CPPUNIT_ASSERT_EQUAL(200, postBody(ticket.refresh.text()).status());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(RefreshTest);
