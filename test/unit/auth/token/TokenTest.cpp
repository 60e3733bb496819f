#include "token/Token.h"

#include "token/Base64.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cppunit/extensions/HelperMacros.h>

#include <string>

using namespace salon::auth;
using salon::Principal;

class TokenTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(TokenTest);
    CPPUNIT_TEST(whatIsSignedIsBelieved);
    CPPUNIT_TEST(theFormIsThatOfAnyJwt);
    CPPUNIT_TEST(itIsValidUntilItExpires);
    CPPUNIT_TEST(itIsValidFromAHalfMinuteBeforeItsStart);
    CPPUNIT_TEST(olderKeysAreBelievedAndTheNewestSigns);
    CPPUNIT_TEST(keysThatAreGoneAreNotBelieved);
    CPPUNIT_TEST(theAlgorithmIsNotTheTokensToChoose);
    CPPUNIT_TEST(headersThatSayMoreAreRefused);
    CPPUNIT_TEST(oneChangedLetterAnywhereIsRefused);
    CPPUNIT_TEST(anyOtherFormIsRefused);
    CPPUNIT_TEST(everyClaimMustBeThereAndRight);
    CPPUNIT_TEST(keysAreReplacedUnderWay);
    CPPUNIT_TEST(claimsInAnotherOrderAndWithOthersAreTaken);
    CPPUNIT_TEST_SUITE_END();

    static constexpr std::int64_t now = 1'800'000'000;
    static inline const std::string secret = std::string(32, 'a');

    Tokens tokens{{{"k1", secret}}, std::chrono::seconds(900)};
    const std::string header = R"({"alg":"HS256","typ":"JWT","kid":"k1"})";
    const std::string claims =
        R"({"sub":"7","sid":3,"iat":1800000000,"nbf":1800000000,"exp":1800000900,)"
        R"("iss":"salon","aud":"salon"})";

    static std::string part(std::string_view text) { return encodeBase64(text, Alphabet::url); }
    static std::string hmac(const EVP_MD* digest, const std::string& key, const std::string& text) {
        unsigned char out[EVP_MAX_MD_SIZE];
        unsigned size = 0;
        HMAC(digest, key.data(), static_cast<int>(key.size()),
             reinterpret_cast<const unsigned char*>(text.data()), text.size(), out, &size);
        return {reinterpret_cast<char*>(out), size};
    }
    /// A token as anybody could make it, rightly signed with the key.
    static std::string made(const std::string& head, const std::string& body,
                            const std::string& key = secret, const EVP_MD* digest = EVP_sha256()) {
        const auto text = part(head) + '.' + part(body);
        return text + '.' + part(hmac(digest, key, text));
    }
    static std::string replaced(std::string text, const std::string& what, const std::string& by) {
        const auto at = text.find(what);
        CPPUNIT_ASSERT_MESSAGE(what, at != text.npos);
        return text.replace(at, what.size(), by);
    }
    bool believed(const std::string& token, std::int64_t at = now) const {
        const auto principal = tokens.verify(token, at);
        if (!principal) CPPUNIT_ASSERT(principal.error().code == salon::Code::unauthorized);
        return static_cast<bool>(principal);
    }

