#include "Contract.h"
#include "Dialogue.h"
#include "Schema.h"

#include <Poco/JSON/Object.h>
#include <openssl/evp.h>

#include <array>
#include <set>

using salon::wire::Contract;
using salon::wire::Json;
using salon::wire::Schema;

namespace {

void referencesLeadSomewhere(const Json& document) {
    salon::wire::eachObject(document.value(), [&](Poco::JSON::Object& object) {
        if (!object.has("$ref")) return;
        const auto reference = object.getValue<std::string>("$ref");
        CPPUNIT_ASSERT(reference.starts_with("#/"));
        Poco::JSON::Object::Ptr alone = new Poco::JSON::Object;
        alone->set("$ref", reference);
        Contract::followed(document, Json(alone)); // fails when there is nothing
    });
}

void fits(const std::string& what, const Json& rule, const Json& value, const Json& document) {
    const auto faults = Schema(rule.value(), document.value()).faults(value.value());
    CPPUNIT_ASSERT_EQUAL_MESSAGE(what + ": " + value.dump(), std::string(), faults);
}

std::string base64OfSha256(const std::string& text) {
    std::array<unsigned char, 32> hash{};
    std::array<unsigned char, 45> encoded{};
    EVP_Digest(text.data(), text.size(), hash.data(), nullptr, EVP_sha256(), nullptr);
    EVP_EncodeBlock(encoded.data(), hash.data(), static_cast<int>(hash.size()));
    return reinterpret_cast<const char*>(encoded.data());
}

/// What stands between each `before` and the next `after`.
std::vector<std::string> between(const std::string& text, const std::string& before,
                                 const std::string& after) {
    std::vector<std::string> found;
    for (auto at = text.find(before); at != std::string::npos; at = text.find(before, at)) {
        at += before.size();
        found.push_back(text.substr(at, text.find(after, at) - at));
    }
    return found;
}

} // namespace

/// The documents about the API are right in themselves, and served as documents should be.
class ApiDocumentTest : public salon::wire::Dialogue {
    CPPUNIT_TEST_SUITE(ApiDocumentTest);
    CPPUNIT_TEST(everyReferenceLeadsSomewhere);
    CPPUNIT_TEST(everyOperationSaysWhatAClientNeeds);
    CPPUNIT_TEST(everyExampleFitsItsSchema);
    CPPUNIT_TEST(everyFrameHasAnExampleThatFits);
    CPPUNIT_TEST(whatIsServedIsDescribedAndTheOtherWayRound);
    CPPUNIT_TEST(onlyWhatIsLoadedIsDescribed);
    CPPUNIT_TEST(whatNobodyServesIsAWarning);
    CPPUNIT_TEST(twoPluginsThatDescribeTheSameEndTheStart);
    CPPUNIT_TEST(whoHasADocumentIsToldThatItIsStillRight);
    CPPUNIT_TEST(thePageNeedsNothingElse);
    CPPUNIT_TEST(thePageIsFoundWithoutItsLastSlash);
    CPPUNIT_TEST(everyLinkOfThePageLeadsSomewhere);
    CPPUNIT_TEST(aFrameThatIsNotDescribedFailsItsTest);
    CPPUNIT_TEST(anAnswerThatIsNotDescribedFailsItsTest);
    CPPUNIT_TEST_SUITE_END();

public:
    void everyReferenceLeadsSomewhere() {
        referencesLeadSomewhere(Contract::get().document());
        referencesLeadSomewhere(Contract::get().frames());
    }

    void everyOperationSaysWhatAClientNeeds() {
        std::set<std::string> ids;
        std::set<std::string> tags;
        for (const auto& tag : Contract::get().document().list("tags"))
            tags.insert(tag.text("name"));
        for (const auto& operation : Contract::get().operations()) {
            const auto& said = operation.description;
            CPPUNIT_ASSERT_MESSAGE(operation.id, ids.insert(operation.id).second);
            CPPUNIT_ASSERT_MESSAGE(operation.id, !said.text("summary").empty());
            CPPUNIT_ASSERT_MESSAGE(operation.id, said.has("security"));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(operation.id, std::size_t{1}, said.list("tags").size());
            CPPUNIT_ASSERT(tags.contains(*said.list("tags").front().string()));
            CPPUNIT_ASSERT_MESSAGE(operation.id, said.object("responses").has("default"));
            std::set<std::string> parameters;
            if (said.has("parameters")) {
                for (const auto& one : said.list("parameters")) {
                    const auto parameter = Contract::followed(Contract::get().document(), one);
                    if (parameter.is("in", "path")) parameters.insert(parameter.text("name"));
                }
            }
            const auto names = between(operation.pattern, "{", "}");
            CPPUNIT_ASSERT_MESSAGE(operation.id,
                                   parameters == std::set<std::string>(names.begin(), names.end()));
        }
        CPPUNIT_ASSERT(ids.size() > 20);
    }

