#include "Deadline.h"
#include "Dialogue.h"

#include <Poco/Data/Session.h>

#include <csignal>
#include <string>

using salon::wire::jsonString;
using salon::wire::Reply;

namespace {

const std::string path = "/api/v1/auth/login";

std::string login(const std::string& login, const std::string& password = "correct horse") {
    return "{\"login\":" + jsonString(login) + ",\"password\":" + jsonString(password) + "}";
}

} // namespace

/// How somebody comes back.
class LoginTest : public salon::wire::Dialogue {
    CPPUNIT_TEST_SUITE(LoginTest);
    CPPUNIT_TEST(aUsernameInAnyCaseLogsIn);
    CPPUNIT_TEST(anEmailInAnyCaseLogsIn);
    CPPUNIT_TEST(everyLoginIsASessionOfItsOwn);
    CPPUNIT_TEST(aWrongPasswordAndAnUnknownUserAreToldAlike);
    CPPUNIT_TEST(aPasswordIsTheSameHoweverItsAccentsAreTyped);
    CPPUNIT_TEST(aPasswordIsTakenAsItIs);
    CPPUNIT_TEST(missingFieldsAreNamed);
    CPPUNIT_TEST(theBodyMustBeJson);
    CPPUNIT_TEST(aDisabledAccountIsToldSoToItsOwnerOnly);
    CPPUNIT_TEST(whoeverIsEnabledAgainIsFoundAgain);
    CPPUNIT_TEST(theTokenLivesAsLongAsConfigured);
    CPPUNIT_TEST(neitherPasswordsNorTokensReachTheLog);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override {
        Dialogue::setUp();
        const auto reply = enroll(R"({"username":"Zo\u00eb","password":"correct horse",)"
                                  R"("email":"Zoe@Example.org"})");
        _user = reply.json().object("user").dump();
    }

    void aUsernameInAnyCaseLogsIn() {
        for (const auto* name : {"Zo\xc3\xab", "zo\xc3\xab", "ZO\xc3\x8b", "zoe\xcc\x88"}) {
            const auto reply = enter(login(name)).is(200);
            CPPUNIT_ASSERT_EQUAL(std::string("no-store"), reply.header("Cache-Control"));
            const auto body = reply.json();
            CPPUNIT_ASSERT_EQUAL(_user, body.object("user").dump());
            CPPUNIT_ASSERT_EQUAL(std::int64_t{900}, body.number("expires_in"));
            salon.http(body.text("access_token")).get("/api/v1/users/me").is(200);
        }
        enter(login("zoe")).is(401);
    }

    void anEmailInAnyCaseLogsIn() {
        for (const auto* address : {"Zoe@Example.org", "zoe@example.org", "ZOE@EXAMPLE.ORG"}) {
            CPPUNIT_ASSERT_EQUAL(_user, enter(login(address)).is(200).json().object("user").dump());
        }
    }

    void everyLoginIsASessionOfItsOwn() {
        // A Person that exists logs in.
        enroll(R"({"username":"alice","password":"correct horse battery staple"})");
        auto here = salon.person("alice");
        auto there = salon.person("alice");
        here.connect();
        there.connect();
        CPPUNIT_ASSERT(here.session() > 0);
        CPPUNIT_ASSERT(here.session() != there.session());
        here.seesNothing();
    }

    void aWrongPasswordAndAnUnknownUserAreToldAlike() {
        const auto wrong = enter(login("Zo\xc3\xab", "correct horsf"));
        wrong.isProblem(401, "unauthorized");
        CPPUNIT_ASSERT_EQUAL(std::string("Bearer"), wrong.header("WWW-Authenticate"));
        const std::string others[] = {
            login("nobody"),
            login("nobody@example.org"),
            login("zoe@example.org", "correct horsf"),
            login("@"),
            login(""),
            login("Zo\xc3\xab", ""),
            login("Zo\xc3\xab", "short"),
            login("Zo\xc3\xab", std::string(5000, 'x')),
            login(std::string(5000, 'x')),
            login("' OR 1=1 --"),
        };
        for (const auto& other : others) {
            const auto reply = enter(other);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(other, 401, reply.status);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(other, wrong.body, reply.body);
        }
    }

    void aPasswordIsTheSameHoweverItsAccentsAreTyped() {
        enroll(R"({"username":"alice","password":"caf\u00e9 cr\u00e8me"})");
        enter(login("alice", "cafe\xcc\x81 cre\xcc\x80me")).is(200);
        enter(login("alice", "cafe creme")).is(401);
    }

