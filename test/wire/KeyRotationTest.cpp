#include "Dialogue.h"

#include <csignal>
#include <fstream>
#include <sstream>

/// The operator changes the keys that sign tokens, and nobody is logged out.
class KeyRotationTest : public salon::wire::Dialogue {
    CPPUNIT_TEST_SUITE(KeyRotationTest);
    CPPUNIT_TEST(aNewKeySignsAndTheOldOneIsBelievedWhileItIsThere);
    CPPUNIT_TEST(aSocketAndASessionOutliveTheirKey);
    CPPUNIT_TEST(aBrokenFileChangesNothing);
    CPPUNIT_TEST_SUITE_END();

    static constexpr const char* me = "/api/v1/users/me";
    const std::string newKey = "second AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n";

    std::string file() { return salon.folder().file("salon.key"); }
    std::string keys() {
        std::ostringstream text;
        text << std::ifstream(file()).rdbuf();
        return text.str();
    }
    void change(const std::string& text, const std::string& thenLogged) {
        std::ofstream(file()) << text;
        salon.signal(SIGHUP);
        salon.logged(thenLogged);
    }
    static std::string headOf(const std::string& token) { return token.substr(0, token.find('.')); }

public:
    void aNewKeySignsAndTheOldOneIsBelievedWhileItIsThere() {
        const auto before = salon.person("alice");
        change(newKey + keys(), "newest=second keys=2");
        const auto after = salon.person("alice");
        CPPUNIT_ASSERT(headOf(before.token()) != headOf(after.token()));
        before.http().get(me).is(200);
        after.http().get(me).is(200);
        change(newKey, "newest=second keys=1");
        before.http().get(me).isProblem(401, "unauthorized");
        before.knock().isProblem(401, "unauthorized");
        after.http().get(me).is(200);
    }

    void aSocketAndASessionOutliveTheirKey() {
        const auto login =
            salon.http()
                .post("/api/v1/auth/register",
                      R"({"username":"alice","password":"correct horse battery staple",)"
                      R"("cookie":false})")
                .is(201)
                .json();
        auto alice = salon.person("alice");
        alice.setToken(login.text("access_token"));
        alice.connect();
        change(newKey, "newest=second keys=1");
        alice.seesNothing();
        const auto again =
            salon.http()
                .post("/api/v1/auth/refresh",
                      R"({"refresh_token":")" + login.text("refresh_token") + R"("})")
                .is(200)
                .json();
        salon.http(again.text("access_token")).get(me).is(200);
    }

    void aBrokenFileChangesNothing() {
        const auto alice = salon.person("alice");
        const auto good = keys();
        change("garbage\n", "line 1 is not a key");
        alice.http().get(me).is(200);
        salon.person("bob").http().get(me).is(200);
        change(newKey + good, "newest=second keys=2");
        alice.http().get(me).is(200);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(KeyRotationTest);