    void everyExampleFitsItsSchema() {
        for (const auto& operation : Contract::get().operations()) {
            const auto& said = operation.description;
            if (said.has("requestBody")) examplesFit(operation.id, said.object("requestBody"));
            said.object("responses").each([&](const std::string& status, const Json& reference) {
                const auto response = Contract::followed(Contract::get().document(), reference);
                CPPUNIT_ASSERT(!response.text("description").empty());
                if (response.has("content")) examplesFit(operation.id + ' ' + status, response);
            });
        }
    }

    void everyFrameHasAnExampleThatFits() {
        int frames = 0;
        Contract::get().frames().object("$defs").each(
            [&](const std::string& name, const Json& frame) {
                if (name.find('.') == std::string::npos) return;
                ++frames;
                const auto examples = frame.list("examples");
                CPPUNIT_ASSERT_MESSAGE(name, !examples.empty());
                for (const auto& example : examples) {
                    fits(name, frame, example, Contract::get().frames());
                }
                CPPUNIT_ASSERT_MESSAGE(name, !frame.text("description").empty());
            });
        CPPUNIT_ASSERT(frames > 20);
    }

    void whatIsServedIsDescribedAndTheOtherWayRound() {
        salon.stop();
        salon.start({{"plugins.load", Contract::plugins()}});
        CPPUNIT_ASSERT_MESSAGE(salon.log(), salon.log().find("description") == std::string::npos);
    }

    void onlyWhatIsLoadedIsDescribed() {
        salon.stop();
        salon.start({{"plugins.load", "auth"}});
        CPPUNIT_ASSERT_MESSAGE(salon.log(), salon.log().find("description") == std::string::npos);
        const auto paths = salon.http().get("/api/v1/openapi.json").is(200).json().object("paths");
        CPPUNIT_ASSERT(paths.has("/api/v1/users/me"));
        CPPUNIT_ASSERT(!paths.has("/api/v1/conversations"));
        const auto frames = salon.http().get("/api/v1/frames.schema.json").is(200).json();
        CPPUNIT_ASSERT(frames.object("$defs").has("server.welcome"));
        CPPUNIT_ASSERT(!frames.object("$defs").has("client.dm"));
    }

    void whatNobodyServesIsAWarning() {
        salon.stop();
        salon.start({{"plugins.load", "auth," + built("dreaming")}});
        CPPUNIT_ASSERT_MESSAGE(salon.log(),
                               salon.log().find("dreaming describes GET /api/v1/dreams, which "
                                                "nobody serves") != std::string::npos);
    }

    void twoPluginsThatDescribeTheSameEndTheStart() {
        const auto outcome = salon.runHere({}, {{"plugins.load", "auth," + built("misdescribed")}});
        CPPUNIT_ASSERT(outcome.code != 0);
        CPPUNIT_ASSERT_MESSAGE(
            outcome.errors, outcome.errors.find("the description of misdescribed cannot be used: "
                                                "the path /api/v1/users/me is described by auth "
                                                "already") != std::string::npos);
    }

    void whoHasADocumentIsToldThatItIsStillRight() {
        for (const std::string path : {"", "openapi.json", "frames.schema.json"}) {
            const auto first = salon.http().get("/api/v1/" + path).is(200);
            CPPUNIT_ASSERT_EQUAL(std::string("no-cache"), first.header("Cache-Control"));
            const auto tag = first.header("ETag");
            const auto asks = [&](const std::string& field) {
                return salon.http().call("GET", "/api/v1/" + path, "", {{"If-None-Match", field}});
            };
            for (const auto& field : {tag, "W/" + tag, "\"x\", " + tag, std::string("*")}) {
                const auto again = asks(field).is(304);
                CPPUNIT_ASSERT_EQUAL(std::string(), again.body);
                CPPUNIT_ASSERT_EQUAL(tag, again.header("ETag"));
                CPPUNIT_ASSERT_EQUAL(std::string("no-cache"), again.header("Cache-Control"));
            }
            for (const std::string field : {"\"x\"", "", ",", "W/"}) asks(field).is(200);
        }
    }

