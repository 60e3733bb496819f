#include "salon/Json.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>

using salon::JsonReader;
using salon::JsonValue;
using salon::JsonWriter;

class JsonTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(JsonTest);
    CPPUNIT_TEST(thirtyTwoLevelsAreReadAndThirtyThreeAreNot);
    CPPUNIT_TEST(bracketsInStringsAreNoLevels);
    CPPUNIT_TEST(manyNeighboursAreNoLevels);
    CPPUNIT_TEST(membersAreFoundByNameAndKind);
    CPPUNIT_TEST(onlyWholeNumbersOf64BitsAreIntegers);
    CPPUNIT_TEST(whatIsNoJsonIsRefusedWithAReason);
    CPPUNIT_TEST(whatIsWrittenIsReadBack);
    CPPUNIT_TEST(commasStandBetweenAndNowhereElse);
    CPPUNIT_TEST_SUITE_END();

    static std::string arrays(int depth, const char* inside) {
        return std::string(static_cast<std::size_t>(depth), '[') + inside +
               std::string(static_cast<std::size_t>(depth), ']');
    }
    static std::string objects(int depth, const char* inside) {
        std::string text = inside;
        for (int i = 0; i < depth; ++i) text = "{\"a\":" + text + '}';
        return text;
    }

public:
    void thirtyTwoLevelsAreReadAndThirtyThreeAreNot() {
        JsonReader reader;
        for (const auto* inside : {"", "1"}) {
            CPPUNIT_ASSERT(reader.parse(arrays(32, inside)));
            CPPUNIT_ASSERT(!reader.parse(arrays(33, inside)));
        }
        for (const auto* inside : {"{}", "1"}) {
            const int own = inside[0] == '{' ? 1 : 0;
            CPPUNIT_ASSERT(reader.parse(objects(32 - own, inside)));
            const auto refused = reader.parse(objects(33 - own, inside));
            CPPUNIT_ASSERT(!refused);
            CPPUNIT_ASSERT(refused.error().message.find("deeper than 32") != std::string::npos);
        }
        CPPUNIT_ASSERT(!reader.parse(arrays(100'000, "")));
    }

    void manyNeighboursAreNoLevels() {
        JsonReader reader;
        std::string many = "[{}";
        for (int i = 0; i < 1000; ++i) many += R"(,[],{"a":[{}]})";
        CPPUNIT_ASSERT(reader.parse(many + "]"));
        const std::string deep = std::string(31, '[') + "[]" + std::string(31, ']');
        CPPUNIT_ASSERT(!reader.parse(many + "," + deep + "]"));
    }

    void bracketsInStringsAreNoLevels() {
        JsonReader reader;
        const std::string many(200, '[');
        CPPUNIT_ASSERT(reader.parse("{\"a\":\"" + many + "\\\"" + many + "\",\"b\":[1]}"));
    }

    void membersAreFoundByNameAndKind() {
        JsonReader reader;
        const auto root = reader.parse(
            R"({"text":"sal\u00fct","number":-7,"truth":true,"none":null,"list":[1,2]})");
        CPPUNIT_ASSERT(root);
        CPPUNIT_ASSERT((*root)["text"].string() == std::string_view("sal\xc3\xbct"));
        CPPUNIT_ASSERT((*root)["number"].integer() == -7);
        CPPUNIT_ASSERT((*root)["truth"].boolean() == true);
        CPPUNIT_ASSERT((*root)["none"].isNull());
        CPPUNIT_ASSERT(!(*root)["missing"]);
        CPPUNIT_ASSERT(!(*root)["text"].integer());
        CPPUNIT_ASSERT(!(*root)["text"]["deeper"]);
        std::int64_t sum = 0;
        (*root)["list"].eachElement([&](JsonValue value) { sum += *value.integer(); });
        CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, sum);
        std::string names;
        root->eachMember(
            [&](std::string_view name, JsonValue) { names += std::string(name) + ' '; });
        CPPUNIT_ASSERT_EQUAL(std::string("text number truth none list "), names);
    }

    void onlyWholeNumbersOf64BitsAreIntegers() {
        JsonReader reader;
        CPPUNIT_ASSERT(reader.parse("9223372036854775807")->integer() == INT64_MAX);
        for (const auto* text : {"9223372036854775808", "1.0", "1e3", "\"1\"", "true"}) {
            const auto value = reader.parse(text);
            CPPUNIT_ASSERT_MESSAGE(text, value && !value->integer());
        }
    }

    void whatIsNoJsonIsRefusedWithAReason() {
        JsonReader reader;
        for (const auto* text : {"", "  ", "{", "{\"a\":1}}", "nul", "{\"a\":01}", "'a'", "[1,]",
                                 "\"\\ud800\"", "\"\xff\"", "{\"a\" 1}", "\"a\nb\""}) {
            const auto value = reader.parse(text);
            CPPUNIT_ASSERT_MESSAGE(text, !value);
            CPPUNIT_ASSERT(value.error().code == salon::Code::badRequest);
            CPPUNIT_ASSERT(!value.error().message.empty());
        }
    }

    void whatIsWrittenIsReadBack() {
        std::string every;
        for (char c = 0; c < 127; ++c) every.push_back(c);
        every += "\xc3\xa9\xe2\x82\xac\xf0\x9f\x8e\x89";
        std::string out;
        JsonWriter(out).beginObject().member("text", every).member("n", INT64_MIN).endObject();
        JsonReader reader;
        const auto root = reader.parse(out);
        CPPUNIT_ASSERT_MESSAGE(out, root);
        CPPUNIT_ASSERT((*root)["text"].string() == std::string_view(every));
        CPPUNIT_ASSERT((*root)["n"].integer() == INT64_MIN);
    }

    void commasStandBetweenAndNowhereElse() {
        std::string out;
        JsonWriter json(out);
        json.beginObject()
            .key("a")
            .beginArray()
            .endArray()
            .key("b")
            .beginArray()
            .value(1)
            .beginObject();
        json.endObject().null().endArray().member("c", true).timeMember("t", 0).endObject();
        CPPUNIT_ASSERT_EQUAL(std::string(R"({"a":[],"b":[1,{},null],"c":true,"t":null})"), out);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(JsonTest);
