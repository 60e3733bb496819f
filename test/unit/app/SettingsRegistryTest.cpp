#include "app/settings/SettingsRegistry.h"

#include "../host/HostFixture.h"

#include <cppunit/extensions/HelperMacros.h>

using namespace hosttest;
using Type = Setting::Type;

class SettingsRegistryTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SettingsRegistryTest);
    CPPUNIT_TEST(groupsAreSortedAndKeysStayInTheirOrder);
    CPPUNIT_TEST(badDeclarationsAreBrokenInvariants);
    CPPUNIT_TEST(theNearestKeyIsFound);
    CPPUNIT_TEST(theNearestVariableIsFound);
    CPPUNIT_TEST_SUITE_END();

public:
    void groupsAreSortedAndKeysStayInTheirOrder() {
        SettingsRegistry registry;
        for (const auto* key : {"ws.rate", "http.port", "ws.outbox", "http.address"}) {
            registry.declare({key, Type::text, "", "It."});
        }
        std::string keys;
        for (const auto* setting : registry.all()) keys += setting->key + " ";
        CPPUNIT_ASSERT_EQUAL(std::string("http.port http.address ws.rate ws.outbox "), keys);
        CPPUNIT_ASSERT(registry.find("ws.rate"));
        CPPUNIT_ASSERT(!registry.find("ws"));
        CPPUNIT_ASSERT(!registry.find("ws.rates"));
        CPPUNIT_ASSERT(!registry.find(""));
    }

    void badDeclarationsAreBrokenInvariants() {
        struct Row {
            Setting setting;
            std::string sentence;
        };
        const std::vector<Row> rows = {
            {{"a.b", Type::text, "", "It."}, "the key a.b is declared already"},
            {{"a.c", Type::integer, "x", "It.", 0, 9},
             "the default of a.c, x, must be an integer from 0 to 9"},
            {{"a.c", Type::integer, "10", "It.", 0, 9},
             "the default of a.c, 10, must be an integer from 0 to 9"},
            {{"a.c", Type::text, "", ""}, "the key a.c has no sentence"},
            {{"a.c", Type::choice, "", "It."}, "the key a.c has no choices"},
            {{"port", Type::text, "", "It."}, "\"port\" is no name for a key"},
            {{"", Type::text, "", "It."}, "\"\" is no name for a key"},
            {{"a..b", Type::text, "", "It."}, "\"a..b\" is no name for a key"},
            {{".b", Type::text, "", "It."}, "\".b\" is no name for a key"},
            {{"A.b", Type::text, "", "It."}, "\"A.b\" is no name for a key"},
            {{"x.y.z", Type::text, "", "It."},
             "the keys x.y_z and x.y.z share the environment variable SALON_X_Y_Z"},
        };
        SettingsRegistry registry;
        registry.declare({"a.b", Type::text, "", "It."});
        registry.declare({"x.y_z", Type::text, "", "It."});
        for (const auto& row : rows) {
            CPPUNIT_ASSERT_EQUAL(row.sentence, sentenceOf([&] { registry.declare(row.setting); }));
        }
        CPPUNIT_ASSERT_EQUAL(std::size_t(2), registry.all().size());
    }

    void theNearestKeyIsFound() {
        const auto registry = sample();
        const std::vector<std::pair<std::string, std::string>> rows = {
            {"ws.outbx", "ws.outbox"},
            {"ws.outobx", "ws.outbox"},
            {"ws.outboxx", "ws.outbox"},
            {"wss.outbox", "ws.outbox"},
            {"http.prot", "http.port"},
            {"http_port", "http.port"},
            {"auth.acess_tl", "auth.access_ttl"},
            {"completely.different", ""},
            {"x", ""},
            {std::string(100000, 'w'), ""},
        };
        for (const auto& [key, nearest] : rows) {
            CPPUNIT_ASSERT_EQUAL(nearest, registry.nearest(key).value_or(""));
        }
    }

    void theNearestVariableIsFound() {
        const auto registry = sample();
        CPPUNIT_ASSERT_EQUAL(std::string("SALON_HTTP_PORT"), environmentVariable("http.port"));
        const std::vector<std::pair<std::string, std::string>> rows = {
            {"SALON_HTP_PORT", "SALON_HTTP_PORT"},
            {"SALON_HTTP_PORT", ""}, // is one
            {"SALON_SERVICE_HOST", ""},
            {"SALON_PORT_8080_TCP", ""},
            {"SALON_", ""},
            {"PATH", ""},
        };
        for (const auto& [name, nearest] : rows) {
            CPPUNIT_ASSERT_EQUAL(nearest, registry.nearestVariable(name).value_or(""));
        }
    }

private:
    static SettingsRegistry sample() {
        SettingsRegistry registry;
        for (const auto* key : {"http.port", "http.address", "ws.outbox", "auth.access_ttl"}) {
            registry.declare({key, Type::text, "", "It."});
        }
        return registry;
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SettingsRegistryTest);