public:
    void keysAreReplacedUnderWay() {
        const auto old = tokens.sign(Principal{7, 3}, now);
        tokens.replaceKeys({{"k2", std::string(32, 'b')}, {"k1", secret}});
        CPPUNIT_ASSERT(believed(old));
        const auto fresh = tokens.sign(Principal{7, 3}, now);
        CPPUNIT_ASSERT(fresh.substr(0, fresh.find('.')) != old.substr(0, old.find('.')));
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, tokens.derive("x").size());
        tokens.replaceKeys({{"k2", std::string(32, 'b')}});
        CPPUNIT_ASSERT(believed(fresh));
        CPPUNIT_ASSERT(!believed(old));
        CPPUNIT_ASSERT_THROW(tokens.replaceKeys({}), std::logic_error);
        CPPUNIT_ASSERT(believed(fresh));
    }

    void whatIsSignedIsBelieved() {
        const auto principal = tokens.verify(tokens.sign(Principal{7, 3}, now), now);
        CPPUNIT_ASSERT(principal);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{7}, principal->user);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, principal->session);
    }

    void theFormIsThatOfAnyJwt() {
        CPPUNIT_ASSERT_EQUAL(made(header, claims), tokens.sign(Principal{7, 3}, now));
        CPPUNIT_ASSERT(believed(made(header, claims)));
    }

    void itIsValidUntilItExpires() {
        const auto token = tokens.sign(Principal{7, 3}, now);
        CPPUNIT_ASSERT(believed(token, now + 899));
        CPPUNIT_ASSERT(!believed(token, now + 900));
        CPPUNIT_ASSERT_EQUAL(std::string("the access token has expired"),
                             tokens.verify(token, now + 900).error().message);
    }

    void itIsValidFromAHalfMinuteBeforeItsStart() {
        const auto token = tokens.sign(Principal{7, 3}, now);
        CPPUNIT_ASSERT(believed(token, now - 30));
        CPPUNIT_ASSERT(!believed(token, now - 31));
    }

    void olderKeysAreBelievedAndTheNewestSigns() {
        const Tokens rotated({{"k2", std::string(32, 'b')}, {"k1", secret}},
                             std::chrono::seconds(9));
        CPPUNIT_ASSERT(rotated.verify(tokens.sign(Principal{7, 3}, now), now));
        const auto fresh = rotated.sign(Principal{7, 3}, now);
        CPPUNIT_ASSERT(rotated.verify(fresh, now));
        CPPUNIT_ASSERT(!believed(fresh));
    }

    void keysThatAreGoneAreNotBelieved() {
        const Tokens other({{"k2", std::string(32, 'b')}}, std::chrono::seconds(900));
        CPPUNIT_ASSERT(!other.verify(tokens.sign(Principal{7, 3}, now), now));
        // The right name with another secret, and another's signature under the right name.
        const Tokens same({{"k1", std::string(32, 'b')}}, std::chrono::seconds(900));
        CPPUNIT_ASSERT(!same.verify(tokens.sign(Principal{7, 3}, now), now));
        CPPUNIT_ASSERT(!believed(made(header, claims, std::string(32, 'b'))));
        CPPUNIT_ASSERT(!believed(made(header, claims, "")));
        CPPUNIT_ASSERT(!believed(made(replaced(header, "k1", "k9"), claims)));
        CPPUNIT_ASSERT(!believed(made(replaced(header, "k1", ""), claims)));
        CPPUNIT_ASSERT(!believed(made(replaced(header, R"("k1")", "1"), claims)));
        CPPUNIT_ASSERT(!believed(made(R"({"alg":"HS256","typ":"JWT"})", claims)));
    }

    void theAlgorithmIsNotTheTokensToChoose() {
        for (const std::string alg :
             {"none", "None", "NONE", "", "hs256", "HS256 ", "RS256", "HS512"}) {
            const auto head = replaced(header, "HS256", alg);
            CPPUNIT_ASSERT_MESSAGE(alg, !believed(made(head, claims)));
            CPPUNIT_ASSERT_MESSAGE(alg, !believed(part(head) + '.' + part(claims) + '.'));
            CPPUNIT_ASSERT_MESSAGE(alg, !believed(part(head) + '.' + part(claims)));
        }
        const auto head512 = replaced(header, "HS256", "HS512");
        CPPUNIT_ASSERT(!believed(made(head512, claims, secret, EVP_sha512())));
        CPPUNIT_ASSERT(!believed(made(header, claims, secret, EVP_sha512())));
        CPPUNIT_ASSERT(!believed(made(R"({"typ":"JWT","kid":"k1"})", claims)));
        CPPUNIT_ASSERT(!believed(made(replaced(header, R"("HS256")", "null"), claims)));
        CPPUNIT_ASSERT(!believed(made(replaced(header, R"("HS256")", R"(["HS256"])"), claims)));
    }

    void headersThatSayMoreAreRefused() {
        CPPUNIT_ASSERT(!believed(made(replaced(header, "}", R"(,"crit":["exp"]})"), claims)));
        CPPUNIT_ASSERT(!believed(made(replaced(header, "}", R"(,"crit":[]})"), claims)));
        CPPUNIT_ASSERT(!believed(made(replaced(header, "}", R"(,"crit":null})"), claims)));
        CPPUNIT_ASSERT(!believed(made(replaced(header, "JWT", "dpop+jwt"), claims)));
        CPPUNIT_ASSERT(!believed(made(replaced(header, R"("JWT")", "1"), claims)));
        // `typ` may be left out (RFC 7519, 5.1).
        CPPUNIT_ASSERT(believed(made(R"({"kid":"k1","alg":"HS256"})", claims)));
    }

    void oneChangedLetterAnywhereIsRefused() {
        const auto token = tokens.sign(Principal{7, 3}, now);
        for (std::size_t i = 0; i < token.size(); ++i) {
            auto changed = token;
            changed[i] = changed[i] == 'A' ? 'B' : 'A';
            CPPUNIT_ASSERT_MESSAGE(std::to_string(i), !believed(changed));
            CPPUNIT_ASSERT_MESSAGE(std::to_string(i), !believed(token.substr(0, i)));
        }
    }

    void anyOtherFormIsRefused() {
        const auto token = tokens.sign(Principal{7, 3}, now);
        const auto signature = token.substr(token.rfind('.') + 1);
        for (const auto& bad : {std::string(),
                                std::string("."),
                                std::string(".."),
                                std::string("..."),
                                token + '.',
                                token + ".x",
                                '.' + token,
                                token + '.' + signature,
                                token + '=',
                                token + ' ',
                                ' ' + token,
                                token + '\n',
                                token + std::string(1, '\0'),
                                "Bearer " + token,
                                replaced(token, ".", ".."),
                                replaced(token, ".", "=."),
                                replaced(token, ".", " ."),
                                replaced(token, ".", "\r\n."),
                                std::string(1 << 20, '.'),
                                std::string(1 << 20, 'A'),
                                std::string(1 << 20, 'A') + ".A.A",
                                made("", claims),
                                made("[]", claims),
                                made("null", claims),
                                made(header + " x", claims),
                                made(header, ""),
                                made(header, "[]"),
                                made(header, claims + claims),
                                made(header, "\xff"),
                                made(header, std::string(3000, ' ') + claims),
                                made(header, std::string(600, '[') + std::string(600, ']'))}) {
            CPPUNIT_ASSERT_MESSAGE(bad.substr(0, 300), !believed(bad));
        }
        // The last letter of the signature has two bits that no byte holds.
        constexpr std::string_view letters =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        auto stray = token;
        stray.back() = letters[letters.find(stray.back()) + 1];
        CPPUNIT_ASSERT(!believed(stray));
    }

    void everyClaimMustBeThereAndRight() {
        const std::pair<const char*, const char*> rows[] = {
            {R"("sub":"7",)", ""},
            {R"("sub":"7")", R"("sub":7)"},
            {R"("sub":"7")", R"("sub":"")"},
            {R"("sub":"7")", R"("sub":"0")"},
            {R"("sub":"7")", R"("sub":"07")"},
            {R"("sub":"7")", R"("sub":"-7")"},
            {R"("sub":"7")", R"("sub":"+7")"},
            {R"("sub":"7")", R"("sub":" 7")"},
            {R"("sub":"7")", R"("sub":"7x")"},
            {R"("sub":"7")", R"("sub":"7\u0000")"},
            {R"("sub":"7")", R"("sub":"9223372036854775808")"},
            {R"("sub":"7")", R"("sub":null)"},
            {R"("sid":3,)", ""},
            {R"("sid":3)", R"("sid":"3")"},
            {R"("sid":3)", R"("sid":3.0)"},
            {R"("sid":3)", R"("sid":0)"},
            {R"("sid":3)", R"("sid":-3)"},
            {R"("sid":3)", R"("sid":18446744073709551615)"},
            {R"("iat":1800000000,)", ""},
            {R"("iat":1800000000)", R"("iat":"1800000000")"},
            {R"("nbf":1800000000,)", ""},
            {R"("nbf":1800000000)", R"("nbf":1800000031)"},
            {R"("nbf":1800000000)", R"("nbf":"1800000000")"},
            {R"("nbf":1800000000)", R"("nbf":9223372036854775807)"},
            {R"("exp":1800000900,)", ""},
            {R"("exp":1800000900)", R"("exp":1800000000)"},
            {R"("exp":1800000900)", R"("exp":-1)"},
            {R"("exp":1800000900)", R"("exp":0)"},
            {R"("exp":1800000900)", R"("exp":null)"},
            {R"("exp":1800000900)", R"("exp":true)"},
            {R"("exp":1800000900)", R"("exp":"1800000900")"},
            {R"("exp":1800000900)", R"("exp":1800000900.5)"},
            {R"("exp":1800000900)", R"("exp":1e300)"},
            {R"("exp":1800000900)", R"("exp":1.8000009e9)"},
            {R"("exp":1800000900)", R"("exp":18000009000000000000)"},
            {R"("exp":1800000900)", R"("exp":[1800000900])"},
            {R"("iss":"salon")", R"("iss":"Salon")"},
            {R"("iss":"salon")", R"("iss":"salon\u0000")"},
            {R"("iss":"salon")", R"("iss":["salon"])"},
            {R"("iss":"salon",)", ""},
            {R"(,"aud":"salon")", ""},
            {R"("aud":"salon")", R"("aud":"other")"},
            {R"("aud":"salon")", R"("aud":["other","salon"])"},
        };
        for (const auto& [what, by] : rows) {
            const auto body = replaced(claims, what, by);
            CPPUNIT_ASSERT_MESSAGE(body, !believed(made(header, body)));
        }
        // The farthest times neither wrap around nor trap.
        const auto least = replaced(claims, R"("nbf":1800000000)", R"("nbf":-9223372036854775808)");
        CPPUNIT_ASSERT(believed(made(header, least)));
    }

    void claimsInAnotherOrderAndWithOthersAreTaken() {
        CPPUNIT_ASSERT(believed(
            made(R"({"kid":"k1", "typ":"JWT", "alg":"HS256", "x":1})",
                 R"({"aud":"salon","exp":1800000900,"iat":1800000000,"iss":"salon","jti":"x",)"
                 R"("nbf":1800000000,"sid":3,"sub":"7"})")));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(TokenTest);
