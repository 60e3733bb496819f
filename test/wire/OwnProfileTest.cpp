#include "Dialogue.h"

#include <Poco/Data/Session.h>

/// People change how others see them, and the disabled are out.
class OwnProfileTest : public salon::wire::Dialogue {
    CPPUNIT_TEST_SUITE(OwnProfileTest);
    CPPUNIT_TEST(othersSeeTheNewNameAtOnce);
    CPPUNIT_TEST(badMembersAndTakenAddressesAreRefused);
    CPPUNIT_TEST(theDisabledAreOut);
    CPPUNIT_TEST_SUITE_END();

    static constexpr const char* me = "/api/v1/users/me";

public:
    void othersSeeTheNewNameAtOnce() {
        auto alice = salon.person("alice");
        auto bob = salon.person("bob");
        const auto with = [&] {
            return bob.http()
                .post("/api/v1/conversations", R"({"with":)" + std::to_string(alice.id()) + "}")
                .json()
                .object("peer");
        };
        CPPUNIT_ASSERT_EQUAL(std::string("alice"), with().text("display_name"));
        const auto changed =
            alice.http()
                .patch(me, R"({"display_name":"Alice A.","avatar":"#1E90FF","email":"a@b.c"})")
                .is(200)
                .json();
        CPPUNIT_ASSERT_EQUAL(std::string("a@b.c"), changed.text("email"));
        CPPUNIT_ASSERT_EQUAL(changed.dump(), alice.http().get(me).is(200).json().dump());
        CPPUNIT_ASSERT_EQUAL(std::string("Alice A."), with().text("display_name"));
        CPPUNIT_ASSERT_EQUAL(std::string("#1e90ff"), with().text("avatar"));
        CPPUNIT_ASSERT(!with().has("email"));
        const auto welcome = alice.connect();
        CPPUNIT_ASSERT_EQUAL(std::string("Alice A."), welcome.object("user").text("display_name"));
        CPPUNIT_ASSERT(
            alice.http().patch(me, R"({"avatar":null})").is(200).json().isNull("avatar"));
    }

    void badMembersAndTakenAddressesAreRefused() {
        auto alice = salon.person("alice");
        auto bob = salon.person("bob");
        alice.http().patch(me, R"({"email":"a@b.c"})").is(200);
        bob.http().patch(me, R"({"email":"A@b.c"})").isProblem(409, "conflict");
        bob.http().patch(me, R"({"avatar":"red"})").isProblem(400, "bad_request");
        bob.http().patch(me, R"({"display_name":null})").isProblem(400, "bad_request");
        salon.http().patch(me, "{}").isProblem(401, "unauthorized");
    }

    void theDisabledAreOut() {
        auto alice = salon.person("alice");
        const auto bob = salon.person("bob");
        alice.connect();
        {
            auto database = salon.openStore();
            database << "UPDATE user_account SET disabled = 1 WHERE username = 'alice'",
                Poco::Data::Keywords::now;
        }
        // The daemon learns it at the next login, or when it starts.
        salon.http()
            .post("/api/v1/auth/login",
                  R"({"login":"alice","password":"correct horse battery staple"})")
            .isProblem(403, "forbidden");
        CPPUNIT_ASSERT_EQUAL(4401, alice.closedWith());
        alice.http().get(me).isProblem(401, "unauthorized");
        salon.stop();
        salon.restart();
        alice.http().get(me).isProblem(401, "unauthorized");
        alice.knock().isProblem(401, "unauthorized");
        bob.http().get(me).is(200);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(OwnProfileTest);
