#include "session/SessionStore.h"

#include "auth/AuthFixture.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>

using namespace salon::auth;
using salon::auth::fixture::Rooms;
using namespace std::chrono_literals;

class SessionStoreTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SessionStoreTest);
    CPPUNIT_TEST(sessionsOpenForThoseWhoMay);
    CPPUNIT_TEST(aSessionIsFoundByItsFamily);
    CPPUNIT_TEST(rotatingMovesTheExpiryOn);
    CPPUNIT_TEST(usingMovesTheRest);
    CPPUNIT_TEST(onlyOnesOwnLiveSessionEnds);
    CPPUNIT_TEST(allOthersEndAtOnce);
    CPPUNIT_TEST(othersThatHaveExpiredEndWithTheirAccessTokens);
    CPPUNIT_TEST(theOldestEndWhenThereAreTooMany);
    CPPUNIT_TEST(whatHasEndedIsNotRevived);
    CPPUNIT_TEST(sweepingForgetsWhatNothingRefersTo);
    CPPUNIT_TEST(theEndedStayWhileATokenOfTheirsLives);
    CPPUNIT_TEST_SUITE_END();

    Rooms rooms;
    SessionStore sessions{*rooms.store.session};
    const Lifetimes lifetimes{10s, 100s};
    const RefreshToken token = RefreshToken::make();
    std::int64_t bob = 0;

    std::int64_t open(const RefreshToken& refresh, std::int64_t at = 5000) {
        return sessions.open(bob, {"192.0.2.1", "test"}, refresh, at, lifetimes).value();
    }

