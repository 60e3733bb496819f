#include "api/Description.h"

#include "salon/Json.h"

#include <cppunit/extensions/HelperMacros.h>

#include <stdexcept>

using salon::JsonReader;
using salon::api::Description;

class DescriptionTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(DescriptionTest);
    CPPUNIT_TEST(partsBecomeOneDocument);
    CPPUNIT_TEST(framesAndTheirObjectsBecomeASchema);
    CPPUNIT_TEST(onlyObjectsThatAreUsedAreThere);
    CPPUNIT_TEST(operationsAreListedWithWhoMayCallThem);
    CPPUNIT_TEST(aFramesTypeIsItsConstant);
    CPPUNIT_TEST(twoPluginsCannotDescribeTheSame);
    CPPUNIT_TEST(aPartThatIsNotOneIsRefusedByItsOwnersName);
    CPPUNIT_TEST(anObjectThatNobodyHasIsNamed);
    CPPUNIT_TEST_SUITE_END();

    Description _description;

    static void refuses(const char* owner, const char* part, const std::string& words) {
        Description description;
        try {
            description.add("first", R"({"paths":{"/a":{}},"components":{"schemas":{"A":{}}},)"
                                     R"("frames":{"client":{"x":{}}},"tags":[{"name":"T"}]})");
            description.add(owner, part);
        } catch (const std::runtime_error& problem) {
            const std::string text = problem.what();
            CPPUNIT_ASSERT_MESSAGE(text, text.find("the description of second") == 0);
            CPPUNIT_ASSERT_MESSAGE(text, text.find(words) != std::string::npos);
            return;
        }
        CPPUNIT_FAIL(std::string("this was taken: ") + part);
    }

public:
    void partsBecomeOneDocument() {
        _description.add("one", R"({"tags":[{"name":"A"}],"paths":{"/a":{"get":{"tags":["A"]}}}})");
        _description.add("two", R"({"paths":{"/b":{"put":{"x-n":7,"x-t":true,"x-0":null}}},)"
                                R"("components":{"responses":{"R":{"description":"r"}}}})");
        const auto text = _description.openApi("1.2");
        JsonReader reader;
        const auto document = reader.parse(text);
        CPPUNIT_ASSERT(document);
        CPPUNIT_ASSERT((*document)["openapi"].string() == std::string_view("3.1.0"));
        CPPUNIT_ASSERT((*document)["info"]["version"].string() == std::string_view("1.2"));
        const auto put = (*document)["paths"]["/b"]["put"];
        CPPUNIT_ASSERT(put["x-n"].integer() == 7);
        CPPUNIT_ASSERT(put["x-t"].boolean() == true);
        CPPUNIT_ASSERT(put["x-0"].isNull());
        CPPUNIT_ASSERT((*document)["components"]["responses"]["R"]);
    }

    void framesAndTheirObjectsBecomeASchema() {
        _description.add("one", R"({"components":{"schemas":{"Id":{"type":"integer"}}}})");
        _description.add("two",
                         R"({"frames":{"server":{"x":{"$ref":"#/components/schemas/Id"}}}})");
        const auto text = _description.framesSchema();
        JsonReader reader;
        const auto schema = reader.parse(text);
        CPPUNIT_ASSERT(schema);
        const auto definitions = (*schema)["$defs"];
        CPPUNIT_ASSERT(definitions["server.x"]["$ref"].string() == std::string_view("#/$defs/Id"));
        CPPUNIT_ASSERT(definitions["Id"]["type"].string() == std::string_view("integer"));
        CPPUNIT_ASSERT(text.find(R"("ServerFrame":{"anyOf":[{"$ref":"#/$defs/server.x"}]})") !=
                       std::string::npos);
    }

    void onlyObjectsThatAreUsedAreThere() {
        _description.add("one",
                         R"({"components":{"schemas":{)"
                         R"("Used":{"$ref":"#/components/schemas/Deep"},"Deep":{},"Not":{}}},)"
                         R"("paths":{"/a":{"x":{"$ref":"#/components/schemas/Used"}}}})");
        const auto text = _description.openApi("1");
        CPPUNIT_ASSERT(text.find(R"("Used":)") != std::string::npos);
        CPPUNIT_ASSERT(text.find(R"("Deep":)") != std::string::npos);
        CPPUNIT_ASSERT(text.find(R"("Not":)") == std::string::npos);
        CPPUNIT_ASSERT(_description.framesSchema().find(R"("Deep":)") == std::string::npos);
    }

    void operationsAreListedWithWhoMayCallThem() {
        _description.add("one", R"({"paths":{"/a/{b}":{"parameters":[],)"
                                R"("get":{"security":[{"bearer":[]}]},"post":{"security":[]},)"
                                R"("delete":{"security":[{"bearer":[]},{"cookie":[]}]}}}})");
        const auto& operations = _description.operations();
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, operations.size());
        CPPUNIT_ASSERT_EQUAL(std::string("GET"), operations[0].method);
        CPPUNIT_ASSERT_EQUAL(std::string("/a/{b}"), operations[0].path);
        CPPUNIT_ASSERT_EQUAL(std::string("one"), operations[0].owner);
        CPPUNIT_ASSERT(operations[0].bearer);
        CPPUNIT_ASSERT(!operations[1].bearer);
        CPPUNIT_ASSERT(!operations[2].bearer);
    }

    void aFramesTypeIsItsConstant() {
        _description.add("one", R"({"frames":{"client":{"x":{"properties":{"type":{"const":"y"}}},)"
                                R"("z":{}},"server":{"s":{}}}})");
        const auto& frames = _description.clientFrames();
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, frames.size());
        CPPUNIT_ASSERT_EQUAL(std::string("y"), frames[0].type);
        CPPUNIT_ASSERT_EQUAL(std::string("z"), frames[1].type);
    }

    void twoPluginsCannotDescribeTheSame() {
        refuses("second", R"({"paths":{"/a":{}}})", "the path /a is described by first already");
        refuses("second", R"({"components":{"schemas":{"A":{}}}})", "A is described by first");
        refuses("second", R"({"frames":{"client":{"x":{}}}})", "the frame x is described by first");
        refuses("second", R"({"tags":[{"name":"T"}]})", "the tag T is described by first");
    }

    void aPartThatIsNotOneIsRefusedByItsOwnersName() {
        refuses("second", "{", "JSON");
        refuses("second", "[]", "no JSON object");
        refuses("second", R"({"path":{}})", "not path");
        refuses("second", R"({"paths":{"/b":{"get":{"x-n":1.5}}}})", "no integer");
        refuses("second", R"({"paths":{"/\"b":{"get":{"x\ny":1}}}})", "escaped");
    }

    void anObjectThatNobodyHasIsNamed() {
        _description.add("one", R"({"paths":{"/a":{"x":{"$ref":"#/components/schemas/Lost"}}}})");
        try {
            _description.openApi("1");
            CPPUNIT_FAIL("an object that nobody has was not missed");
        } catch (const std::runtime_error& problem) {
            CPPUNIT_ASSERT(std::string(problem.what()).find("Lost") != std::string::npos);
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(DescriptionTest);
