#include "password/PasswordChange.h"

#include "auth/AuthFixture.h"
#include "password/Login.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>

using namespace salon::auth;
using namespace salon::auth::fixture;

class PasswordChangeTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(PasswordChangeTest);
    CPPUNIT_TEST(theNewOneIsGoodFromNowOnAndTheOldOneIsNot);
    CPPUNIT_TEST(everyOtherSessionEnds);
    CPPUNIT_TEST(aWrongCurrentOneIsForbidden);
    CPPUNIT_TEST(aBadNewOneIsABadRequest);
    CPPUNIT_TEST(whoWasThrownOutMeanwhileChangesNothing);
    CPPUNIT_TEST(ofTwoAtOnceTheSecondHasAWrongOne);
    CPPUNIT_TEST(aLoginByTheOldOneUnderWayFails);
    CPPUNIT_TEST(aFullQueueIsUnavailable);
    CPPUNIT_TEST_SUITE_END();

    Rooms rooms;
    PasswordChange change{rooms.entrance, quick};
    Login login{rooms.entrance, quick};

    Answer put(const Ticket& ticket, const std::string& json) {
        Request request(json);
        request.who = {1, ticket.session};
        Answer answer;
        change.handle(request, answer.responder());
        return answer;
    }
    Answer attempt(const Ticket& ticket, const std::string& current, const std::string& fresh) {
        return put(ticket, R"({"current":")" + current + R"(","new":")" + fresh + R"("})");
    }
    Answer enter(const std::string& password) {
        Answer answer;
        login.handle(Request(R"({"login":"bob","password":")" + password + R"("})"),
                     answer.responder());
        return answer;
    }
    int statusOfLogin(const std::string& password) {
        const auto answer = enter(password);
        rooms.hashers.run();
        return answer.status();
    }

public:
    void setUp() override {
        const auto hash = PasswordHash::of("correct horse", quick);
        CPPUNIT_ASSERT(AccountStore(*rooms.store.session)
                           .insert({"bob", "bob", "bob", "", "", hash->phc(), 1}));
    }

    void theNewOneIsGoodFromNowOnAndTheOldOneIsNot() {
        const auto answer = attempt(rooms.enter(1), "correct horse", "battery staple");
        CPPUNIT_ASSERT(!answer.given());
        rooms.hashers.run();
        CPPUNIT_ASSERT_EQUAL(204, answer.status());
        CPPUNIT_ASSERT_EQUAL(401, statusOfLogin("correct horse"));
        CPPUNIT_ASSERT_EQUAL(200, statusOfLogin("battery staple"));
    }

    void everyOtherSessionEnds() {
        const auto here = rooms.enter(1);
        const auto there = rooms.enter(1);
        attempt(here, "correct horse", "battery staple");
        rooms.hashers.run();
        CPPUNIT_ASSERT(rooms.sessions.admits({1, here.session}));
        CPPUNIT_ASSERT(!rooms.sessions.admits({1, there.session}));
        CPPUNIT_ASSERT(rooms.hub.closed ==
                       (std::vector<std::pair<std::int64_t, std::int64_t>>{{1, there.session}}));
    }

    void aWrongCurrentOneIsForbidden() {
        const auto here = rooms.enter(1);
        for (const std::string wrong : {"wrong horse", "", "correct\\u0000horse"}) {
            const auto answer = attempt(here, wrong, "battery staple");
            rooms.hashers.run();
            CPPUNIT_ASSERT_EQUAL_MESSAGE(wrong, 403, answer.status());
        }
        rooms.execute("UPDATE user_account SET password = ''");
        const auto none = attempt(here, "correct horse", "battery staple");
        rooms.hashers.run();
        CPPUNIT_ASSERT_EQUAL(403, none.status());
    }

    void aBadNewOneIsABadRequest() {
        const auto here = rooms.enter(1);
        const auto brief = attempt(here, "correct horse", "short");
        CPPUNIT_ASSERT_EQUAL(400, brief.status());
        CPPUNIT_ASSERT(brief.holds(R"({"field":"new","code":"too_short")"));
        const auto empty = put(here, "{}");
        CPPUNIT_ASSERT(empty.holds(R"({"field":"current","code":"required")"));
        CPPUNIT_ASSERT(empty.holds(R"({"field":"new","code":"required")"));
        CPPUNIT_ASSERT(rooms.hashers.waiting.empty());
    }

    void whoWasThrownOutMeanwhileChangesNothing() {
        const auto thief = rooms.enter(1);
        const auto answer = attempt(thief, "correct horse", "battery staple");
        SessionStore(*rooms.store.session).end(1, thief.session, thief.at);
        rooms.hashers.run();
        CPPUNIT_ASSERT_EQUAL(401, answer.status());
        CPPUNIT_ASSERT_EQUAL(200, statusOfLogin("correct horse"));
    }

    void ofTwoAtOnceTheSecondHasAWrongOne() {
        const auto here = rooms.enter(1);
        const auto one = attempt(here, "correct horse", "battery staple");
        const auto other = attempt(here, "correct horse", "stapled battery");
        rooms.hashers.run();
        CPPUNIT_ASSERT_EQUAL(204, one.status());
        CPPUNIT_ASSERT_EQUAL(403, other.status());
        CPPUNIT_ASSERT_EQUAL(200, statusOfLogin("battery staple"));
    }

    void aLoginByTheOldOneUnderWayFails() {
        const auto here = rooms.enter(1);
        // The hasher finds the old password right, and the write finds it changed.
        const auto old = enter("correct horse");
        const auto fresh = PasswordHash::of("battery staple", quick)->phc();
        const auto before = AccountStore(*rooms.store.session).accountById(1)->password;
        CPPUNIT_ASSERT(AccountStore(*rooms.store.session).replacePassword(1, before, fresh));
        rooms.hashers.run();
        CPPUNIT_ASSERT(!old.given());
        rooms.hashers.run();
        CPPUNIT_ASSERT_EQUAL(401, old.status());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, rooms.count("SELECT COUNT(*) FROM session"));
        // One that was only hashed anew meanwhile is right the second time.
        const auto again = enter("battery staple");
        const auto rehashed = PasswordHash::of("battery staple", quick)->phc();
        CPPUNIT_ASSERT(AccountStore(*rooms.store.session).replacePassword(1, fresh, rehashed));
        rooms.hashers.run();
        rooms.hashers.run();
        CPPUNIT_ASSERT_EQUAL(200, again.status());
        CPPUNIT_ASSERT(here.session != 0);
    }

    void aFullQueueIsUnavailable() {
        rooms.hashers.capacity = 0;
        CPPUNIT_ASSERT_EQUAL(503,
                             attempt(rooms.enter(1), "correct horse", "battery staple").status());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(PasswordChangeTest);