public:
    void setUp() override {
        bob =
            AccountStore(*rooms.store.session).insert({"bob", "bob", "bob", "", "", "phc", 1})->id;
    }

    void sessionsOpenForThoseWhoMay() {
        const auto one = open(token);
        const auto other = open(RefreshToken::make(), 6000);
        CPPUNIT_ASSERT(one != other);
        CPPUNIT_ASSERT_EQUAL(
            std::int64_t{1},
            rooms.count("SELECT COUNT(*) FROM session WHERE created_at = 6000 AND last_used_at ="
                        " 6000 AND expires_at = 106000 AND access_until = 16000 AND"
                        " ip = '192.0.2.1' AND user_agent = 'test'"));
        CPPUNIT_ASSERT(!sessions.open(bob + 1, {}, token, 5, lifetimes));
        rooms.execute("UPDATE user_account SET disabled = 1");
        CPPUNIT_ASSERT(!sessions.open(bob, {}, token, 5, lifetimes));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, rooms.count("SELECT COUNT(*) FROM session"));
    }

    void aSessionIsFoundByItsFamily() {
        const auto id = open(token);
        open(RefreshToken::make());
        const auto found = sessions.findFamily(token.familyHash());
        CPPUNIT_ASSERT(found && found->id == id && found->user == bob);
        CPPUNIT_ASSERT_EQUAL(token.hash(), found->hash);
        CPPUNIT_ASSERT_EQUAL(std::string(), found->before);
        CPPUNIT_ASSERT(!sessions.findFamily(RefreshToken::make().familyHash()));
    }

    void rotatingMovesTheExpiryOn() {
        const auto id = open(token);
        const auto next = token.successor(std::string(32, 'x'));
        sessions.rotate(id, next, token, 7000, lifetimes);
        const auto found = sessions.findFamily(next.familyHash());
        CPPUNIT_ASSERT_EQUAL(next.hash(), found->hash);
        CPPUNIT_ASSERT_EQUAL(token.hash(), found->before);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{7000}, found->refreshedAt);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{107000}, found->expiresAt);
    }

    void usingMovesTheRest() {
        const auto id = open(token);
        sessions.touch(id, {"192.0.2.9", "other"}, 7000, lifetimes);
        CPPUNIT_ASSERT_EQUAL(
            std::int64_t{1},
            rooms.count("SELECT COUNT(*) FROM session WHERE created_at = 5000 AND last_used_at ="
                        " 7000 AND access_until = 17000 AND ip = '192.0.2.9' AND"
                        " user_agent = 'other'"));
        // What was given earlier does not become shorter.
        sessions.touch(id, {}, 8000, {1s, 100s});
        CPPUNIT_ASSERT_EQUAL(std::int64_t{17000}, rooms.count("SELECT access_until FROM session"));
    }

    void onlyOnesOwnLiveSessionEnds() {
        const auto id = open(token);
        CPPUNIT_ASSERT(!sessions.end(bob + 1, id, 6000));
        CPPUNIT_ASSERT(!sessions.end(bob, id + 1, 6000));
        CPPUNIT_ASSERT(!sessions.end(bob, id, 105000));
        CPPUNIT_ASSERT(sessions.end(bob, id, 6000) == (EndedSession{id, bob, 15000}));
        CPPUNIT_ASSERT(!sessions.end(bob, id, 6000));
        CPPUNIT_ASSERT(!sessions.end(bob, id, 0));
    }

    void allOthersEndAtOnce() {
        const auto here = open(token);
        const auto there = open(RefreshToken::make());
        const auto gone = open(RefreshToken::make());
        sessions.end(bob, gone, 6000);
        CPPUNIT_ASSERT(sessions.endOthers(bob, here, 6000) ==
                       (std::vector<EndedSession>{{there, bob, 15000}}));
        CPPUNIT_ASSERT(sessions.alive(bob, here, 6000));
        CPPUNIT_ASSERT(!sessions.alive(bob, there, 6000));
        CPPUNIT_ASSERT(!sessions.alive(bob + 1, here, 6000));
        CPPUNIT_ASSERT(!sessions.alive(bob, here, 105000));
    }

    void othersThatHaveExpiredEndWithTheirAccessTokens() {
        const auto here = open(token, 9000);
        const auto there = sessions.open(bob, {}, RefreshToken::make(), 5000, {10s, 2s}).value();
        for (const auto& ended : {std::vector<EndedSession>{{there, bob, 15000}}, {}}) {
            CPPUNIT_ASSERT(sessions.endOthers(bob, here, 10000) == ended);
        }
        CPPUNIT_ASSERT(sessions.alive(bob, here, 10000));
    }

    void theOldestEndWhenThereAreTooMany() {
        const auto first = open(token);
        const auto second = open(RefreshToken::make());
        const auto used = open(RefreshToken::make(), 4000);
        sessions.end(bob, open(RefreshToken::make()), 6000);
        CPPUNIT_ASSERT(sessions.endOldest(bob, 3, 6000).empty());
        CPPUNIT_ASSERT(sessions.touch(used, {}, 6000, lifetimes));
        CPPUNIT_ASSERT(sessions.endOldest(bob, 2, 6000) ==
                       (std::vector<EndedSession>{{first, bob, 15000}}));
        CPPUNIT_ASSERT(!sessions.alive(bob, first, 6000));
        CPPUNIT_ASSERT(sessions.alive(bob, second, 6000) && sessions.alive(bob, used, 6000));
    }

    void whatHasEndedIsNotRevived() {
        const auto id = open(token);
        sessions.end(bob, id, 6000);
        CPPUNIT_ASSERT(!sessions.rotate(id, RefreshToken::make(), token, 6000, lifetimes));
        CPPUNIT_ASSERT(!sessions.touch(id, {}, 6000, lifetimes));
        CPPUNIT_ASSERT(!sessions.alive(bob, id, 6000));
        CPPUNIT_ASSERT(sessions.findFamily(token.familyHash())->hash == token.hash());
    }

    void sweepingForgetsWhatNothingRefersTo() {
        const auto expired = open(token);
        const auto revoked = open(RefreshToken::make(), 100000);
        const auto longAccess =
            sessions.open(bob, {}, RefreshToken::make(), 100000, {100s, 5s}).value();
        open(RefreshToken::make(), 150000);
        sessions.end(bob, revoked, 104000);
        const auto over = sessions.sweep(105000, 10);
        CPPUNIT_ASSERT(
            over == (std::vector<EndedSession>{{expired, bob, 15000}, {longAccess, bob, 200000}}));
        CPPUNIT_ASSERT(sessions.sweep(105000, 10).empty());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, rooms.count("SELECT COUNT(*) FROM session"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, sessions.sweep(200000, 1).size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, sessions.sweep(200000, 10).size());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, rooms.count("SELECT COUNT(*) FROM session"));
    }

    void theEndedStayWhileATokenOfTheirsLives() {
        const auto id = open(token);
        open(RefreshToken::make());
        CPPUNIT_ASSERT(sessions.endedWithAccess(6000).empty());
        sessions.end(bob, id, 6000);
        CPPUNIT_ASSERT(sessions.endedWithAccess(14999) ==
                       (std::vector<EndedSession>{{id, bob, 15000}}));
        CPPUNIT_ASSERT(sessions.endedWithAccess(15000).empty());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SessionStoreTest);
