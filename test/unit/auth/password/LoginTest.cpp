#include "password/Login.h"

#include "auth/AuthFixture.h"

#include "salon/Json.h"
#include "salon/Time.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>

using namespace salon::auth;
using namespace salon::auth::fixture;

class LoginTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(LoginTest);
    CPPUNIT_TEST(byNameOrAddressInAnyCase);
    CPPUNIT_TEST(everyLoginIsASessionOfItsOwn);
    CPPUNIT_TEST(oneSessionTooManyEndsTheOneUsedLongestAgo);
    CPPUNIT_TEST(wrongAndUnknownGetOneAnswerAfterOneHash);
    CPPUNIT_TEST(whatNoPasswordCanBeIsAGuessAllTheSame);
    CPPUNIT_TEST(anAccountWithoutAPasswordIsNobodys);
    CPPUNIT_TEST(theDisabledLearnItByTheRightPasswordOnly);
    CPPUNIT_TEST(disabledWhileHashingIsDisabled);
    CPPUNIT_TEST(weakHashesAreMadeAnew);
    CPPUNIT_TEST(strongHashesStay);
    CPPUNIT_TEST(badRequestsNameTheirFields);
    CPPUNIT_TEST(aFullQueueIsUnavailable);
    CPPUNIT_TEST_SUITE_END();

    Rooms rooms;
    Login login{rooms.entrance, quick};

    Answer post(const std::string& json) {
        Answer answer;
        login.handle(Request(json), answer.responder());
        return answer;
    }
    Answer enter(const std::string& who, const std::string& password = "correct horse") {
        const auto answer = post(R"({"login":")" + who + R"(","password":")" + password + R"("})");
        rooms.hashers.run();
        return answer;
    }
    void set(const std::string& column, const std::string& value) {
        Poco::Data::Statement statement(rooms.store.session->poco());
        statement << "UPDATE user_account SET " + column + " = '" + value + "'";
        statement.execute();
    }
    std::string stored() {
        return AccountStore(*rooms.store.session).accountByName("bob")->password;
    }

