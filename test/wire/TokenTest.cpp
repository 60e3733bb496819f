#include "Deadline.h"
#include "Dialogue.h"

#include <Poco/Base64Decoder.h>
#include <Poco/Base64Encoder.h>
#include <openssl/hmac.h>
#include <sys/stat.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>

using salon::wire::Handshake;
using salon::wire::Json;

namespace {

constexpr int plainUrl = int{Poco::BASE64_URL_ENCODING} | int{Poco::BASE64_NO_PADDING};

std::string encode(const std::string& bytes) {
    std::ostringstream text;
    Poco::Base64Encoder encoder(text, plainUrl);
    encoder.rdbuf()->setLineLength(0);
    encoder << bytes;
    encoder.close();
    return text.str();
}

std::string decode(const std::string& text) {
    std::istringstream in(text);
    Poco::Base64Decoder decoder(in, plainUrl);
    return {std::istreambuf_iterator<char>(decoder), {}};
}

std::int64_t seconds() {
    return std::chrono::duration_cast<std::chrono::seconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

/// Somebody who has the key, and makes tokens of any kind with it. What is not set is as the daemon
/// itself writes it.
struct Forge {
    std::string kid;
    std::string secret;
    std::string algorithm = "HS256";
    std::string header = {};
    std::string subject = "\"1\"";
    std::string session = "1";
    std::string issuer = "\"salon\"";
    std::string audience = "\"salon\"";
    std::int64_t from = seconds();
    std::int64_t until = seconds() + 60;

    explicit Forge(const std::string& keyFile) {
        std::string encoded;
        std::ifstream(keyFile) >> kid >> encoded;
        secret = decode(encoded);
    }

    /// Header and claims, without a signature.
    std::string unsignedText() const {
        const auto head = header.empty()
                              ? "{\"alg\":\"" + algorithm + R"(","typ":"JWT","kid":")" + kid + "\"}"
                              : header;
        return encode(head) + '.' +
               encode("{\"sub\":" + subject + ",\"sid\":" + session +
                      ",\"iat\":" + std::to_string(from) + ",\"nbf\":" + std::to_string(from) +
                      ",\"exp\":" + std::to_string(until) + ",\"iss\":" + issuer +
                      ",\"aud\":" + audience + "}");
    }
    std::string token(const EVP_MD* digest = EVP_sha256()) const {
        const auto text = unsignedText();
        std::array<unsigned char, EVP_MAX_MD_SIZE> tag;
        unsigned size = 0;
        ::HMAC(digest, secret.data(), static_cast<int>(secret.size()),
               reinterpret_cast<const unsigned char*>(text.data()), text.size(), tag.data(), &size);
        return text + '.' + encode({reinterpret_cast<const char*>(tag.data()), size});
    }
};

mode_t modeOf(const std::string& file) {
    struct stat status {};
    CPPUNIT_ASSERT_EQUAL_MESSAGE(file, 0, ::stat(file.c_str(), &status));
    return status.st_mode & 07777;
}

} // namespace

/// What an access token opens, and which ones open nothing.
class TokenTest : public salon::wire::Dialogue {
    CPPUNIT_TEST_SUITE(TokenTest);
    CPPUNIT_TEST(aTokenShowsItsOwner);
    CPPUNIT_TEST(withoutATokenNothingIsShown);
    CPPUNIT_TEST(aTokenThatThisDaemonWouldNotWriteIsRefused);
    CPPUNIT_TEST(aTokenOutlivesARestart);
    CPPUNIT_TEST(aTokenOfAnotherKeyIsRefused);
    CPPUNIT_TEST(anAddedKeySignsAndTheOldOneIsStillBelieved);
    CPPUNIT_TEST(aSocketOutlivesItsToken);
    CPPUNIT_TEST(theKeyFileIsItsOwnersOnly);
    CPPUNIT_TEST(aKeyFileThatOthersMayReadRefusesTheStart);
    CPPUNIT_TEST(aKeyFileThatIsNoneRefusesTheStart);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override {
        Dialogue::setUp();
        const auto account =
            salon.http()
                .post("/api/v1/auth/register",
                      R"({"username":"alice","password":"correct horse","email":"a@example.org"})")
                .is(201)
                .json();
        _token = account.text("access_token");
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, account.object("user").number("id"));
    }

    void aTokenShowsItsOwner() {
        const auto me = salon.http(_token).get("/api/v1/users/me").is(200).json();
        CPPUNIT_ASSERT_EQUAL(std::string("alice"), me.text("username"));
        CPPUNIT_ASSERT_EQUAL(std::string("a@example.org"), me.text("email"));
        CPPUNIT_ASSERT_EQUAL(200, withAuthorization("bearer " + _token));
    }

