#include "account/Invitations.h"

#include "account/InvitationStore.h"
#include "account/Registration.h"
#include "auth/AuthFixture.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>

using namespace salon::auth;
using namespace salon::auth::fixture;

class InvitationsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(InvitationsTest);
    CPPUNIT_TEST(onlyAdministratorsInvite);
    CPPUNIT_TEST(anInvitationSaysHowLongItIsGood);
    CPPUNIT_TEST(oneInvitationLetsOnePersonIn);
    CPPUNIT_TEST(twoAtOnceWithOneInvitationAreOne);
    CPPUNIT_TEST(aRegistrationThatFailsUsesNothingUp);
    CPPUNIT_TEST(withoutAGoodOneNothingIsToldOfNames);
    CPPUNIT_TEST(whereAnybodyMayRegisterItIsNotUsed);
    CPPUNIT_TEST(theExpiredAreSwept);
    CPPUNIT_TEST_SUITE_END();

    std::optional<Rooms> rooms;
    std::optional<Invitations> invitations;
    std::optional<Registration> registration;

    void open(bool anybody) {
        registration.reset();
        invitations.reset();
        Options options;
        options.registrationOpen = anybody;
        rooms.emplace(options);
        invitations.emplace(rooms->entrance);
        registration.emplace(rooms->entrance, salon::Event<UserRegistered>(), quick);
        AccountStore accounts(*rooms->store.session);
        CPPUNIT_ASSERT(accounts.insert({"root", "root", "root", "", "", "phc", 1}));
        CPPUNIT_ASSERT(accounts.insert({"bob", "bob", "bob", "", "", "phc", 1}));
        accounts.setRole(1, "admin");
    }
    Answer invite(std::int64_t user, const std::string& json = "") {
        Request request(json);
        request.who = {user, 1};
        if (json.empty()) request.headers.erase("Content-Type");
        Answer answer;
        invitations->handle(request, answer.responder());
        return answer;
    }
    std::string code() { return invite(1).text("code"); }
    Answer enter(const std::string& name, const std::string& invitation) {
        Answer answer;
        registration->handle(Request(R"({"username":")" + name +
                                     R"(","password":"correct horse","invitation":")" + invitation +
                                     R"("})"),
                             answer.responder());
        return answer;
    }
    int statusOf(const std::string& name, const std::string& invitation) {
        const auto answer = enter(name, invitation);
        rooms->hashers.run();
        return answer.status();
    }
    std::int64_t left() { return rooms->count("SELECT COUNT(*) FROM invitation"); }

public:
    void setUp() override { open(false); }

    void onlyAdministratorsInvite() {
        CPPUNIT_ASSERT_EQUAL(201, invite(1).status());
        CPPUNIT_ASSERT_EQUAL(403, invite(2).status());
        CPPUNIT_ASSERT_EQUAL(403, invite(99).status());
        rooms->store.refusal = salon::Error{salon::Code::unavailable, "full"};
        CPPUNIT_ASSERT_EQUAL(503, invite(1).status());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, left());
    }

    void anInvitationSaysHowLongItIsGood() {
        const auto before = salon::now();
        const auto answer = invite(1, R"({"expires_in":3600})");
        const auto after = salon::now();
        const auto expiry = answer.text("expires_at");
        CPPUNIT_ASSERT(expiry >= salon::formatTime(before + 3600'000));
        CPPUNIT_ASSERT(expiry <= salon::formatTime(after + 3600'000));
        CPPUNIT_ASSERT_EQUAL(std::size_t{22}, answer.text("code").size());
        CPPUNIT_ASSERT(invite(1, "{}").text("expires_at") >=
                       salon::formatTime(before + Invitations::standardSeconds * 1000));
        for (const std::string bad : {"59", "7776001", "-1", "0", "1.5", "\"3600\"", "true"}) {
            const auto refused = invite(1, R"({"expires_in":)" + bad + "}");
            CPPUNIT_ASSERT_EQUAL_MESSAGE(bad, 400, refused.status());
            CPPUNIT_ASSERT(refused.holds(R"("field":"expires_in")"));
        }
        CPPUNIT_ASSERT_EQUAL(400, invite(1, "[]").status());
    }

    void oneInvitationLetsOnePersonIn() {
        const auto invitation = code();
        CPPUNIT_ASSERT_EQUAL(201, statusOf("alice", invitation));
        CPPUNIT_ASSERT_EQUAL(403, statusOf("eve", invitation));
        CPPUNIT_ASSERT_EQUAL(403, statusOf("eve", "x"));
        CPPUNIT_ASSERT_EQUAL(403, statusOf("eve", ""));
        const auto expired = code();
        rooms->execute("UPDATE invitation SET expires_at = " + std::to_string(salon::now()));
        CPPUNIT_ASSERT_EQUAL(403, statusOf("eve", expired));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, rooms->count("SELECT COUNT(*) FROM user_account"));
    }

    void twoAtOnceWithOneInvitationAreOne() {
        const auto invitation = code();
        const auto alice = enter("alice", invitation);
        const auto eve = enter("eve", invitation);
        CPPUNIT_ASSERT(!eve.given());
        rooms->hashers.run();
        CPPUNIT_ASSERT_EQUAL(201, alice.status());
        CPPUNIT_ASSERT_EQUAL(403, eve.status());
    }

    void aRegistrationThatFailsUsesNothingUp() {
        const auto invitation = code();
        const auto late = enter("alice", invitation);
        CPPUNIT_ASSERT(AccountStore(*rooms->store.session)
                           .insert({"alice", "alice", "alice", "", "", "phc", 1}));
        rooms->hashers.run();
        CPPUNIT_ASSERT_EQUAL(409, late.status());
        CPPUNIT_ASSERT_EQUAL(201, statusOf("anna", invitation));
    }

    void withoutAGoodOneNothingIsToldOfNames() {
        CPPUNIT_ASSERT_EQUAL(enter("bob", "x").body(), enter("eve", "x").body());
        CPPUNIT_ASSERT_EQUAL(409, statusOf("bob", code()));
    }

    void whereAnybodyMayRegisterItIsNotUsed() {
        open(true);
        const auto invitation = code();
        CPPUNIT_ASSERT_EQUAL(201, statusOf("alice", invitation));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, left());
    }

    void theExpiredAreSwept() {
        code();
        rooms->execute("UPDATE invitation SET expires_at = 5");
        code();
        InvitationStore(*rooms->store.session).sweep(5);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, left());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(InvitationsTest);