public:
    void setUp() override {
        const auto hash = PasswordHash::of("correct horse", quick);
        CPPUNIT_ASSERT(AccountStore(*rooms.store.session)
                           .insert({"Bob", "bob", "Bob", "Bob@b.c", "bob@b.c", hash->phc(), 1}));
    }

    void byNameOrAddressInAnyCase() {
        for (const std::string who : {"Bob", "bob", "ＢＯＢ", "bob@b.c", "BOB@B.C"}) {
            const auto answer = enter(who);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(who, 200, answer.status());
            CPPUNIT_ASSERT(answer.holds(R"("email":"Bob@b.c"})"));
            CPPUNIT_ASSERT_EQUAL(std::string("no-store"), answer.header("Cache-Control").value());
        }
    }

    void everyLoginIsASessionOfItsOwn() {
        std::int64_t last = 0;
        for (int i = 0; i < 3; ++i) {
            salon::JsonReader reader;
            const auto answer = enter("bob");
            const auto body = reader.parse(answer.body());
            const auto principal =
                rooms.tokens.verify(*(*body)["access_token"].string(), salon::now() / 1000);
            CPPUNIT_ASSERT(principal && principal->user == 1 && principal->session > last);
            last = principal->session;
        }
    }

    void oneSessionTooManyEndsTheOneUsedLongestAgo() {
        const auto oldest = rooms.enter(1);
        const auto next = rooms.enter(1);
        rooms.execute("UPDATE session SET last_used_at = id");
        for (auto i = SessionStore::mostAlive - 3; i > 0; --i) rooms.enter(1);
        CPPUNIT_ASSERT_EQUAL(200, enter("bob").status()); // the last one that there is room for
        CPPUNIT_ASSERT(rooms.hub.closed.empty());
        CPPUNIT_ASSERT(rooms.sessions.admits({1, oldest.session}));
        CPPUNIT_ASSERT_EQUAL(200, enter("bob").status());
        CPPUNIT_ASSERT(!rooms.sessions.admits({1, oldest.session}));
        CPPUNIT_ASSERT(rooms.sessions.admits({1, next.session}));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rooms.hub.closed.size());
        CPPUNIT_ASSERT_EQUAL(static_cast<std::int64_t>(SessionStore::mostAlive),
                             rooms.count("SELECT COUNT(*) FROM session WHERE expires_at > 0"));
    }

    void wrongAndUnknownGetOneAnswerAfterOneHash() {
        const auto wrong = enter("bob", "wrong horse");
        CPPUNIT_ASSERT_EQUAL(401, wrong.status());
        CPPUNIT_ASSERT(wrong.holds("the login or the password is wrong"));
        for (const std::string who : {"eve", "eve@b.c", "", "@", "b b", "bob\\u0000", "bob@"}) {
            const auto answer = post(R"({"login":")" + who + R"(","password":"correct horse"})");
            CPPUNIT_ASSERT_EQUAL_MESSAGE(who, std::size_t{1}, rooms.hashers.waiting.size());
            rooms.hashers.run();
            CPPUNIT_ASSERT_EQUAL_MESSAGE(who, 401, answer.status());
            CPPUNIT_ASSERT_EQUAL_MESSAGE(who, wrong.body(), answer.body());
        }
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, rooms.count("SELECT COUNT(*) FROM session"));
    }

    void whatNoPasswordCanBeIsAGuessAllTheSame() {
        for (const std::string who : {"bob", "nobody"}) {
            for (int i = 0; i < 5; ++i) {
                CPPUNIT_ASSERT_EQUAL(401, enter(who, "horse\\u0007").status());
            }
            CPPUNIT_ASSERT_EQUAL(429, enter(who, "horse\\u0007").status());
            CPPUNIT_ASSERT_EQUAL(429, enter(who).status());
        }
    }

    void anAccountWithoutAPasswordIsNobodys() {
        for (const std::string phc : {"", "garbage", "$argon2id$v=19$m=0,t=0,p=0$$"}) {
            set("password", phc);
            CPPUNIT_ASSERT_EQUAL(401, enter("bob").status());
            CPPUNIT_ASSERT_EQUAL(401, enter("bob", "").status());
            rooms.limit.succeeded({1, "", "203.0.113.7"});
        }
    }

    void theDisabledLearnItByTheRightPasswordOnly() {
        set("disabled", "1");
        CPPUNIT_ASSERT_EQUAL(401, enter("bob", "wrong horse").status());
        CPPUNIT_ASSERT_EQUAL(403, enter("bob").status());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, rooms.count("SELECT COUNT(*) FROM session"));
    }

    void disabledWhileHashingIsDisabled() {
        const auto answer = post(R"({"login":"bob","password":"correct horse"})");
        set("disabled", "1");
        rooms.hashers.run();
        CPPUNIT_ASSERT_EQUAL(403, answer.status());
        CPPUNIT_ASSERT(rooms.users.cached(1)->disabled);
        CPPUNIT_ASSERT(!rooms.sessions.admits({1, 1}));
    }

    void weakHashesAreMadeAnew() {
        Login stronger(rooms.entrance, {128, 2, 1});
        const auto before = stored();
        Answer wrong;
        stronger.handle(Request(R"({"login":"bob","password":"wrong horse"})"), wrong.responder());
        rooms.hashers.run();
        CPPUNIT_ASSERT_EQUAL(before, stored());
        Answer right;
        stronger.handle(Request(R"({"login":"bob","password":"correct horse"})"),
                        right.responder());
        rooms.hashers.run();
        CPPUNIT_ASSERT_EQUAL(200, right.status());
        CPPUNIT_ASSERT(stored().starts_with("$argon2id$v=19$m=128,t=2,p=1$"));
        CPPUNIT_ASSERT_EQUAL(200, enter("bob").status());
    }

    void strongHashesStay() {
        const auto before = stored();
        CPPUNIT_ASSERT_EQUAL(200, enter("bob").status());
        CPPUNIT_ASSERT_EQUAL(before, stored());
    }

    void badRequestsNameTheirFields() {
        const auto empty = post("{}");
        CPPUNIT_ASSERT_EQUAL(400, empty.status());
        CPPUNIT_ASSERT(empty.holds(R"({"field":"login","code":"required")"));
        CPPUNIT_ASSERT(empty.holds(R"({"field":"password","code":"required")"));
        CPPUNIT_ASSERT_EQUAL(400, post(R"({"login":1,"password":"x"})").status());
        // No account can have such a password.
        CPPUNIT_ASSERT_EQUAL(401, enter("bob", "correct\\u0000horse").status());
        CPPUNIT_ASSERT_EQUAL(401, enter("bob", std::string(5000, 'x')).status());
        CPPUNIT_ASSERT(rooms.hashers.waiting.empty());
    }

    void aFullQueueIsUnavailable() {
        rooms.hashers.capacity = 0;
        const auto answer = post(R"({"login":"bob","password":"correct horse"})");
        CPPUNIT_ASSERT_EQUAL(503, answer.status());
        CPPUNIT_ASSERT_EQUAL(std::string("2"), answer.header("Retry-After").value());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(LoginTest);
