#include "session/SessionSweep.h"

#include "auth/AuthFixture.h"

#include <cppunit/extensions/HelperMacros.h>

using namespace salon::auth;
using namespace salon::auth::fixture;

class SessionSweepTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SessionSweepTest);
    CPPUNIT_TEST(whoStillHasASocketLosesItWithTheSession);
    CPPUNIT_TEST(anAccessTokenDoesNotOutliveItsSession);
    CPPUNIT_TEST(manyAreDoneInSeveralTransactions);
    CPPUNIT_TEST(withoutADatabaseItWaitsForTheNextTime);
    CPPUNIT_TEST(whoWasDisabledInTheDatabaseLosesItsSocketsOnce);
    CPPUNIT_TEST_SUITE_END();

    Rooms rooms;
    SessionSweep sweep{rooms.entrance, rooms.hub, 3};

    std::int64_t left() { return rooms.count("SELECT COUNT(*) FROM session"); }

public:
    void setUp() override {
        CPPUNIT_ASSERT(
            AccountStore(*rooms.store.session).insert({"bob", "bob", "bob", "", "", "phc", 1}));
    }

    void whoStillHasASocketLosesItWithTheSession() {
        const auto gone = rooms.enter(1);
        rooms.execute("UPDATE session SET expires_at = 5, access_until = 5");
        rooms.enter(1);
        sweep.run();
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, left());
        CPPUNIT_ASSERT(rooms.hub.closed.empty());
        const auto online = rooms.enter(1);
        rooms.execute("UPDATE session SET expires_at = 5, access_until = 5 WHERE id = " +
                      std::to_string(online.session));
        rooms.hub.online.insert(salon::Topic::user(1).handle);
        sweep.run();
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, left());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rooms.hub.closed.size());
        CPPUNIT_ASSERT_EQUAL(online.session, rooms.hub.closed[0].second);
        CPPUNIT_ASSERT(online.session != gone.session);
    }

    void anAccessTokenDoesNotOutliveItsSession() {
        const auto expired = rooms.enter(1);
        rooms.execute("UPDATE session SET expires_at = 5");
        sweep.run();
        CPPUNIT_ASSERT(!rooms.sessions.admits({1, expired.session}));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rooms.hub.closed.size());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, left());
    }

    void manyAreDoneInSeveralTransactions() {
        for (int i = 0; i < 10; ++i) rooms.enter(1);
        rooms.execute("UPDATE session SET expires_at = 5, access_until = 5");
        sweep.run();
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, left());
    }

    void withoutADatabaseItWaitsForTheNextTime() {
        rooms.enter(1);
        rooms.execute("UPDATE session SET expires_at = 5, access_until = 5");
        rooms.store.refusal = salon::Error{salon::Code::unavailable, "away"};
        sweep.run();
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, left());
        rooms.store.refusal.reset();
        sweep.run();
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, left());
    }

    void whoWasDisabledInTheDatabaseLosesItsSocketsOnce() {
        const auto ticket = rooms.enter(1);
        sweep.run();
        CPPUNIT_ASSERT(rooms.sessions.admits({1, ticket.session}));
        rooms.execute("UPDATE user_account SET disabled = 1");
        for (int i = 0; i < 2; ++i) {
            sweep.run();
            CPPUNIT_ASSERT(!rooms.sessions.admits({1, ticket.session}));
            CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rooms.hub.closed.size());
        }
        CPPUNIT_ASSERT(rooms.hub.closed[0] == (std::pair<std::int64_t, std::int64_t>{1, 0}));
        CPPUNIT_ASSERT(rooms.users.cached(1)->disabled);
        rooms.execute("UPDATE user_account SET disabled = 0");
        sweep.run();
        CPPUNIT_ASSERT(!rooms.sessions.admits({1, ticket.session})); // until it logs in
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SessionSweepTest);
