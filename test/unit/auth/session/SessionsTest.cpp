#include "session/Sessions.h"

#include "auth/AuthFixture.h"

#include <cppunit/extensions/HelperMacros.h>

using namespace salon::auth;
using namespace salon::auth::fixture;

class SessionsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SessionsTest);
    CPPUNIT_TEST(theEndedAreRefusedAndClosed);
    CPPUNIT_TEST(theyAreForgottenWithTheirLastAccessToken);
    CPPUNIT_TEST(anotherProcessKnowsThemToo);
    CPPUNIT_TEST(theDisabledAreRefusedAndLoseTheirSockets);
    CPPUNIT_TEST(theAuthenticatorAsks);
    CPPUNIT_TEST_SUITE_END();

    Rooms rooms;

public:
    void theEndedAreRefusedAndClosed() {
        const EndedSession some[] = {{3, 1, 5000}, {5, 2, 5000}};
        rooms.sessions.ended(some);
        CPPUNIT_ASSERT(!rooms.sessions.admits({1, 3}));
        CPPUNIT_ASSERT(!rooms.sessions.admits({2, 5}));
        CPPUNIT_ASSERT(rooms.sessions.admits({1, 4}));
        CPPUNIT_ASSERT(rooms.hub.closed ==
                       (std::vector<std::pair<std::int64_t, std::int64_t>>{{1, 3}, {2, 5}}));
    }

    void theyAreForgottenWithTheirLastAccessToken() {
        const EndedSession some[] = {{3, 1, 5000}, {5, 2, 6000}};
        rooms.sessions.ended(some);
        rooms.sessions.forget(64999);
        CPPUNIT_ASSERT(!rooms.sessions.admits({1, 3}));
        rooms.sessions.forget(65000);
        CPPUNIT_ASSERT(rooms.sessions.admits({1, 3}));
        CPPUNIT_ASSERT(!rooms.sessions.admits({2, 5}));
    }

    void anotherProcessKnowsThemToo() {
        CPPUNIT_ASSERT(
            AccountStore(*rooms.store.session).insert({"bob", "bob", "bob", "", "", "phc", 1}));
        const auto gone = rooms.enter(1);
        const auto stays = rooms.enter(1);
        SessionStore(*rooms.store.session).end(1, gone.session, gone.at);
        Sessions again(rooms.hub);
        again.load(*rooms.store.session, gone.at);
        CPPUNIT_ASSERT(!again.admits({1, gone.session}));
        CPPUNIT_ASSERT(again.admits({1, stays.session}));
    }

    void theDisabledAreRefusedAndLoseTheirSockets() {
        CPPUNIT_ASSERT(
            AccountStore(*rooms.store.session).insert({"bob", "bob", "bob", "", "", "phc", 1}));
        CPPUNIT_ASSERT(!rooms.sessions.found(1, false));
        CPPUNIT_ASSERT(rooms.sessions.admits({1, 3}));
        CPPUNIT_ASSERT(rooms.sessions.found(1, true));
        CPPUNIT_ASSERT(!rooms.sessions.found(1, true));
        CPPUNIT_ASSERT(!rooms.sessions.admits({1, 3}));
        CPPUNIT_ASSERT(rooms.sessions.admits({2, 4}));
        CPPUNIT_ASSERT(rooms.hub.closed ==
                       (std::vector<std::pair<std::int64_t, std::int64_t>>{{1, 0}}));
        CPPUNIT_ASSERT(rooms.sessions.found(1, false));
        CPPUNIT_ASSERT(rooms.sessions.admits({1, 3}));

        rooms.execute("UPDATE user_account SET disabled = 1");
        Sessions again(rooms.hub);
        again.load(*rooms.store.session, 5);
        CPPUNIT_ASSERT(!again.admits({1, 3}));
    }

    void theAuthenticatorAsks() {
        const auto tokens = std::make_shared<Tokens>(
            std::vector<SecretKey>{{"k", std::string(SecretKey::size, 'k')}},
            std::chrono::seconds(60));
        const auto sessions = std::make_shared<Sessions>(rooms.hub);
        TokenAuthenticator authenticator(tokens, sessions);
        const auto token = tokens->sign({1, 3}, salon::now() / 1000);
        CPPUNIT_ASSERT(authenticator.authenticate(token));
        const EndedSession gone[] = {{3, 1, 5000}};
        sessions->ended(gone);
        const auto refused = authenticator.authenticate(token);
        CPPUNIT_ASSERT(!refused && refused.error().code == salon::Code::unauthorized);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SessionsTest);
