#include "account/OwnProfile.h"

#include "account/Registration.h"
#include "auth/AuthFixture.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>

using namespace salon::auth;
using namespace salon::auth::fixture;

class OwnProfileTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(OwnProfileTest);
    CPPUNIT_TEST(whatIsGivenChangesAndTheRestStays);
    CPPUNIT_TEST(nullTakesAway);
    CPPUNIT_TEST(everybodySeesItAtOnce);
    CPPUNIT_TEST(whatChangesNothingIsNoEvent);
    CPPUNIT_TEST(badMembersAreNamed);
    CPPUNIT_TEST(anAddressOfSomebodyElseIsAConflict);
    CPPUNIT_TEST(whoAsksForManyAddressesIsStopped);
    CPPUNIT_TEST(theEmailRuleDecides);
    CPPUNIT_TEST(theDisabledChangeNothing);
    CPPUNIT_TEST(aFailedWriteTellsNobody);
    CPPUNIT_TEST_SUITE_END();

    std::optional<Rooms> rooms;
    std::shared_ptr<Listener<UserChanged>> listener;
    std::optional<OwnProfile> profile;

    void open(EmailRule rule) {
        profile.reset();
        Options options;
        options.email = rule;
        rooms.emplace(options);
        listener = std::make_shared<Listener<UserChanged>>();
        profile.emplace(rooms->entrance, salon::Event<UserChanged>(listener));
        AccountStore accounts(*rooms->store.session);
        CPPUNIT_ASSERT(accounts.insert({"Bob", "bob", "Bob", "Bob@b.c", "bob@b.c", "phc", 1}));
        CPPUNIT_ASSERT(accounts.insert({"eve", "eve", "eve", "eve@b.c", "eve@b.c", "phc", 1}));
    }
    Answer patch(const std::string& json) {
        Request request(json);
        request.who = {1, 1};
        Answer answer;
        profile->change(request, answer.responder());
        return answer;
    }
    std::string show() {
        Request request("");
        request.who = {1, 1};
        Answer answer;
        profile->show(request, answer.responder());
        CPPUNIT_ASSERT_EQUAL(200, answer.status());
        return answer.body();
    }
    static std::string user(const std::string& name, const std::string& avatar,
                            const std::string& email) {
        return R"({"id":1,"username":"Bob","display_name":")" + name + R"(","avatar":)" + avatar +
               R"(,"role":"user","online":false,"last_seen":null,"email":)" + email + "}";
    }

