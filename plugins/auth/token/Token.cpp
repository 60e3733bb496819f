#include "token/Token.h"

#include "Field.h"
#include "token/Base64.h"

#include "salon/Json.h"
#include "salon/Time.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <array>
#include <optional>
#include <stdexcept>

namespace salon::auth {

namespace {

constexpr std::size_t mostBytes = 2048;
constexpr std::size_t signatureBytes = 32;
constexpr std::int64_t leeway = 30;

Error invalid() {
    return {Code::unauthorized, "the access token is not valid"};
}

/// One parser a thread: its buffers are what costs.
Result<JsonValue> parseJson(std::string_view text) {
    thread_local JsonReader reader;
    return reader.parse(text);
}

Result<Principal> checkClaims(const JsonValue& claims, std::int64_t now) {
    if (claims["iss"].string() != "salon" || claims["aud"].string() != "salon") return invalid();
    const auto subject = claims["sub"].string();
    const auto user = subject ? parseId(*subject) : std::nullopt;
    const auto session = claims["sid"].integer();
    const auto issued = claims["iat"].integer();
    const auto from = claims["nbf"].integer();
    const auto until = claims["exp"].integer();
    if (!user || !session || *session <= 0 || !issued || !from || !until) return invalid();
    if (now >= *until) return Error{Code::unauthorized, "the access token has expired"};
    if (*from > now + leeway) return invalid();
    return Principal{*user, *session};
}

} // namespace

/// One key with its HMAC begun, so that a signature starts from a copy.
class Tokens::Signer {
public:
    using Signature = std::array<char, signatureBytes>;

    explicit Signer(const SecretKey& key) : _id(key.id) {
        JsonWriter json(_header);
        json.beginObject()
            .member("alg", "HS256")
            .member("typ", "JWT")
            .member("kid", _id)
            .endObject();
        _header = encodeBase64(_header, Alphabet::url);
        const Mac algorithm(EVP_MAC_fetch(nullptr, "HMAC", nullptr), EVP_MAC_free);
        _begun.reset(EVP_MAC_CTX_new(algorithm.get()));
        char digest[] = "SHA256";
        const OSSL_PARAM parameters[] = {
            OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
            OSSL_PARAM_construct_end()};
        const auto* secret = reinterpret_cast<const unsigned char*>(key.secret.data());
        if (EVP_MAC_init(_begun.get(), secret, key.secret.size(), parameters) != 1) fail();
    }
    const std::string& id() const { return _id; }
    /// The first part of every token signed with it.
    const std::string& header() const { return _header; }
    Signature sign(std::string_view text) const {
        Signature signature;
        std::size_t size = 0;
        const Context context(EVP_MAC_CTX_dup(_begun.get()), EVP_MAC_CTX_free);
        const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
        if (!context || EVP_MAC_update(context.get(), bytes, text.size()) != 1 ||
            EVP_MAC_final(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                          signature.size()) != 1 ||
            size != signature.size()) {
            fail();
        }
        return signature;
    }

private:
    using Mac = std::unique_ptr<EVP_MAC, decltype(&EVP_MAC_free)>;
    using Context = std::unique_ptr<EVP_MAC_CTX, decltype(&EVP_MAC_CTX_free)>;

    [[noreturn]] static void fail() {
        throw std::runtime_error("OpenSSL has no HMAC with SHA-256");
    }

    std::string _id;
    std::string _header;
    Context _begun{nullptr, EVP_MAC_CTX_free};
};

Tokens::Tokens(const std::vector<SecretKey>& keys, std::chrono::seconds lifetime)
    : _signers(signersOf(keys)), _lifetime(lifetime) {}

Tokens::~Tokens() = default;

std::shared_ptr<const Tokens::Signers> Tokens::signersOf(const std::vector<SecretKey>& keys) {
    if (keys.empty()) throw std::logic_error("there is no key to sign tokens with");
    auto signers = std::make_shared<Signers>();
    for (const auto& key : keys) signers->push_back(std::make_unique<Signer>(key));
    return signers;
}

void Tokens::replaceKeys(const std::vector<SecretKey>& keys) {
    auto signers = signersOf(keys);
    *_signers.lock() = std::move(signers);
}

std::string Tokens::sign(const Principal& principal, std::int64_t now) const {
    const auto all = signers();
    const auto& signer = *all->front();
    std::string claims;
    JsonWriter json(claims);
    json.beginObject();
    json.member("sub", std::to_string(principal.user)).member("sid", principal.session);
    json.member("iat", now).member("nbf", now).member("exp", now + _lifetime.count());
    json.member("iss", "salon").member("aud", "salon").endObject();
    auto token = signer.header() + '.' + encodeBase64(claims, Alphabet::url);
    const auto signature = signer.sign(token);
    token += '.';
    token += encodeBase64({signature.data(), signature.size()}, Alphabet::url);
    return token;
}

const Tokens::Signer* Tokens::signerOf(const Signers& signers, std::string_view header) {
    const auto text = decodeBase64(header, Alphabet::url);
    if (!text) return nullptr;
    const auto parsed = parseJson(*text);
    if (!parsed) return nullptr;
    const auto& head = *parsed;
    // No extension is understood here, so none may be critical (RFC 7515, 4.1.11).
    if (head["alg"].string() != "HS256" || head["crit"]) return nullptr;
    if (head["typ"] && head["typ"].string() != "JWT") return nullptr;
    const auto id = head["kid"].string();
    for (const auto& signer : signers) {
        if (id == signer->id()) return signer.get();
    }
    return nullptr;
}

Result<Principal> Tokens::verify(std::string_view token, std::int64_t now) const {
    if (token.size() > mostBytes) return invalid();
    const auto first = token.find('.');
    const auto second = first == token.npos ? token.npos : token.find('.', first + 1);
    if (second == token.npos) return invalid();
    const auto all = signers();
    const auto* signer = signerOf(*all, token.substr(0, first));
    if (!signer) return invalid();
    // A fourth part would hold a dot, which is no letter of the alphabet.
    const auto signature = decodeBase64(token.substr(second + 1), Alphabet::url);
    if (!signature || signature->size() != signatureBytes) return invalid();
    const auto right = signer->sign(token.substr(0, second));
    if (CRYPTO_memcmp(right.data(), signature->data(), signatureBytes) != 0) return invalid();
    const auto text = decodeBase64(token.substr(first + 1, second - first - 1), Alphabet::url);
    if (!text) return invalid();
    const auto claims = parseJson(*text);
    if (!claims) return invalid();
    return checkClaims(*claims, now);
}

std::vector<std::string> Tokens::derive(std::string_view text) const {
    std::vector<std::string> derived;
    const auto all = signers();
    for (const auto& signer : *all) {
        const auto signature = signer->sign(text);
        derived.emplace_back(signature.data(), signature.size());
    }
    return derived;
}

Result<Principal> TokenAuthenticator::authenticate(std::string_view token) {
    auto principal = _tokens->verify(token, now() / 1000);
    if (principal && !_sessions->admits(*principal)) {
        return Error{Code::unauthorized, "the session has ended: log in again"};
    }
    return principal;
}

} // namespace salon::auth
