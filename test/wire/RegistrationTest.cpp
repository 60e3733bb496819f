#include "Dialogue.h"

#include <Poco/NumberParser.h>

#include <string>
#include <utility>
#include <vector>

using salon::wire::jsonString;
using salon::wire::Reply;

namespace {

const std::string path = "/api/v1/auth/register";

std::string application(const std::string& username, const std::string& more = {}) {
    return "{\"username\":" + jsonString(username) + ",\"password\":\"correct horse\"" + more + "}";
}

std::string times(const std::string& text, int count) {
    std::string out;
    for (int i = 0; i < count; ++i) out += text;
    return out;
}

/// What `errors` of the answer says, such as "username too_short, password required".
std::string faults(const Reply& reply) {
    std::string text;
    for (const auto& error : reply.json().list("errors")) {
        CPPUNIT_ASSERT(!error.text("detail").empty());
        text += (text.empty() ? "" : ", ") + error.text("field") + ' ' + error.text("code");
    }
    return text;
}

} // namespace

/// How somebody gets an account, and what keeps one from it.
class RegistrationTest : public salon::wire::Dialogue {
    CPPUNIT_TEST_SUITE(RegistrationTest);
    CPPUNIT_TEST(aNewcomerIsShownAndLoggedIn);
    CPPUNIT_TEST(aNewcomerMayGiveEverything);
    CPPUNIT_TEST(aBadFieldIsNamed);
    CPPUNIT_TEST(allBadFieldsAreNamedAtOnce);
    CPPUNIT_TEST(theEdgesOfTheFieldsAreTaken);
    CPPUNIT_TEST(aTakenUsernameIsAConflictHoweverItIsWritten);
    CPPUNIT_TEST(aTakenEmailIsAConflictInAnyCase);
    CPPUNIT_TEST(anEmailIsRefusedWhereNoneAreKept);
    CPPUNIT_TEST(anEmailIsDemandedWhereItIsRequired);
    CPPUNIT_TEST(aClosedRegistrationIsForbidden);
    CPPUNIT_TEST(theLimitOfAnAddressIsExact);
    CPPUNIT_TEST(theBodyMustBeAJsonObject);
    CPPUNIT_TEST(theLeastPasswordLengthIsAsConfigured);
    CPPUNIT_TEST_SUITE_END();

public:
    void aNewcomerIsShownAndLoggedIn() {
        const auto reply = apply(application("Alice")).is(201);

        CPPUNIT_ASSERT_EQUAL(std::string("application/json"), reply.header("Content-Type"));
        CPPUNIT_ASSERT_EQUAL(std::string("no-store"), reply.header("Cache-Control"));
        const auto body = reply.json();
        CPPUNIT_ASSERT_EQUAL(std::int64_t{900}, body.number("expires_in"));
        const auto user = body.object("user");
        CPPUNIT_ASSERT(user.number("id") > 0);
        CPPUNIT_ASSERT_EQUAL(std::string("Alice"), user.text("username"));
        CPPUNIT_ASSERT_EQUAL(std::string("Alice"), user.text("display_name"));
        CPPUNIT_ASSERT_EQUAL(std::string("user"), user.text("role"));
        CPPUNIT_ASSERT(!user.flag("online"));
        for (const auto* member : {"avatar", "last_seen", "email"}) {
            CPPUNIT_ASSERT_MESSAGE(member, user.isNull(member));
        }
        CPPUNIT_ASSERT(!user.has("password"));
        const auto me = salon.http(body.text("access_token")).get("/api/v1/users/me").is(200);
        CPPUNIT_ASSERT_EQUAL(user.dump(), me.json().dump());
    }

    void aNewcomerMayGiveEverything() {
        const auto user =
            apply(application("bob", R"(,"display_name":" Bob Dylan ","email":"Bob@Example.org")"))
                .is(201)
                .json()
                .object("user");
        CPPUNIT_ASSERT_EQUAL(std::string("Bob Dylan"), user.text("display_name"));
        CPPUNIT_ASSERT_EQUAL(std::string("Bob@Example.org"), user.text("email"));
        // Null is as good as nothing, and what is not known is ignored.
        apply(application("carol", R"(,"display_name":null,"email":null,"shoe_size":43)")).is(201);
    }

