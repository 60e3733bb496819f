#include "session/SessionRoutes.h"

#include "auth/AuthFixture.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>

using namespace salon::auth;
using namespace salon::auth::fixture;

class SessionRoutesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SessionRoutesTest);
    CPPUNIT_TEST(leavingEndsTheSessionOfTheAccessToken);
    CPPUNIT_TEST(leavingByTheCookieEndsItToo);
    CPPUNIT_TEST(leavingTwiceIsUnauthorized);
    CPPUNIT_TEST(anotherSiteDoesNotThrowAnybodyOut);
    CPPUNIT_TEST(onesSessionsAreListedLatestFirst);
    CPPUNIT_TEST(theListIsBounded);
    CPPUNIT_TEST(onlyOnesOwnSessionsAreEnded);
    CPPUNIT_TEST(aFailedWriteEndsNothing);
    CPPUNIT_TEST_SUITE_END();

    Rooms rooms;
    Authority authority{rooms};
    SessionRoutes routes{rooms.entrance, authority};

    using Closed = std::vector<std::pair<std::int64_t, std::int64_t>>;

    Request bearing(const Ticket& ticket, std::int64_t user = 1) {
        Request request("");
        request.who = {user, ticket.session};
        request.headers["Authorization"] =
            "bearer " + rooms.tokens.sign(request.who, salon::now() / 1000);
        return request;
    }
    static Request withCookie(const Ticket& ticket) {
        Request request("");
        request.headers["Cookie"] = "salon_refresh=" + ticket.refresh.text();
        return request;
    }
    Answer leave(const Request& request) {
        Answer answer;
        routes.logout(request, answer.responder());
        return answer;
    }
    Answer end(Request request, const std::string& id) {
        request.pathId = id;
        Answer answer;
        routes.end(request, answer.responder());
        return answer;
    }
    Answer list(const Request& request) {
        Answer answer;
        routes.list(request, answer.responder());
        return answer;
    }

public:
    void setUp() override {
        for (const std::string name : {"bob", "eve"}) {
            CPPUNIT_ASSERT(
                AccountStore(*rooms.store.session).insert({name, name, name, "", "", "phc", 1}));
        }
    }

    void leavingEndsTheSessionOfTheAccessToken() {
        const auto ticket = rooms.enter(1);
        const auto other = rooms.enter(1);
        const auto answer = leave(bearing(ticket));
        CPPUNIT_ASSERT_EQUAL(204, answer.status());
        CPPUNIT_ASSERT_EQUAL(
            std::string("salon_refresh=; Path=/api/v1/auth; HttpOnly; SameSite=Strict; Max-Age=0"),
            answer.header("Set-Cookie").value());
        CPPUNIT_ASSERT(!rooms.sessions.admits({1, ticket.session}));
        CPPUNIT_ASSERT(rooms.sessions.admits({1, other.session}));
        CPPUNIT_ASSERT(rooms.hub.closed == (Closed{{1, ticket.session}}));
    }

    void leavingByTheCookieEndsItToo() {
        const auto ticket = rooms.enter(1);
        auto request = withCookie(ticket);
        // The access token has expired meanwhile.
        request.headers["Authorization"] = "Bearer x.y.z";
        CPPUNIT_ASSERT_EQUAL(204, leave(request).status());
        CPPUNIT_ASSERT(rooms.hub.closed == (Closed{{1, ticket.session}}));
    }

    void leavingTwiceIsUnauthorized() {
        const auto ticket = rooms.enter(1);
        CPPUNIT_ASSERT_EQUAL(204, leave(bearing(ticket)).status());
        CPPUNIT_ASSERT_EQUAL(401, leave(bearing(ticket)).status());
        CPPUNIT_ASSERT_EQUAL(401, leave(withCookie(ticket)).status());
        CPPUNIT_ASSERT_EQUAL(401, leave(Request("")).status());
        auto garbage = Request("");
        garbage.headers["Cookie"] = "salon_refresh=x";
        CPPUNIT_ASSERT_EQUAL(401, leave(garbage).status());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rooms.hub.closed.size());
    }

    void anotherSiteDoesNotThrowAnybodyOut() {
        auto request = withCookie(rooms.enter(1));
        request.headers["Origin"] = "https://evil.example";
        CPPUNIT_ASSERT_EQUAL(403, leave(request).status());
        CPPUNIT_ASSERT(rooms.hub.closed.empty());
        request.headers["Origin"] = "https://chat.example.org";
        CPPUNIT_ASSERT_EQUAL(204, leave(request).status());
    }

    void onesSessionsAreListedLatestFirst() {
        const auto first = rooms.enter(1);
        rooms.execute("UPDATE session SET last_used_at = created_at - 5000");
        const auto second = rooms.enter(1);
        const auto gone = rooms.enter(1);
        CPPUNIT_ASSERT_EQUAL(204, leave(bearing(gone)).status());
        rooms.enter(2);
        const auto answer = list(bearing(first));
        CPPUNIT_ASSERT_EQUAL(200, answer.status());
        const auto line = [](const Ticket& ticket, salon::Milliseconds used, const char* current) {
            return R"({"id":)" + std::to_string(ticket.session) + R"(,"created_at":")" +
                   salon::formatTime(ticket.at) + R"(","last_used_at":")" +
                   salon::formatTime(used) +
                   R"(","ip":"192.0.2.1","user_agent":"test","current":)" + current + "}";
        };
        CPPUNIT_ASSERT_EQUAL(R"({"sessions":[)" + line(second, second.at, "false") + "," +
                                 line(first, first.at - 5000, "true") + "]}",
                             answer.body());
    }

    void theListIsBounded() {
        Ticket last = rooms.enter(1);
        for (std::size_t i = 0; i < SessionStore::mostAlive; ++i) last = rooms.enter(1);
        CPPUNIT_ASSERT_EQUAL(
            SessionStore::mostAlive,
            SessionStore(*rooms.store.session).list(1, last.at, SessionStore::mostAlive).size());
    }

    void onlyOnesOwnSessionsAreEnded() {
        const auto here = rooms.enter(1);
        const auto there = rooms.enter(1);
        const auto eves = rooms.enter(2);
        CPPUNIT_ASSERT_EQUAL(404, end(bearing(here), std::to_string(eves.session)).status());
        for (const auto* id : {"", "0", "-1", "99", "x", "1x", "01", "99999999999999999999"}) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(id, 404, end(bearing(here), id).status());
        }
        CPPUNIT_ASSERT(rooms.hub.closed.empty());
        CPPUNIT_ASSERT_EQUAL(204, end(bearing(here), std::to_string(there.session)).status());
        CPPUNIT_ASSERT_EQUAL(404, end(bearing(here), std::to_string(there.session)).status());
        CPPUNIT_ASSERT(rooms.hub.closed == (Closed{{1, there.session}}));
        CPPUNIT_ASSERT(!rooms.sessions.admits({1, there.session}));
        CPPUNIT_ASSERT_EQUAL(204, end(bearing(here), std::to_string(here.session)).status());
    }

    void aFailedWriteEndsNothing() {
        const auto ticket = rooms.enter(1);
        rooms.store.refusal = salon::Error{salon::Code::unavailable, "full"};
        CPPUNIT_ASSERT_EQUAL(503, leave(bearing(ticket)).status());
        CPPUNIT_ASSERT(rooms.sessions.admits({1, ticket.session}));
        CPPUNIT_ASSERT(rooms.hub.closed.empty());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SessionRoutesTest);
