#include "password/LoginLimit.h"

#include "auth/AuthFixture.h"
#include "password/Login.h"
#include "password/PasswordChange.h"

#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <cctype>
#include <string>

using namespace salon::auth;
using namespace salon::auth::fixture;
using namespace std::chrono_literals;

class LoginLimitTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(LoginLimitTest);
    CPPUNIT_TEST(someAreFreeAndThenEachWaitsTwiceAsLong);
    CPPUNIT_TEST(refusedAttemptsDoNotProlongTheWait);
    CPPUNIT_TEST(aQuarterOfAnHourIsTheLongestWait);
    CPPUNIT_TEST(aQuarterOfAnHourWithoutAttemptsForgets);
    CPPUNIT_TEST(successForgets);
    CPPUNIT_TEST(manyAtOnceAreNoWayAround);
    CPPUNIT_TEST(whatCameToNothingIsGivenBack);
    CPPUNIT_TEST(anotherNetworkIsAnotherMatter);
    CPPUNIT_TEST(manyNetworksAreSlowedDownTogether);
    CPPUNIT_TEST(theOwnersOwnNetworkIsNot);
    CPPUNIT_TEST(oneNetworkHasSoManyFailures);
    CPPUNIT_TEST(aBurstFromOneNetworkIsNoWayAroundIt);
    CPPUNIT_TEST(aCrowdThatKnowsItsPasswordsWaitsASecond);
    CPPUNIT_TEST(noLimitCountsNothing);
    CPPUNIT_TEST(itsMemoryIsBounded);
    CPPUNIT_TEST(atTheDoorUnknownAccountsAreLimitedAlike);
    CPPUNIT_TEST(atTheDoorTheRightPasswordForgets);
    CPPUNIT_TEST(theCurrentPasswordCannotBeGuessedEither);
    CPPUNIT_TEST_SUITE_END();

    using Wait = LoginLimit::Wait;
    LoginLimit::Clock::time_point now{1000h};
    LoginLimit::Who bob{1, "", "192.0.2.1"};

    Wait fail(LoginLimit& limit, const LoginLimit::Who& who, bool known = false) {
        auto wait = limit.admit(who, known, now);
        if (!wait) limit.failed(who, now);
        return wait;
    }
    static LoginLimit::Who from(int network, std::int64_t user = 1) {
        return {user, "",
                "10." + std::to_string(network / 65536) + '.' +
                    std::to_string(network / 256 % 256) + '.' + std::to_string(network % 256)};
    }