    void aPasswordIsTakenAsItIs() {
        enroll(R"({"username":"alice","password":" With Spaces "})");
        enter(login("alice", " With Spaces ")).is(200);
        enter(login("alice", "With Spaces")).is(401);
        enter(login("alice", " with spaces ")).is(401);
    }

    void missingFieldsAreNamed() {
        const auto reply = enter(R"({"password":5})");
        reply.isProblem(400, "bad_request");
        const auto errors = reply.json().list("errors");
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, errors.size());
        CPPUNIT_ASSERT_EQUAL(std::string("login"), errors[0].text("field"));
        CPPUNIT_ASSERT_EQUAL(std::string("required"), errors[0].text("code"));
        CPPUNIT_ASSERT_EQUAL(std::string("password"), errors[1].text("field"));
        CPPUNIT_ASSERT_EQUAL(std::string("invalid"), errors[1].text("code"));
    }

    void theBodyMustBeJson() {
        salon.http()
            .call("POST", path, login("Zo\xc3\xab"), {{"Content-Type", "text/plain"}})
            .isProblem(415, "unsupported_media_type");
        enter("login=zoe").isProblem(400, "bad_request");
    }

    void aDisabledAccountIsToldSoToItsOwnerOnly() {
        CPPUNIT_ASSERT_EQUAL(0, salon.stop());
        disable(true);
        salon.restart();
        enter(login("Zo\xc3\xab")).isProblem(403, "forbidden");
        enter(login("Zo\xc3\xab", "correct horsf")).isProblem(401, "unauthorized");
    }

    void whoeverIsEnabledAgainIsFoundAgain() {
        const auto known = enter(R"({"login":"zo\u00eb","password":"correct horse",)"
                                 R"("cookie":false})");
        salon.person("alice");
        CPPUNIT_ASSERT_EQUAL(0, salon.stop());
        disable(true);
        salon.restart();
        const auto alice = salon.person("alice").http();
        const salon::test::Deadline deadline(salon::test::patience);
        const auto found = [&] {
            return alice.get("/api/v1/users?q=zo").is(200).json().list("users").size();
        };
        while (found() != 0) CPPUNIT_ASSERT(!deadline.passed());
        for (const bool byRefresh : {false, true}) {
            disable(true);
            enter(login("Zo\xc3\xab")).isProblem(403, "forbidden");
            CPPUNIT_ASSERT_EQUAL(std::size_t{0}, found());
            disable(false);
            if (byRefresh) {
                salon.http()
                    .post("/api/v1/auth/refresh",
                          R"({"refresh_token":")" + known.json().text("refresh_token") + "\"}")
                    .is(200);
            } else {
                enter(login("Zo\xc3\xab")).is(200);
            }
            CPPUNIT_ASSERT_EQUAL(std::size_t{1}, found());
        }
    }

    void theTokenLivesAsLongAsConfigured() {
        CPPUNIT_ASSERT_EQUAL(0, salon.stop());
        salon.start({{"auth.access_ttl", "20m"}});
        const auto body = enter(login("Zo\xc3\xab")).is(200).json();
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1200}, body.number("expires_in"));
    }

    void neitherPasswordsNorTokensReachTheLog() {
        CPPUNIT_ASSERT_EQUAL(0, salon.stop());
        salon.start({{"log.level", "trace"}, {"log.access", "on"}});
        const auto token = enter(login("Zo\xc3\xab")).is(200).json().text("access_token");
        enter(login("Zo\xc3\xab", "an unusual secret")).is(401);
        salon.http(token).get("/api/v1/users/me").is(200);
        salon.http().get("/ws?token=" + token).is(426);
        salon.signal(SIGHUP); // something that is logged, after all of that
        salon.logged("SIGHUP");
        const auto log = salon.log();
        for (const auto& secret : {token, std::string("correct horse"), std::string("unusual")}) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(log, std::string::npos, log.find(secret));
        }
    }

private:
    Reply enter(const std::string& body) const { return salon.http().post(path, body); }
    Reply enroll(const std::string& body) const {
        return salon.http().post("/api/v1/auth/register", body).is(201);
    }

    /// Zoë's account, as the operator does it; the daemon may run.
    void disable(bool disabled) {
        auto database = salon.openStore();
        database << "UPDATE user_account SET disabled = " + std::to_string(disabled ? 1 : 0) +
                        " WHERE id = 1",
            Poco::Data::Keywords::now;
    }

    std::string _user;
};

CPPUNIT_TEST_SUITE_REGISTRATION(LoginTest);
