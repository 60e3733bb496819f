#include "ConfigurationFixture.h"

#include "app/ConfigurationError.h"

#include <cppunit/extensions/HelperMacros.h>

#include <set>
#include <stdexcept>

using namespace hosttest;
using namespace std::chrono_literals;

class ConfigurationTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ConfigurationTest);
    CPPUNIT_TEST(withNothingWrittenThereAreTheDefaults);
    CPPUNIT_TEST(commandLineOverEnvironmentOverFileOverDefaults);
    CPPUNIT_TEST(badValuesAreRefusedNamingKeyValueOriginAndWhatIsAllowed);
    CPPUNIT_TEST(secretsAreNotShown);
    CPPUNIT_TEST(valuesCannotForgeALine);
    CPPUNIT_TEST(unknownKeysAreRefusedNamingTheNearest);
    CPPUNIT_TEST(everyFaultIsNamed);
    CPPUNIT_TEST(filesAreReadAsPocoWritesThem);
    CPPUNIT_TEST(theMarkOfAnEditorAtTheStartIsPassedOver);
    CPPUNIT_TEST(aLineWithoutAnEqualsSignIsNamed);
    CPPUNIT_TEST(filesThatCannotBeReadAreNamed);
    CPPUNIT_TEST(valuesAreTakenLiterally);
    CPPUNIT_TEST(definitionsNeedAKeyAndAValue);
    CPPUNIT_TEST(readingWhatIsNotThereIsAnError);
    CPPUNIT_TEST_SUITE_END();

