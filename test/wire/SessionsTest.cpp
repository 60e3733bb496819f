#include "Dialogue.h"

using salon::wire::Person;
using salon::wire::Reply;

/// People look after their sessions, and what they end is over at once, on every way in.
class SessionsTest : public salon::wire::Dialogue {
    CPPUNIT_TEST_SUITE(SessionsTest);
    CPPUNIT_TEST(leavingClosesTheSocketsOfThatSessionOnly);
    CPPUNIT_TEST(aLostPhoneIsThrownOut);
    CPPUNIT_TEST(aNewPasswordThrowsOutAllOthers);
    CPPUNIT_TEST(whatEndedStaysEndedAfterAKilledDaemon);
    CPPUNIT_TEST(aBrowserLeavesByItsCookie);
    CPPUNIT_TEST_SUITE_END();

    static constexpr const char* password = "correct horse battery staple";

    Reply login(const std::string& name, const std::string& secret = password) {
        return salon.http().post("/api/v1/auth/login",
                                 R"({"login":")" + name + R"(","password":")" + secret + R"("})");
    }
    /// The same person in a session of its own.
    Person another(const Person& person) {
        auto other = person.elsewhere();
        other.setToken(login(person.name()).is(200).json().text("access_token"));
        return other;
    }
    static void isOut(const Person& person) {
        person.http().get("/api/v1/users/me").isProblem(401, "unauthorized");
        person.knock().isProblem(401, "unauthorized");
    }

public:
    void leavingClosesTheSocketsOfThatSessionOnly() {
        auto phone = salon.person("alice");
        auto laptop = another(phone);
        phone.connect();
        laptop.connect();
        phone.http().post("/api/v1/auth/logout", "").is(204);
        CPPUNIT_ASSERT_EQUAL(4401, phone.closedWith());
        isOut(phone);
        phone.http().post("/api/v1/auth/logout", "").isProblem(401, "unauthorized");
        laptop.seesNothing();
        laptop.http().get("/api/v1/users/me").is(200);
    }

    void aLostPhoneIsThrownOut() {
        auto phone = salon.person("alice");
        phone.connect();
        auto laptop = another(phone);
        const auto sessions = laptop.http().get("/api/v1/auth/sessions").is(200).json();
        const auto list = sessions.list("sessions");
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, list.size());
        CPPUNIT_ASSERT(list[0].flag("current") && !list[1].flag("current"));
        CPPUNIT_ASSERT_EQUAL(phone.session(), list[1].number("id"));
        CPPUNIT_ASSERT_EQUAL(std::string("127.0.0.1"), list[1].text("ip"));
        CPPUNIT_ASSERT(list[1].text("created_at") <= list[0].text("last_used_at"));

        const auto path = "/api/v1/auth/sessions/" + std::to_string(phone.session());
        salon.person("bob").http().del(path).isProblem(404, "not_found");
        phone.seesNothing();
        laptop.http().del(path).is(204);
        CPPUNIT_ASSERT_EQUAL(4401, phone.closedWith());
        isOut(phone);
        laptop.http().del(path).isProblem(404, "not_found");
    }

    void aNewPasswordThrowsOutAllOthers() {
        auto phone = salon.person("alice");
        auto laptop = another(phone);
        phone.connect();
        laptop.connect();
        const auto change = [&](const std::string& current, const std::string& fresh) {
            return laptop.http().put("/api/v1/auth/password", R"({"current":")" + current +
                                                                  R"(","new":")" + fresh + R"("})");
        };
        change("wrong horse", "another horse").isProblem(403, "forbidden");
        change(password, "horse").isProblem(400, "bad_request");
        phone.seesNothing();
        change(password, "another horse").is(204);
        CPPUNIT_ASSERT_EQUAL(4401, phone.closedWith());
        isOut(phone);
        laptop.seesNothing();
        login("alice").isProblem(401, "unauthorized");
        login("alice", "another horse").is(200);
    }

    void whatEndedStaysEndedAfterAKilledDaemon() {
        auto phone = salon.person("alice");
        const auto laptop = another(phone);
        phone.http().post("/api/v1/auth/logout", "").is(204);
        salon.kill();
        salon.restart();
        isOut(phone);
        laptop.http().get("/api/v1/users/me").is(200);
    }

    void aBrowserLeavesByItsCookie() {
        auto alice = salon.person("alice");
        const auto page = login("alice").is(200);
        const auto line = page.header("Set-Cookie");
        const auto cookie = line.substr(0, line.find(';'));
        alice.setToken(page.json().text("access_token"));
        alice.connect();
        const auto leave = [&](const std::string& origin) {
            return salon.http().call("POST", "/api/v1/auth/logout", "",
                                     {{"Cookie", cookie}, {"Origin", origin}});
        };
        leave("https://evil.example").isProblem(403, "forbidden");
        const auto left = leave("http://127.0.0.1:" + std::to_string(salon.port())).is(204);
        CPPUNIT_ASSERT(left.header("Set-Cookie").ends_with("; Max-Age=0"));
        CPPUNIT_ASSERT_EQUAL(4401, alice.closedWith());
        isOut(alice);
        salon.http()
            .call("POST", "/api/v1/auth/refresh", "", {{"Cookie", cookie}})
            .isProblem(401, "unauthorized");
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SessionsTest);
