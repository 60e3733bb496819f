#include "Deadline.h"
#include "Dialogue.h"

using salon::wire::Reply;

/// Guessing passwords is slow, and locks nobody out for long.
class LoginLimitTest : public salon::wire::Dialogue {
    CPPUNIT_TEST_SUITE(LoginLimitTest);
    CPPUNIT_TEST(whoGuessesTooOftenWaits);
    CPPUNIT_TEST(theWaitIsOverWhenItSays);
    CPPUNIT_TEST(anotherAddressIsNotConcerned);
    CPPUNIT_TEST(anAddressThatGuessesEverywhereWaits);
    CPPUNIT_TEST_SUITE_END();

    salon::wire::Daemon::Defines defines() const override {
        return {{"http.trusted_proxies", "127.0.0.1"}};
    }
    Reply login(const std::string& name, const std::string& password,
                const std::string& address = "192.0.2.1") {
        return salon.http().call("POST", "/api/v1/auth/login",
                                 R"({"login":")" + name + R"(","password":")" + password + R"("})",
                                 {{"X-Forwarded-For", address}});
    }
    static constexpr const char* right = "correct horse battery staple";

public:
    void whoGuessesTooOftenWaits() {
        salon.person("alice");
        for (const std::string name : {"alice", "nobody"}) {
            for (int i = 0; i < 5; ++i) login(name, "wrong").isProblem(401, "unauthorized");
            const auto refused = login(name, "wrong").isProblem(429, "rate_limited");
            CPPUNIT_ASSERT_EQUAL(std::string("1"), refused.header("Retry-After"));
            CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, refused.json().number("retry_after"));
        }
    }

    void theWaitIsOverWhenItSays() {
        salon.person("alice");
        for (int i = 0; i < 5; ++i) login("alice", "wrong").isProblem(401, "unauthorized");
        const salon::test::Deadline deadline(salon::test::patience);
        auto reply = login("alice", right);
        while (reply.status == 429 && !deadline.passed()) reply = login("alice", right);
        reply.is(200);
        login("alice", "wrong").isProblem(401, "unauthorized");
        login("alice", "wrong").isProblem(401, "unauthorized");
    }

    void anotherAddressIsNotConcerned() {
        salon.person("alice");
        for (int i = 0; i < 5; ++i) login("alice", "wrong").isProblem(401, "unauthorized");
        login("alice", right).isProblem(429, "rate_limited");
        login("alice", right, "192.0.2.2").is(200);
    }

    void anAddressThatGuessesEverywhereWaits() {
        salon.stop();
        salon.start(
            {{"http.trusted_proxies", "127.0.0.1"}, {"auth.login_attempts_per_address", "3"}});
        salon.person("alice");
        for (const std::string name : {"one", "two", "three"}) {
            login(name, "wrong").isProblem(401, "unauthorized");
        }
        login("alice", right).isProblem(429, "rate_limited");
        login("alice", right, "192.0.2.2").is(200);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(LoginLimitTest);