    void thePageNeedsNothingElse() {
        const auto page = salon.http().get("/api/v1/").is(200);
        const auto styles = between(page.body, "<style>", "</style>");
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, styles.size());
        CPPUNIT_ASSERT_EQUAL("default-src 'none'; style-src 'sha256-" + base64OfSha256(styles[0]) +
                                 "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
                             page.header("Content-Security-Policy"));
        CPPUNIT_ASSERT_EQUAL(std::string("no-referrer"), page.header("Referrer-Policy"));
        for (const auto* word :
             {"<script", " style=", "<link", "<img", "src=", "=\"http", "@import", "url("}) {
            CPPUNIT_ASSERT_MESSAGE(word, page.body.find(word) == std::string::npos);
        }
    }

    void thePageIsFoundWithoutItsLastSlash() {
        for (const std::string path : {"/api/v1", "/api/v1?x=y"}) {
            const auto redirect = salon.http().get(path).is(308);
            CPPUNIT_ASSERT_EQUAL(std::string("/api/v1/"), redirect.header("Location"));
            CPPUNIT_ASSERT_EQUAL(std::string(), redirect.body);
            CPPUNIT_ASSERT(!redirect.headers.has("Content-Type"));
        }
        salon.http().call("HEAD", "/api/v1").is(308);
        salon.http().call("POST", "/api/v1", "{}").isProblem(405, "method_not_allowed");
    }

    void everyLinkOfThePageLeadsSomewhere() {
        const auto page = salon.http().get("/api/v1/").is(200).body;
        const auto all = between(page, " id=\"", "\"");
        const std::set<std::string> ids(all.begin(), all.end());
        CPPUNIT_ASSERT_EQUAL(all.size(), ids.size());
        for (const auto& link : between(page, " href=\"", "\"")) {
            if (link.starts_with('#')) {
                CPPUNIT_ASSERT_MESSAGE(link, ids.contains(link.substr(1)));
            } else {
                salon.http().get("/api/v1/" + link).is(200);
            }
        }
        for (const auto& operation : Contract::get().operations()) {
            CPPUNIT_ASSERT_MESSAGE(operation.id, ids.contains(operation.id));
        }
        Contract::get().frames().object("$defs").each([&](const std::string& name, const Json&) {
            CPPUNIT_ASSERT_MESSAGE(name, name.ends_with("Frame") || ids.contains(name));
        });
    }

    void aFrameThatIsNotDescribedFailsItsTest() {
        auto& contract = Contract::get();
        const auto server = [&](const std::string& payload) { contract.checkServerFrame(payload); };
        const auto client = [&](const std::string& payload) { contract.checkClientFrame(payload); };
        server(R"({"type":"pong","id":"1"})");
        server(R"({"type":"ack","id":1,"status":"away"})");
        fails([&] { server(R"({"type":"pong","id":"1","more":1})"); }, "additionalProperties");
        fails([&] { server(R"({"type":"song"})"); }, "no such type");
        fails([&] { server(R"({"type":"typing","conversation":1,"user":2})"); }, "required");
        fails([&] { server(R"({"type":"typing","conversation":true,"user":2,"on":true})"); },
              "type");
        fails([&] { server(R"({"type":"typing","conversation":0,"user":2,"on":true})"); },
              "greater");
        fails([&] { server(R"({"type":"error","code":"odd","message":"x"})"); }, "enum");
        fails(
            [&] {
                server(R"({"type":"ack","id":"1","conversation":1,"message":1,"seq":1,"rev":1,)"
                       R"("timestamp":"2026-11-21 01:01:14"})");
            },
            "ack");
        client(R"({"type":"dm","to":"@bob","content":"x","id":"1","more":1})");
        client(R"({"type":"resume","have":{"7":45}})");
        fails([&] { client(R"({"type":"dm","to":"bob","content":"x"})"); }, "pattern");
        fails([&] { client(R"({"type":"resume","have":{"7":"45"}})"); }, "have");
        fails([&] { client(R"({"type":"pong"})"); }, "no such type");
    }

    void anAnswerThatIsNotDescribedFailsItsTest() {
        salon::wire::Reply reply;
        reply.status = 200;
        reply.headers.set("Content-Type", "application/json");
        reply.headers.set("X-Request-Id", "x");
        reply.body = R"({"status":"ok"})";
        auto& contract = Contract::get();
        const auto check = [&](const std::string& path, const std::string& body = {}) {
            contract.check("GET", path, body, reply);
        };
        check("/health/live");
        fails([&] { check("/api/v1/users/me"); }, "required");
        fails([&] { check("/api/v1/nothing"); }, "not described");
        reply.body = R"({"status":"ok","more":1})";
        fails([&] { check("/health/live"); }, "additionalProperties");
        reply.headers.erase("X-Request-Id");
        fails([&] { check("/health/live"); }, "X-Request-Id");
        reply.headers.set("Content-Type", "text/plain");
        reply.headers.set("X-Request-Id", "x");
        fails([&] { check("/health/live"); }, "content type");
        reply.status = 418;
        fails([&] { check("/health/live"); }, "status");
    }

private:
    static std::string built(const std::string& plugin) {
        return SALON_BUILD "/test/plugins/lib/" + plugin + ".so";
    }

    static void examplesFit(const std::string& what, const Json& described) {
        const auto& document = Contract::get().document();
        described.object("content").each([&](const std::string&, const Json& media) {
            const auto rule = media.object("schema");
            CPPUNIT_ASSERT_MESSAGE(what, media.has("example") || media.has("examples"));
            if (media.has("example")) {
                fits(what, rule, Json(media.member("example")), document);
            } else {
                media.object("examples").each([&](const std::string&, const Json& one) {
                    const auto example = Contract::followed(document, one);
                    fits(what, rule, example.object("value"), document);
                });
            }
        });
    }

    template <class Call> static void fails(const Call& call, const std::string& word) {
        try {
            call();
        } catch (const CppUnit::Exception& failure) {
            const std::string text = failure.what();
            CPPUNIT_ASSERT_MESSAGE(text, text.find(word) != std::string::npos);
            return;
        }
        CPPUNIT_FAIL("this should have failed, with " + word);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ApiDocumentTest);