    void withoutATokenNothingIsShown() {
        const auto reply = salon.http().get("/api/v1/users/me");
        reply.isProblem(401, "unauthorized");
        CPPUNIT_ASSERT_EQUAL(std::string("Bearer"), reply.header("WWW-Authenticate"));
        for (const auto& value :
             {std::string("Bearer"), std::string("Bearer x"), _token, "Basic " + _token,
              "Bearer " + _token + " x", "Bearer \"" + _token + '"',
              "Bearer " + _token + ", " + _token, "Bearer " + std::string(8000, 'x')}) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(value, 401, withAuthorization(value));
        }
        // Only the WebSocket takes a token in the address.
        salon.http().get("/api/v1/users/me?token=" + _token).is(401);
    }

    void aTokenThatThisDaemonWouldNotWriteIsRefused() {
        const Forge good(keyFile());
        CPPUNIT_ASSERT_EQUAL(200, with(good.token())); // so the refusals below are for their reason

        auto none = good;
        none.algorithm = "none";
        refused("no algorithm, no signature", none.unsignedText() + '.');
        refused("no algorithm, signed all the same", none.token());
        none.header = R"({"alg":"none"})";
        refused("no key either", none.unsignedText() + '.');
        refused("no signature", good.unsignedText() + '.');
        refused("two parts", good.unsignedText());
        refused("four parts", good.token() + ".x");
        auto other = good;
        other.algorithm = "HS512";
        refused("another algorithm", other.token(EVP_sha512()));
        refused("another algorithm's name", other.token());
        refused("another algorithm's signature", good.token(EVP_sha512()));
        change(good, "a key that is not there", [](Forge& forge) { forge.kid = "other"; });
        change(good, "another secret", [](Forge& forge) { forge.secret = std::string(32, 'x'); });
        change(good, "no kid", [](Forge& forge) { forge.header = R"({"alg":"HS256"})"; });
        change(good, "an extension that must be understood", [&](Forge& forge) {
            forge.header = R"({"alg":"HS256","kid":")" + good.kid + R"(","crit":["exp"]})";
        });
        change(good, "expired", [](Forge& forge) { forge.until = seconds() - 1; });
        change(good, "not yet", [](Forge& forge) { forge.from = seconds() + 300; });
        change(good, "of another issuer", [](Forge& forge) { forge.issuer = "\"salut\""; });
        change(good, "for another audience", [](Forge& forge) { forge.audience = "\"x\""; });
        change(good, "of nobody", [](Forge& forge) { forge.subject = "\"0\""; });
        change(good, "of a user unknown", [](Forge& forge) { forge.subject = "\"4711\""; });
        change(good, "of a number", [](Forge& forge) { forge.subject = "1"; });
        change(good, "of a name", [](Forge& forge) { forge.subject = "\"alice\""; });
        change(good, "without a session", [](Forge& forge) { forge.session = "null"; });
        auto flipped = good.token();
        flipped[flipped.size() / 2] = flipped[flipped.size() / 2] == 'A' ? 'B' : 'A';
        refused("one letter changed", flipped);
    }

    void aTokenOutlivesARestart() {
        salon.kill();
        salon.restart();
        CPPUNIT_ASSERT_EQUAL(200, with(_token));
        CPPUNIT_ASSERT_EQUAL(0, salon.stop());
        salon.restart();
        CPPUNIT_ASSERT_EQUAL(200, with(_token));
        CPPUNIT_ASSERT_EQUAL(200, with(logIn()));
    }

    void aTokenOfAnotherKeyIsRefused() {
        CPPUNIT_ASSERT_EQUAL(0, salon.stop());
        CPPUNIT_ASSERT_EQUAL(0, std::remove(keyFile().c_str()));
        salon.restart();
        CPPUNIT_ASSERT_EQUAL(401, with(_token));
        const auto fresh = logIn();
        CPPUNIT_ASSERT_EQUAL(200, with(fresh));
    }

    void anAddedKeySignsAndTheOldOneIsStillBelieved() {
        CPPUNIT_ASSERT_EQUAL(0, salon.stop());
        std::stringstream keys;
        keys << "fresh " << encode(std::string(32, '\x5a')) << '\n'
             << std::ifstream(keyFile()).rdbuf();
        std::ofstream(keyFile(), std::ios::trunc) << keys.str();
        salon.restart();

        CPPUNIT_ASSERT_EQUAL(200, with(_token));
        const auto fresh = logIn();
        CPPUNIT_ASSERT_EQUAL(200, with(fresh));
        const auto header = Json::parse(decode(fresh.substr(0, fresh.find('.'))));
        CPPUNIT_ASSERT_EQUAL(std::string("fresh"), header.text("kid"));
    }

    void aSocketOutlivesItsToken() {
        auto bob = salon.person("bob");
        Forge forge(keyFile());
        forge.subject = '"' + std::to_string(bob.id()) + '"';
        forge.until = seconds() + 2;
        bob.setToken(forge.token());
        bob.connect();

        const salon::test::Deadline deadline(salon::test::patience);
        auto reply = bob.http().get("/api/v1/users/me");
        while (reply.status == 200 && !deadline.passed()) {
            reply = bob.http().get("/api/v1/users/me");
        }
        reply.isProblem(401, "unauthorized");
        CPPUNIT_ASSERT_EQUAL(std::string("the access token has expired"),
                             reply.json().text("detail"));
        bob.seesNothing();
        CPPUNIT_ASSERT_EQUAL(401, bob.knock().status);
    }

    void theKeyFileIsItsOwnersOnly() {
        CPPUNIT_ASSERT_EQUAL(mode_t{0600}, modeOf(keyFile()));
        CPPUNIT_ASSERT_EQUAL(0, salon.stop());
        CPPUNIT_ASSERT_EQUAL(0, std::remove(keyFile().c_str()));
        const auto before = ::umask(0);
        salon.restart();
        ::umask(before);
        CPPUNIT_ASSERT_EQUAL(mode_t{0600}, modeOf(keyFile()));
        CPPUNIT_ASSERT_EQUAL(mode_t{0600}, modeOf(salon.database()));
    }

    void aKeyFileThatOthersMayReadRefusesTheStart() {
        CPPUNIT_ASSERT_EQUAL(0, salon.stop());
        for (const mode_t mode : {0640, 0604, 0660, 0601}) {
            CPPUNIT_ASSERT_EQUAL(0, ::chmod(keyFile().c_str(), mode));
            const auto outcome = salon.runHere({});
            CPPUNIT_ASSERT_EQUAL_MESSAGE(outcome.errors, 1, outcome.code);
            says(outcome.errors, "auth.key_file = " + keyFile());
            says(outcome.errors, "run chmod 600");
        }
        CPPUNIT_ASSERT_EQUAL(0, ::chmod(keyFile().c_str(), 0400));
        salon.restart();
        CPPUNIT_ASSERT_EQUAL(200, with(_token));
    }

    void aKeyFileThatIsNoneRefusesTheStart() {
        CPPUNIT_ASSERT_EQUAL(0, salon.stop());
        const std::pair<std::string, std::string> cases[] = {
            {"", "holds no key"},
            {"a key\n", "line 1 is not a key"},
            {"a " + encode(std::string(16, 'x')) + "\n", "line 1 is not a key"},
            {"a " + encode(std::string(32, 'x')) + "\na " + encode(std::string(32, 'y')) + "\n",
             "line 2 names a a second time"},
            {std::string(70000, 'x'), "larger than 64 KiB"},
        };
        for (const auto& [text, sentence] : cases) {
            std::ofstream(keyFile(), std::ios::trunc) << text;
            const auto outcome = salon.runHere({});
            CPPUNIT_ASSERT_EQUAL_MESSAGE(outcome.errors, 1, outcome.code);
            says(outcome.errors, sentence);
        }
    }

private:
    std::string keyFile() { return salon.folder().file("salon.key"); }
    int with(const std::string& token) const {
        return salon.http(token).get("/api/v1/users/me").status;
    }
    int withAuthorization(const std::string& value) const {
        return salon.http().call("GET", "/api/v1/users/me", "", {{"Authorization", value}}).status;
    }
    std::string logIn() const {
        return salon.http()
            .post("/api/v1/auth/login", R"({"login":"alice","password":"correct horse"})")
            .is(200)
            .json()
            .text("access_token");
    }
    void refused(const char* what, const std::string& token) const {
        CPPUNIT_ASSERT_EQUAL_MESSAGE(what, 401, with(token));
    }
    template <class Change> void change(Forge forge, const char* what, Change change) const {
        change(forge);
        refused(what, forge.token());
    }
    static void says(const std::string& text, const std::string& part) {
        CPPUNIT_ASSERT_MESSAGE(text, text.find(part) != std::string::npos);
    }

    std::string _token;
};

CPPUNIT_TEST_SUITE_REGISTRATION(TokenTest);
