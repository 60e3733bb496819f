#include "api/Markup.h"

#include "api/JsonCopy.h"

#include <cppunit/extensions/HelperMacros.h>

using salon::JsonReader;
using namespace salon::api;

class MarkupTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(MarkupTest);
    CPPUNIT_TEST(textIsNoMarkup);
    CPPUNIT_TEST(backticksMakeCode);
    CPPUNIT_TEST(aTypeIsSaidInWords);
    CPPUNIT_TEST(fieldsAreRows);
    CPPUNIT_TEST(longJsonHasALineForEachMember);
    CPPUNIT_TEST_SUITE_END();

    JsonReader _reader;
    salon::JsonValue json(const std::string& text) { return *_reader.parse(text); }
    static void is(const std::string& expected, const std::string& actual) {
        CPPUNIT_ASSERT_EQUAL(expected, actual);
    }

public:
    void textIsNoMarkup() {
        is("&lt;b onclick=&quot;x&quot;&gt; &amp;c", escaped("<b onclick=\"x\"> &c"));
    }

    void backticksMakeCode() {
        is("a <code>&lt;b&gt;</code> c", prose("a `<b>` c"));
        is("a <code>b</code>", prose("a `b"));
    }

    void aTypeIsSaidInWords() {
        is("string", typeOf(json(R"({"type":"string"})")));
        is("integer 1 to 200 or null",
           typeOf(json(R"({"type":["integer","null"],"minimum":1,"maximum":200})")));
        is("list of <a href=\"#Message\">Message</a>",
           typeOf(json(R"({"type":"array","items":{"$ref":"#/components/schemas/Message"}})")));
        is("<code>&quot;a&quot;</code> <code>&quot;b&quot;</code>",
           typeOf(json(R"({"type":"string","enum":["a","b"]})")));
        is("<a href=\"#User\">User</a> or null",
           typeOf(json(R"({"anyOf":[{"$ref":"#/$defs/User"},{"type":"null"}]})")));
        is("integer from 0", typeOf(json(R"({"type":"integer","minimum":0})")));
    }

    void fieldsAreRows() {
        const auto document = json(R"({"$defs":{"A":{"required":["x"],"properties":{)"
                                   R"("x":{"type":"string","description":"An `x`."},)"
                                   R"("y":{"type":"boolean","default":true}}}},)"
                                   R"("it":{"$ref":"#/$defs/A"}})");
        const auto table = fieldTable(document, document["it"]);
        const auto has = [&](const char* text) { return table.find(text) != std::string::npos; };
        CPPUNIT_ASSERT_MESSAGE(table, has("<code>x</code><td>string<td>An <code>x</code>."));
        CPPUNIT_ASSERT_MESSAGE(table, has("<code>y</code> <small>optional</small><td>boolean"));
        CPPUNIT_ASSERT_MESSAGE(table, has("<small>default true</small>"));
        is("", fieldTable(document, json(R"({"type":"string"})")));
    }

    void longJsonHasALineForEachMember() {
        is(R"({"a":1})", indented(json(R"({ "a": 1 })")));
        const std::string text(80, 'x');
        is("{\n  \"a\": \"" + text + "\",\n  \"b\": [1,2]\n}",
           indented(json("{\"a\":\"" + text + "\",\"b\":[1,2]}")));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(MarkupTest);