    void aBadFieldIsNamed() {
        const std::vector<std::pair<std::string, std::string>> bad{
            {R"({"password":"correct horse"})", "username required"},
            {R"({"username":null,"password":"correct horse"})", "username required"},
            {R"({"username":7,"password":"correct horse"})", "username invalid"},
            {R"({"username":"dave"})", "password required"},
            {R"({"username":"dave","password":["x"]})", "password invalid"},
            {R"({"username":"dave","password":"7 chars"})", "password too_short"},
            {R"({"username":"dave","password":"with a \u0000 inside"})", "password invalid"},
            {R"({"username":"dave","password":")" + times("x", 1025) + "\"}", "password too_long"},
            {application(""), "username too_short"},
            {application("ab"), "username too_short"},
            {application(times("x", 33)), "username too_long"},
            {application("two words"), "username invalid"},
            {application("dave@home"), "username invalid"},
            {application("dave/../me"), "username invalid"},
            {application("dave\xe2\x80\xae"), "username invalid"}, // right-to-left override
            {application("dave", R"(,"display_name":"")"), "display_name too_short"},
            {application("dave", R"(,"display_name":"   ")"), "display_name too_short"},
            {application("dave", R"(,"display_name":"a\nb")"), "display_name invalid"},
            {application("dave", R"(,"display_name":true)"), "display_name invalid"},
            {application("dave", ",\"display_name\":\"" + times("x", 65) + '"'),
             "display_name too_long"},
            {application("dave", R"(,"email":"")"), "email invalid"},
            {application("dave", R"(,"email":"nobody")"), "email invalid"},
            {application("dave", R"(,"email":"a@b@example.org")"), "email invalid"},
            {application("dave", R"(,"email":"dave@localhost")"), "email invalid"},
            {application("dave", R"(,"email":"a b@example.org")"), "email invalid"},
            {application("dave", R"(,"email":"a@example.org\r\nBcc: b@example.org")"),
             "email invalid"},
            {application("dave", ",\"email\":\"d@" + times("x.", 130) + "org\""), "email too_long"},
        };
        for (const auto& [body, expected] : bad) {
            const auto reply = apply(body);
            reply.isProblem(400, "bad_request");
            CPPUNIT_ASSERT_EQUAL_MESSAGE(body, expected, faults(reply));
        }
        apply(application("dave")).is(201);
    }

    void allBadFieldsAreNamedAtOnce() {
        const auto reply =
            apply(R"({"username":"a","password":"b","email":"c","display_name":""})");
        reply.isProblem(400, "bad_request");
        CPPUNIT_ASSERT_EQUAL(std::string("username too_short, password too_short, email invalid, "
                                         "display_name too_short"),
                             faults(reply));
    }

    void theEdgesOfTheFieldsAreTaken() {
        apply(application("abc")).is(201);
        apply(application(times("x", 32))).is(201);
        apply(application("a.b_c-1")).is(201);
        apply(R"({"username":"eight","password":"8 chars!"})").is(201);
        // Characters are counted, not bytes.
        apply(R"({"username":"emoji","password":")" + times("\xf0\x9f\x90\x8e", 8) + "\"}").is(201);
        apply(R"({"username":"long","password":")" + times("x", 1024) + "\"}").is(201);
        const auto name = times("\xc3\xa9", 64);
        const auto user = apply(application("named", ",\"display_name\":\"" + name + '"')).is(201);
        CPPUNIT_ASSERT_EQUAL(name, user.json().object("user").text("display_name"));
    }

    void aTakenUsernameIsAConflictHoweverItIsWritten() {
        apply(application("Alic\xc3\xa9")).is(201);
        for (const auto* same : {
                 "Alic\xc3\xa9",            // once more
                 "ALIC\xc3\x89",            // in capitals
                 "alice\xcc\x81",           // with a combining accent
                 "\xef\xbd\x81lic\xc3\xa9", // with a full-width letter
             }) {
            const auto reply = apply(application(same));
            reply.isProblem(409, "conflict");
            CPPUNIT_ASSERT_EQUAL_MESSAGE(same, std::string("username taken"), faults(reply));
        }
        apply(application("alice")).is(201);
    }

    void aTakenEmailIsAConflictInAnyCase() {
        apply(application("alice", R"(,"email":"Alice@Example.org")")).is(201);
        auto reply = apply(application("bob", R"(,"email":"alice@example.ORG")"));
        reply.isProblem(409, "conflict");
        CPPUNIT_ASSERT_EQUAL(std::string("email taken"), faults(reply));

        reply = apply(application("ALICE", R"(,"email":"alice@example.org")"));
        reply.isProblem(409, "conflict");
        CPPUNIT_ASSERT_EQUAL(std::string("username taken, email taken"), faults(reply));
        // No address is nobody's.
        apply(application("bob")).is(201);
        apply(application("carol")).is(201);
    }

    void anEmailIsRefusedWhereNoneAreKept() {
        startAgain({{"auth.email", "off"}});
        const auto reply = apply(application("alice", R"(,"email":"alice@example.org")"));
        reply.isProblem(400, "bad_request");
        CPPUNIT_ASSERT_EQUAL(std::string("email invalid"), faults(reply));
        apply(application("alice")).is(201);
    }

    void anEmailIsDemandedWhereItIsRequired() {
        startAgain({{"auth.email", "required"}});
        const auto reply = apply(application("alice"));
        reply.isProblem(400, "bad_request");
        CPPUNIT_ASSERT_EQUAL(std::string("email required"), faults(reply));
        apply(application("alice", R"(,"email":"alice@example.org")")).is(201);
    }

    void aClosedRegistrationIsForbidden() {
        apply(application("alice")).is(201);
        startAgain({{"auth.registration", "closed"}});
        apply(application("bob")).isProblem(403, "forbidden");
        apply("this is no JSON").isProblem(403, "forbidden");
        salon.http()
            .post("/api/v1/auth/login", R"({"login":"alice","password":"correct horse"})")
            .is(200);
    }

    void theLimitOfAnAddressIsExact() {
        startAgain({{"auth.register_limit", "2"}});
        apply(application("alice")).is(201);
        // What was refused before it cost anything does not count.
        apply(application("a")).is(400);
        apply(application("Alice")).is(409);
        apply(application("bob")).is(201);

        const auto reply = apply(application("carol"));
        reply.isProblem(429, "rate_limited");
        const auto wait = reply.json().number("retry_after");
        CPPUNIT_ASSERT(wait > 3000 && wait <= 3600);
        CPPUNIT_ASSERT_EQUAL(std::to_string(wait), reply.header("Retry-After"));
        salon.http()
            .post("/api/v1/auth/login", R"({"login":"bob","password":"correct horse"})")
            .is(200);
    }

    void theBodyMustBeAJsonObject() {
        for (const auto* type : {"text/plain", "application/x-www-form-urlencoded", "",
                                 "application/jsonp", "text/json"}) {
            const auto reply =
                salon.http().call("POST", path, application("alice"), {{"Content-Type", type}});
            reply.isProblem(415, "unsupported_media_type");
        }
        for (const auto& body :
             {std::string("salut"), std::string("[1,2]"), std::string("\"x\""), std::string("null"),
              std::string("{\"username\":\"alice\""), application("alice") + "x",
              std::string("{\"username\":\"\xff\"}"), times("[", 33) + times("]", 33)}) {
            const auto reply = apply(body);
            reply.isProblem(400, "bad_request");
            const auto problem = reply.json();
            CPPUNIT_ASSERT_EQUAL(std::string("urn:salon:error:bad_request"), problem.text("type"));
            CPPUNIT_ASSERT(!problem.text("title").empty());
            CPPUNIT_ASSERT(!problem.text("detail").empty());
            CPPUNIT_ASSERT(!problem.has("errors"));
        }
        const auto reply = salon.http().call("POST", path, application("alice"),
                                             {{"Content-Type", "Application/JSON; charset=utf-8"}});
        reply.is(201);
        // No body at all.
        salon.http().call("POST", path, "", {{"Content-Type", "application/json"}}).is(400);
        salon.http().post(path, "").is(415);
    }

    void theLeastPasswordLengthIsAsConfigured() {
        startAgain({{"auth.password_min", "14"}});
        const auto reply = apply(application("alice"));
        reply.isProblem(400, "bad_request");
        CPPUNIT_ASSERT_EQUAL(std::string("password too_short"), faults(reply));
        CPPUNIT_ASSERT(reply.json().text("detail").find("14") != std::string::npos);
        apply(R"({"username":"alice","password":"correct horse!"})").is(201);
    }

private:
    Reply apply(const std::string& body) const { return salon.http().post(path, body); }
    void startAgain(salon::wire::Daemon::Defines defines) {
        CPPUNIT_ASSERT_EQUAL(0, salon.stop());
        salon.start(std::move(defines));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(RegistrationTest);
