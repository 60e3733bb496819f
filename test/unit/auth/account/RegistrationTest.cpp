#include "account/Registration.h"

#include "auth/AuthFixture.h"

#include "salon/Json.h"
#include "salon/Time.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>

using namespace salon::auth;
using namespace salon::auth::fixture;

class RegistrationTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(RegistrationTest);
    CPPUNIT_TEST(aNewcomerGetsAnAccountASessionAndAToken);
    CPPUNIT_TEST(nothingIsHashedForABadRequest);
    CPPUNIT_TEST(aTakenNameIsAConflictBeforeHashing);
    CPPUNIT_TEST(whoeverWritesFirstHasTheName);
    CPPUNIT_TEST(closedIsForbidden);
    CPPUNIT_TEST(tooManyFromOneAddressAreLimited);
    CPPUNIT_TEST(nobodyIsToldWithoutEndWhoIsHere);
    CPPUNIT_TEST(aFullQueueIsUnavailableAndDoesNotCount);
    CPPUNIT_TEST(aFailedWriteTellsNobody);
    CPPUNIT_TEST_SUITE_END();

    std::optional<Rooms> rooms;
    std::shared_ptr<Listener<UserRegistered>> listener;
    std::optional<Registration> registration;

    void open(const Options& options = {}) {
        registration.reset();
        rooms.emplace(options);
        listener = std::make_shared<Listener<UserRegistered>>();
        registration.emplace(rooms->entrance, salon::Event<UserRegistered>(listener), quick);
    }
    Answer post(const std::string& json, const std::string& address = "192.0.2.1") {
        Request request(json, address);
        request.headers["User-Agent"] = "test\xff\r 1";
        Answer answer;
        registration->handle(request, answer.responder());
        return answer;
    }
    static std::string bob(const std::string& name = "Bob") {
        return R"({"username":")" + name + R"(","password":"correct horse","email":")" + name +
               R"(@b.c"})";
    }

public:
    void setUp() override { open(); }

    void aNewcomerGetsAnAccountASessionAndAToken() {
        const auto answer = post(bob());
        CPPUNIT_ASSERT(!answer.given());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rooms->hashers.waiting.size());
        rooms->hashers.run();
        CPPUNIT_ASSERT_EQUAL(201, answer.status());
        CPPUNIT_ASSERT_EQUAL(std::string("no-store"), answer.header("Cache-Control").value());
        CPPUNIT_ASSERT(answer.holds(
            R"({"user":{"id":1,"username":"Bob","display_name":"Bob","avatar":null,"role":"user",)"
            R"("online":false,"last_seen":null,"email":"Bob@b.c"},"access_token":")"));
        CPPUNIT_ASSERT(answer.holds(R"("expires_in":900})"));

        salon::JsonReader reader;
        const auto body = reader.parse(answer.body());
        const auto principal =
            rooms->tokens.verify(*(*body)["access_token"].string(), salon::now() / 1000);
        CPPUNIT_ASSERT(principal);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, principal->user);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1},
                             rooms->count("SELECT COUNT(*) FROM session WHERE user = 1 AND"
                                          " ip = '192.0.2.1' AND user_agent = 'test?? 1'"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, listener->told.size());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, listener->told[0].user);
        CPPUNIT_ASSERT_EQUAL(std::string("Bob"), listener->told[0].username);
        CPPUNIT_ASSERT(rooms->users.cached(1));
    }

    void nothingIsHashedForABadRequest() {
        CPPUNIT_ASSERT_EQUAL(400, post(R"({"username":"x","password":"y"})").status());
        CPPUNIT_ASSERT_EQUAL(400, post("[]").status());
        CPPUNIT_ASSERT_EQUAL(400, post("{").status());
        CPPUNIT_ASSERT(rooms->hashers.waiting.empty());
    }

    void aTakenNameIsAConflictBeforeHashing() {
        post(bob());
        rooms->hashers.run();
        const auto again = post(R"({"username":"ＢＯＢ","password":"correct horse"})");
        CPPUNIT_ASSERT_EQUAL(409, again.status());
        CPPUNIT_ASSERT(again.holds(R"("errors":[{"field":"username","code":"taken")"));
        const auto email =
            post(R"({"username":"eve","password":"correct horse","email":"BOB@B.C"})");
        CPPUNIT_ASSERT_EQUAL(409, email.status());
        CPPUNIT_ASSERT(email.holds(R"("field":"email","code":"taken")"));
        CPPUNIT_ASSERT(rooms->hashers.waiting.empty());
    }

    void whoeverWritesFirstHasTheName() {
        const auto one = post(bob("bob"));
        const auto other = post(bob("BOB"));
        rooms->hashers.run();
        CPPUNIT_ASSERT_EQUAL(201, one.status());
        CPPUNIT_ASSERT_EQUAL(409, other.status());
        CPPUNIT_ASSERT(other.holds(R"("field":"username","code":"taken")"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, listener->told.size());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, rooms->count("SELECT COUNT(*) FROM session"));
    }

    void closedIsForbidden() {
        Options options;
        options.registrationOpen = false;
        open(options);
        CPPUNIT_ASSERT_EQUAL(403, post(bob()).status());
    }

    void tooManyFromOneAddressAreLimited() {
        Options options;
        options.registrationsPerHour = 1;
        open(options);
        // Attempts that reach no hasher do not count.
        CPPUNIT_ASSERT_EQUAL(400, post("{}").status());
        post(bob("one"));
        const auto refused = post(bob("two"));
        CPPUNIT_ASSERT_EQUAL(429, refused.status());
        CPPUNIT_ASSERT(refused.header("Retry-After"));
        CPPUNIT_ASSERT(!post(bob("two"), "192.0.2.2").given());
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, rooms->hashers.waiting.size());
    }

    void nobodyIsToldWithoutEndWhoIsHere() {
        Options options;
        options.registrationsPerHour = 2;
        open(options);
        post(bob());
        rooms->hashers.run();
        for (int i = 0; i < 20; ++i) CPPUNIT_ASSERT_EQUAL(409, post(bob()).status());
        // From now on a name that is taken is told like one that is free.
        const auto refused = post(bob());
        CPPUNIT_ASSERT_EQUAL(429, refused.status());
        CPPUNIT_ASSERT(refused.header("Retry-After"));
        CPPUNIT_ASSERT_EQUAL(429, post(bob("eve")).status());
        CPPUNIT_ASSERT_EQUAL(409, post(bob(), "192.0.2.2").status());
        CPPUNIT_ASSERT(!post(bob("eve"), "192.0.2.2").given());
    }

    void aFullQueueIsUnavailableAndDoesNotCount() {
        Options options;
        options.registrationsPerHour = 1;
        open(options);
        rooms->hashers.capacity = 0;
        const auto refused = post(bob());
        CPPUNIT_ASSERT_EQUAL(503, refused.status());
        CPPUNIT_ASSERT(refused.header("Retry-After"));
        rooms->hashers.capacity = 1;
        CPPUNIT_ASSERT(!post(bob()).given());
    }

    void aFailedWriteTellsNobody() {
        rooms->store.refusal = salon::Error{salon::Code::unavailable, "full"};
        const auto answer = post(bob());
        rooms->hashers.run();
        CPPUNIT_ASSERT_EQUAL(503, answer.status());
        CPPUNIT_ASSERT(listener->told.empty());
        CPPUNIT_ASSERT(!rooms->users.cached(1));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(RegistrationTest);