public:
    void someAreFreeAndThenEachWaitsTwiceAsLong() {
        LoginLimit limit({5, 50});
        for (int i = 0; i < 5; ++i) CPPUNIT_ASSERT(!fail(limit, bob));
        for (const auto wait : {1s, 2s, 4s, 8s, 16s}) {
            CPPUNIT_ASSERT(fail(limit, bob) == wait);
            now += wait - 1ms;
            CPPUNIT_ASSERT(fail(limit, bob) == 1s);
            now += 1ms;
            CPPUNIT_ASSERT(!fail(limit, bob));
        }
    }

    void refusedAttemptsDoNotProlongTheWait() {
        LoginLimit limit({1, 50});
        for (const auto wait : {0s, 1s, 2s, 4s}) {
            now += wait;
            CPPUNIT_ASSERT(!fail(limit, bob));
        }
        for (int i = 8; i > 0; --i, now += 1s) {
            CPPUNIT_ASSERT(fail(limit, bob) == std::chrono::seconds(i));
        }
        CPPUNIT_ASSERT(!fail(limit, bob));
    }

    void aQuarterOfAnHourIsTheLongestWait() {
        LoginLimit limit({1, 0});
        for (int i = 0; i < 100; ++i) {
            CPPUNIT_ASSERT(!fail(limit, bob));
            now += limit.admit(bob, false, now).value();
        }
        CPPUNIT_ASSERT(!fail(limit, bob));
        CPPUNIT_ASSERT(limit.admit(bob, false, now) == 15min);
    }

    void aQuarterOfAnHourWithoutAttemptsForgets() {
        LoginLimit limit({2, 50});
        for (int i = 0; i < 2; ++i) CPPUNIT_ASSERT(!fail(limit, bob));
        now += 1s + 15min - 1ms;
        CPPUNIT_ASSERT(!fail(limit, bob));
        CPPUNIT_ASSERT(fail(limit, bob) == 2s);
        now += 2s + 15min;
        for (int i = 0; i < 2; ++i) CPPUNIT_ASSERT(!fail(limit, bob));
        CPPUNIT_ASSERT(fail(limit, bob) == 1s);
    }

    void successForgets() {
        LoginLimit limit({5, 50});
        for (int i = 0; i < 5; ++i) CPPUNIT_ASSERT(!fail(limit, bob));
        now += 1s;
        CPPUNIT_ASSERT(!limit.admit(bob, false, now));
        limit.succeeded(bob);
        for (int i = 0; i < 5; ++i) CPPUNIT_ASSERT(!fail(limit, bob));
    }

    void manyAtOnceAreNoWayAround() {
        LoginLimit limit({5, 50});
        for (int i = 0; i < 5; ++i) CPPUNIT_ASSERT(!limit.admit(bob, false, now));
        CPPUNIT_ASSERT(limit.admit(bob, false, now) == 1s);
        // The wait is counted from the answer on.
        now += 10s;
        limit.failed(bob, now);
        CPPUNIT_ASSERT(limit.admit(bob, false, now) == 1s);
    }

    void whatCameToNothingIsGivenBack() {
        LoginLimit limit({2, 50});
        for (int i = 0; i < 10; ++i) {
            CPPUNIT_ASSERT(!limit.admit(bob, false, now));
            limit.withdraw(bob);
        }
        CPPUNIT_ASSERT(!fail(limit, bob));
        CPPUNIT_ASSERT(!limit.admit(bob, false, now));
        limit.withdraw(bob);
        CPPUNIT_ASSERT(!fail(limit, bob));
        CPPUNIT_ASSERT(fail(limit, bob) == 1s);
    }

    void anotherNetworkIsAnotherMatter() {
        LoginLimit limit({1, 50});
        CPPUNIT_ASSERT(!fail(limit, bob));
        CPPUNIT_ASSERT(fail(limit, bob));
        CPPUNIT_ASSERT(!fail(limit, {1, "", "192.0.2.2"}));
        CPPUNIT_ASSERT(!fail(limit, {2, "", "192.0.2.1"}));
        CPPUNIT_ASSERT(!fail(limit, {0, "eve", "192.0.2.1"}));
        CPPUNIT_ASSERT(fail(limit, {0, "eve", "::ffff:192.0.2.1"}));
    }

    void manyNetworksAreSlowedDownTogether() {
        LoginLimit limit({2, 50});
        int network = 0;
        for (int i = 0; i < 40; ++i) CPPUNIT_ASSERT(!fail(limit, from(++network)));
        CPPUNIT_ASSERT(fail(limit, from(++network)) == 1s);
        CPPUNIT_ASSERT(!fail(limit, from(network, 2)));
        for (int i = 0; i < 20; ++i) {
            const auto wait = limit.admit(from(++network), false, now).value();
            CPPUNIT_ASSERT(wait <= 30s);
            now += wait;
            CPPUNIT_ASSERT(!fail(limit, from(network)));
        }
        CPPUNIT_ASSERT(fail(limit, from(++network)) == 30s);
    }

    void theOwnersOwnNetworkIsNot() {
        LoginLimit limit({2, 50});
        for (int i = 0; i < 45; ++i) fail(limit, from(i));
        CPPUNIT_ASSERT(limit.admit(bob, false, now));
        CPPUNIT_ASSERT(!fail(limit, bob, true));
        CPPUNIT_ASSERT(!fail(limit, bob, true));
        CPPUNIT_ASSERT(fail(limit, bob, true) == 1s);
    }

    void oneNetworkHasSoManyFailures() {
        LoginLimit limit({5, 3});
        for (std::int64_t user = 1; user <= 3; ++user) {
            CPPUNIT_ASSERT(!fail(limit, {user, "", "2001:db8::1"}));
        }
        now += 5min;
        CPPUNIT_ASSERT(fail(limit, {4, "", "2001:db8::2"}) == 10min);
        CPPUNIT_ASSERT(!fail(limit, {4, "", "2001:db8:0:1::1"}));
        now += 10min;
        CPPUNIT_ASSERT(!fail(limit, {4, "", "2001:db8::2"}));
    }

    void aBurstFromOneNetworkIsNoWayAroundIt() {
        LoginLimit limit({5, 3});
        for (std::int64_t user = 1; user <= 3; ++user) {
            CPPUNIT_ASSERT(!limit.admit(from(7, user), false, now));
        }
        CPPUNIT_ASSERT(limit.admit(from(7, 4), false, now) == 1s);
        CPPUNIT_ASSERT(!limit.admit(from(8, 4), false, now));
        for (std::int64_t user = 1; user <= 3; ++user) limit.failed(from(7, user), now);
        CPPUNIT_ASSERT(limit.admit(from(7, 4), false, now) == 15min);
    }

    void aCrowdThatKnowsItsPasswordsWaitsASecond() {
        LoginLimit limit({5, 2});
        for (std::int64_t user = 1; user <= 20; user += 2) {
            CPPUNIT_ASSERT(!limit.admit(from(7, user), false, now));
            CPPUNIT_ASSERT(!limit.admit(from(7, user + 1), false, now));
            CPPUNIT_ASSERT(limit.admit(from(7, 100), false, now) == 1s);
            limit.succeeded(from(7, user));
            limit.withdraw(from(7, user + 1));
        }
        // What is never heard of is forgotten with the quarter of an hour.
        CPPUNIT_ASSERT(!limit.admit(from(7, 1), false, now));
        CPPUNIT_ASSERT(!limit.admit(from(7, 2), false, now));
        now += 15min;
        CPPUNIT_ASSERT(!limit.admit(from(7, 3), false, now));
        for (int i = 0; i < 3; ++i) limit.withdraw(from(7, 3));
        CPPUNIT_ASSERT(!fail(limit, from(7, 4)));
        CPPUNIT_ASSERT(!fail(limit, from(7, 5)));
        CPPUNIT_ASSERT(fail(limit, from(7, 6)) == 15min);
    }

    void noLimitCountsNothing() {
        LoginLimit limit({0, 0});
        for (int i = 0; i < 1000; ++i) CPPUNIT_ASSERT(!fail(limit, bob));
    }

    void itsMemoryIsBounded() {
        LoginLimit limit({1, 0}, 3);
        for (int i = 0; i < 4; ++i) CPPUNIT_ASSERT(!fail(limit, from(i, i + 1)));
        CPPUNIT_ASSERT(fail(limit, from(3, 4)));
        CPPUNIT_ASSERT(fail(limit, from(1, 2)));
        CPPUNIT_ASSERT(!fail(limit, from(0, 1)));
    }

    void atTheDoorUnknownAccountsAreLimitedAlike() {
        Rooms rooms;
        insertBob(rooms);
        Login login(rooms.entrance, quick);
        std::vector<std::string> answers;
        for (const std::string who : {"bob", "eve", "eve@b.c"}) {
            std::string all;
            for (int i = 0; i < 6; ++i) {
                auto typed = who;
                if (i % 2 == 0) std::transform(who.begin(), who.end(), typed.begin(), ::toupper);
                const auto answer = enter(rooms, login, typed, "wrong horse");
                all += answer.body() + answer.header("Retry-After").value_or("-") + '\n';
            }
            answers.push_back(all);
        }
        CPPUNIT_ASSERT(answers[0].find(R"("code":"rate_limited")") != std::string::npos);
        CPPUNIT_ASSERT(answers[0].ends_with("1\n"));
        CPPUNIT_ASSERT_EQUAL(answers[0], answers[1]);
        CPPUNIT_ASSERT_EQUAL(answers[0], answers[2]);
        // Not even the right password passes, and by the address it is the same account.
        CPPUNIT_ASSERT_EQUAL(429, enter(rooms, login, "bob").status());
        CPPUNIT_ASSERT_EQUAL(429, enter(rooms, login, "bob@b.c").status());
        CPPUNIT_ASSERT(rooms.hashers.waiting.empty());
    }

    void atTheDoorTheRightPasswordForgets() {
        Rooms rooms;
        insertBob(rooms);
        Login login(rooms.entrance, quick);
        for (int round = 0; round < 3; ++round) {
            for (int i = 0; i < 4; ++i) {
                CPPUNIT_ASSERT_EQUAL(401, enter(rooms, login, "bob", "wrong horse").status());
            }
            CPPUNIT_ASSERT_EQUAL(200, enter(rooms, login, "bob").status());
        }
        // Neither do those count that did not fail by the password.
        rooms.execute("UPDATE user_account SET disabled = 1");
        for (int i = 0; i < 10; ++i) {
            CPPUNIT_ASSERT_EQUAL(403, enter(rooms, login, "bob").status());
        }
    }

    void theCurrentPasswordCannotBeGuessedEither() {
        Rooms rooms;
        insertBob(rooms);
        PasswordChange change(rooms.entrance, quick);
        const auto here = rooms.enter(1);
        const auto put = [&](const std::string& current) {
            Request request(R"({"current":")" + current + R"(","new":"battery staple"})");
            request.who = {1, here.session};
            Answer answer;
            change.handle(request, answer.responder());
            rooms.hashers.run();
            return answer.status();
        };
        for (int i = 0; i < 5; ++i) CPPUNIT_ASSERT_EQUAL(403, put("wrong horse"));
        CPPUNIT_ASSERT_EQUAL(429, put("wrong horse"));
        CPPUNIT_ASSERT_EQUAL(429, put("correct horse"));
    }

private:
    static void insertBob(Rooms& rooms) {
        const auto hash = PasswordHash::of("correct horse", quick);
        CPPUNIT_ASSERT(AccountStore(*rooms.store.session)
                           .insert({"bob", "bob", "bob", "bob@b.c", "bob@b.c", hash->phc(), 1}));
    }
    static Answer enter(Rooms& rooms, Login& login, const std::string& who,
                        const std::string& password = "correct horse") {
        Answer answer;
        login.handle(Request(R"({"login":")" + who + R"(","password":")" + password + R"("})"),
                     answer.responder());
        rooms.hashers.run();
        return answer;
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(LoginLimitTest);