public:
    void withNothingWrittenThereAreTheDefaults() {
        ConfigurationFixture fixture;
        const auto configuration = fixture.check();
        CPPUNIT_ASSERT_EQUAL(std::int64_t(8080), configuration.integer("http.port"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t(1048576), configuration.integer("ws.outbox"));
        CPPUNIT_ASSERT(15min == configuration.duration("auth.access_ttl"));
        CPPUNIT_ASSERT_EQUAL(std::string("open"), configuration.text("auth.registration"));
        CPPUNIT_ASSERT(configuration.list("plugins.load") ==
                       (std::vector<std::string>{"auth", "conversations"}));
    }

    void commandLineOverEnvironmentOverFileOverDefaults() {
        ConfigurationFixture fixture;
        const auto port = [&] { return fixture.check().integer("http.port"); };
        CPPUNIT_ASSERT_EQUAL(std::int64_t(8080), port());
        fixture.write("http.port = 1\n");
        CPPUNIT_ASSERT_EQUAL(std::int64_t(1), port());
        fixture.environment["SALON_HTTP_PORT"] = "2";
        CPPUNIT_ASSERT_EQUAL(std::int64_t(2), port());
        fixture.layers.define("http.port=3");
        CPPUNIT_ASSERT_EQUAL(std::int64_t(3), port());
        fixture.layers.define("http.port=4");
        CPPUNIT_ASSERT_EQUAL(std::int64_t(4), port());
        fixture.environment["SALON_AUTH_ACCESS_TTL"] = "1h";
        CPPUNIT_ASSERT(1h == fixture.check().duration("auth.access_ttl"));
    }

    void badValuesAreRefusedNamingKeyValueOriginAndWhatIsAllowed() {
        const std::vector<std::pair<std::string, std::string>> rows = {
            {"http.port=99999", "must be an integer from 0 to 65535"},
            {"http.port=-1", "must be an integer from 0 to 65535"},
            {"http.port=", "must be an integer from 0 to 65535"},
            {"http.port=80 80", "must be an integer from 0 to 65535"},
            {"ws.outbox=1", "must be a size (such as 4096, 64KiB or 16MiB) from 16KiB to 1GiB"},
            {"ws.outbox=1mb", "must be a size (such as 4096, 64KiB or 16MiB) from 16KiB to 1GiB"},
            {"auth.access_ttl=15",
             "must be a duration (such as 250ms, 5s, 15m, 12h or 30d) from 10s to 30d"},
            {"auth.access_ttl=0",
             "must be a duration (such as 250ms, 5s, 15m, 12h or 30d) from 10s to 30d"},
            {"auth.registration=shut", "must be open or closed"},
            {"plugins.load=auth,,rooms", "must be a list separated by commas, without empty items"},
        };
        for (const auto& [written, reason] : rows) {
            const auto equals = written.find('=');
            const auto shown = written.substr(0, equals) + " = " + written.substr(equals + 1);
            ConfigurationFixture line;
            line.layers.define(written);
            CPPUNIT_ASSERT_EQUAL(shown + " (from the command line): " + reason, refusal(line));
            ConfigurationFixture file;
            file.write(written + "\n");
            CPPUNIT_ASSERT_EQUAL(shown + " (from " + file.file + "): " + reason, refusal(file));
        }
        ConfigurationFixture fixture;
        fixture.environment["SALON_HTTP_PORT"] = "http";
        CPPUNIT_ASSERT_EQUAL(std::string("http.port = http (from the environment, "
                                         "SALON_HTTP_PORT): must be an integer from 0 to 65535"),
                             refusal(fixture));
    }

    void secretsAreNotShown() {
        ConfigurationFixture fixture;
        fixture.layers.define("auth.secret=hunter2");
        CPPUNIT_ASSERT_EQUAL(std::string("auth.secret = (not shown) (from the command line): must "
                                         "be an integer from 0 to 9"),
                             refusal(fixture));
    }

    void valuesCannotForgeALine() {
        ConfigurationFixture fixture;
        fixture.layers.define("http.address=a\nsalond: all is well\x1b[2J");
        CPPUNIT_ASSERT_EQUAL(
            std::string("http.address = a\\nsalond: all is well\\x1b[2J (from the command line): "
                        "must be text without control characters"),
            refusal(fixture));
    }

    void unknownKeysAreRefusedNamingTheNearest() {
        ConfigurationFixture file;
        file.write("ws.outbx = 2MiB\n");
        CPPUNIT_ASSERT_EQUAL("unknown key ws.outbx in " + file.file + ": did you mean ws.outbox?",
                             refusal(file));
        const std::vector<std::pair<std::string, std::string>> rows = {
            {"htpp.port=1", "unknown key htpp.port on the command line: did you mean http.port?"},
            {"port=1", "unknown key port on the command line: salond --help lists all keys"},
            {"HTTP.PORT=1", "unknown key HTTP.PORT on the command line: did you mean http.port?"},
            {"rooms.limit=1", "unknown key rooms.limit on the command line: the plugin rooms is "
                              "not loaded, add it to plugins.load"},
            {"http=1", "unknown key http on the command line: salond --help lists all keys"},
            {"http.port.x=1",
             "unknown key http.port.x on the command line: did you mean http.port?"},
        };
        for (const auto& [written, sentence] : rows) {
            ConfigurationFixture fixture;
            fixture.layers.define(written);
            CPPUNIT_ASSERT_EQUAL(sentence, refusal(fixture));
        }
    }

    void everyFaultIsNamed() {
        ConfigurationFixture fixture;
        fixture.write("http.prot = 1\nhttp.port = 99999999\nauth.access_ttl = 3\n");
        fixture.layers.define("rooms.limit=1");
        fixture.layers.define("auth.secret=hunter2");
        try {
            fixture.check();
            CPPUNIT_FAIL("nothing was refused");
        } catch (const ConfigurationError& error) {
            std::set<std::string> named;
            for (const auto& fault : error.faults()) named.insert(fault.substr(0, 22));
            const std::set<std::string> expected{"unknown key http.prot ", "unknown key rooms.limi",
                                                 "http.port = 99999999 (", "auth.access_ttl = 3 (f",
                                                 "auth.secret = (not sho"};
            CPPUNIT_ASSERT(named == expected);
            CPPUNIT_ASSERT_EQUAL(expected.size(), error.faults().size());
        }
    }

    void filesAreReadAsPocoWritesThem() {
        ConfigurationFixture fixture;
        fixture.write("# a comment\r\n\r\n! another\r\nhttp.port: 81\r\n"
                      "  http.address =  ::1  \r\nplugins.load = auth, \\\n   rooms");
        const auto configuration = fixture.check();
        CPPUNIT_ASSERT_EQUAL(std::int64_t(81), configuration.integer("http.port"));
        CPPUNIT_ASSERT_EQUAL(std::string("::1"), configuration.text("http.address"));
        CPPUNIT_ASSERT(configuration.list("plugins.load") ==
                       (std::vector<std::string>{"auth", "rooms"}));
    }

    void theMarkOfAnEditorAtTheStartIsPassedOver() {
        ConfigurationFixture fixture;
        fixture.write("\xef\xbb\xbfhttp.port = 81\n");
        CPPUNIT_ASSERT_EQUAL(std::int64_t(81), fixture.check().integer("http.port"));
        ConfigurationFixture wide;
        CPPUNIT_ASSERT_EQUAL("the configuration file " + wide.file +
                                 " cannot be read: it is written in UTF-16; save it as UTF-8",
                             sentenceOf([&] { wide.write("\xff\xfeh"); }));
    }

    void aLineWithoutAnEqualsSignIsNamed() {
        for (const auto* text : {"# one\n\nhttp.port 81\n", "\n\r\n  http.port 81\r\nws.outbox = 1",
                                 "plugins.load = auth, \\\n  rooms\nhttp.port 81"}) {
            ConfigurationFixture fixture;
            CPPUNIT_ASSERT_EQUAL("the configuration file " + fixture.file +
                                     " cannot be read: line 3, " + (text[0] == '\n' ? "  " : "") +
                                     "http.port 81, has no `=`; a line is KEY = VALUE, or begins "
                                     "with #",
                                 sentenceOf([&] { fixture.write(text); }));
        }
        // What belongs to the line before needs none, nor does a comment.
        ConfigurationFixture good;
        good.write("plugins.load = auth, \\\n rooms, \\\n  web\n# a comment \\\nhttp.port = 81\n");
        CPPUNIT_ASSERT_EQUAL(std::int64_t(81), good.check().integer("http.port"));
    }

    void filesThatCannotBeReadAreNamed() {
        ConfigurationFixture fixture;
        CPPUNIT_ASSERT_EQUAL(
            std::string("the configuration file /no/such.file cannot be read: No such file or "
                        "directory"),
            sentenceOf([&] { fixture.layers.readFile("/no/such.file"); }));
        CPPUNIT_ASSERT_EQUAL("the configuration file " + fixture.folder.path() +
                                 " cannot be read: it is a folder",
                             sentenceOf([&] { fixture.layers.readFile(fixture.folder.path()); }));
        CPPUNIT_ASSERT_EQUAL("the key http.port is set twice in " + fixture.file +
                                 ": remove one of the lines",
                             sentenceOf([&] { fixture.write("http.port = 1\nhttp.port = 2\n"); }));
    }

    void valuesAreTakenLiterally() {
        ConfigurationFixture fixture;
        fixture.layers.define("http.address=${http.address} ${system.env.HOME} a=b");
        CPPUNIT_ASSERT_EQUAL(std::string("${http.address} ${system.env.HOME} a=b"),
                             fixture.check().text("http.address"));
    }

    void definitionsNeedAKeyAndAValue() {
        ConfigurationFixture fixture;
        CPPUNIT_ASSERT_THROW(fixture.layers.define("http.port"), UsageError);
        CPPUNIT_ASSERT_THROW(fixture.layers.define("=1"), UsageError);
        CPPUNIT_ASSERT_THROW(fixture.layers.define(""), UsageError);
        fixture.layers.define("http.address=");
        CPPUNIT_ASSERT_EQUAL(std::string(), fixture.check().text("http.address"));
    }

    void readingWhatIsNotThereIsAnError() {
        ConfigurationFixture fixture;
        const auto configuration = fixture.check();
        CPPUNIT_ASSERT_THROW(configuration.text("http.prt"), std::logic_error);
        CPPUNIT_ASSERT_THROW(configuration.integer("http.address"), std::logic_error);
        CPPUNIT_ASSERT_THROW(configuration.integer("auth.access_ttl"), std::logic_error);
        CPPUNIT_ASSERT_THROW(configuration.duration("http.port"), std::logic_error);
        CPPUNIT_ASSERT_THROW(configuration.list("http.address"), std::logic_error);
    }

private:
    static std::string refusal(ConfigurationFixture& fixture) {
        try {
            fixture.check();
        } catch (const ConfigurationError& error) {
            return error.what();
        }
        return "nothing was refused";
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ConfigurationTest);