public:
    void setUp() override { open(EmailRule::optional); }

    void whatIsGivenChangesAndTheRestStays() {
        CPPUNIT_ASSERT_EQUAL(user("Bob", "null", "\"Bob@b.c\""), show());
        const auto answer = patch(R"({"display_name":" Bobby ","unknown":1})");
        CPPUNIT_ASSERT_EQUAL(200, answer.status());
        CPPUNIT_ASSERT_EQUAL(user("Bobby", "null", "\"Bob@b.c\""), answer.body());
        CPPUNIT_ASSERT_EQUAL(user("Bobby", R"("#1e90ff")", "\"Bob@b.c\""),
                             patch(R"({"avatar":"#1E90fF"})").body());
        CPPUNIT_ASSERT_EQUAL(user("Bobby", R"("#1e90ff")", "\"b@c.d\""),
                             patch(R"({"email":"b@c.d"})").body());
        CPPUNIT_ASSERT_EQUAL(user("Bobby", R"("#1e90ff")", "\"b@c.d\""), show());
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, listener->told.size());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, listener->told[0].user);
        CPPUNIT_ASSERT(AccountStore(*rooms->store.session).accountByEmail("b@c.d"));
    }

    void nullTakesAway() {
        patch(R"({"avatar":"#1e90ff"})");
        CPPUNIT_ASSERT_EQUAL(user("Bob", "null", "null"),
                             patch(R"({"avatar":null,"email":null})").body());
        CPPUNIT_ASSERT_EQUAL(user("Bob", "null", "null"), show());
    }

    void everybodySeesItAtOnce() {
        auto& users = rooms->users;
        auto& session = *rooms->store.session;
        CPPUNIT_ASSERT_EQUAL(std::string("Bob"), users.find(session, 1)->displayName);
        patch(R"({"display_name":"Bobby"})");
        CPPUNIT_ASSERT_EQUAL(std::string("Bobby"), users.cached(1)->displayName);
        CPPUNIT_ASSERT_EQUAL(std::string("Bobby"), users.findByName(session, "bob")->displayName);
    }

    void whatChangesNothingIsNoEvent() {
        CPPUNIT_ASSERT_EQUAL(200, patch("{}").status());
        CPPUNIT_ASSERT_EQUAL(
            200, patch(R"({"display_name":"Bob","avatar":null,"email":"Bob@b.c"})").status());
        CPPUNIT_ASSERT(listener->told.empty());
    }

    void badMembersAreNamed() {
        const auto all = patch(R"({"display_name":"","avatar":"blue","email":"x"})");
        CPPUNIT_ASSERT_EQUAL(400, all.status());
        for (const auto* field : {"display_name", "avatar", "email"}) {
            CPPUNIT_ASSERT_MESSAGE(field,
                                   all.holds(R"({"field":")" + std::string(field) + R"(","code")"));
        }
        for (const std::string bad :
             {R"({"display_name":null})", R"({"display_name":1})", R"({"avatar":1})",
              R"({"avatar":""})", R"({"avatar":"#12345"})", R"({"avatar":"#1234567"})",
              R"({"avatar":"#12345g"})", R"({"avatar":"1234567"})", R"({"email":1})",
              R"({"email":""})", "[]", ""}) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(bad, 400, patch(bad).status());
        }
        CPPUNIT_ASSERT_EQUAL(user("Bob", "null", "\"Bob@b.c\""), show());
    }

    void anAddressOfSomebodyElseIsAConflict() {
        const auto taken = patch(R"({"email":"EVE@B.C","display_name":"Bobby"})");
        CPPUNIT_ASSERT_EQUAL(409, taken.status());
        CPPUNIT_ASSERT(taken.holds(R"({"field":"email","code":"taken")"));
        CPPUNIT_ASSERT_EQUAL(user("Bob", "null", "\"Bob@b.c\""), show());
        CPPUNIT_ASSERT_EQUAL(200, patch(R"({"email":"BOB@B.C"})").status());
    }

    void whoAsksForManyAddressesIsStopped() {
        const auto most = Registration::refusalsOf(rooms->entrance.options);
        for (std::int64_t i = 0; i < most; ++i) {
            CPPUNIT_ASSERT_EQUAL(200, patch(R"({"email":"bob@b.c"})").status()); // costs nothing
            CPPUNIT_ASSERT_EQUAL(409, patch(R"({"email":"eve@b.c"})").status());
        }
        const auto stopped = patch(R"({"email":"eve@b.c"})");
        CPPUNIT_ASSERT_EQUAL(429, stopped.status());
        CPPUNIT_ASSERT(stopped.header("Retry-After"));
        // Whether an address is free is not told either; the rest may still be changed.
        CPPUNIT_ASSERT_EQUAL(429, patch(R"({"email":"new@b.c"})").status());
        CPPUNIT_ASSERT_EQUAL(200, patch(R"({"display_name":"Bobby","email":null})").status());
    }

    void theEmailRuleDecides() {
        open(EmailRule::required);
        CPPUNIT_ASSERT(patch(R"({"email":null})").holds(R"({"field":"email","code":"required")"));
        CPPUNIT_ASSERT_EQUAL(200, patch(R"({"display_name":"Bobby"})").status());
        open(EmailRule::off);
        CPPUNIT_ASSERT_EQUAL(400, patch(R"({"email":"b@c.d"})").status());
        CPPUNIT_ASSERT_EQUAL(200, patch(R"({"email":null})").status());
    }

    void theDisabledChangeNothing() {
        rooms->execute("UPDATE user_account SET disabled = 1");
        CPPUNIT_ASSERT_EQUAL(401, patch(R"({"display_name":"Bobby"})").status());
        rooms->execute("DELETE FROM user_account");
        CPPUNIT_ASSERT_EQUAL(401, patch(R"({"display_name":"Bobby"})").status());
    }

    void aFailedWriteTellsNobody() {
        rooms->store.refusal = salon::Error{salon::Code::unavailable, "full"};
        CPPUNIT_ASSERT_EQUAL(503, patch(R"({"display_name":"Bobby"})").status());
        CPPUNIT_ASSERT(listener->told.empty());
        CPPUNIT_ASSERT_EQUAL(user("Bob", "null", "\"Bob@b.c\""), show());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(OwnProfileTest);
