#include "app/settings/SettingsText.h"

#include "ConfigurationFixture.h"

#include <cppunit/extensions/HelperMacros.h>

#include <sstream>

using namespace hosttest;

class SettingsTextTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SettingsTextTest);
    CPPUNIT_TEST(thePropertiesFileSetsNothingAndHoldsEveryDefault);
    CPPUNIT_TEST(aKeyIsWrittenWithItsSentenceItsLimitsAndItsDefault);
    CPPUNIT_TEST(theHelpNamesEveryKeyAndOption);
    CPPUNIT_TEST(theManualEscapesWhatMdocWouldUnderstand);
    CPPUNIT_TEST_SUITE_END();

public:
    void thePropertiesFileSetsNothingAndHoldsEveryDefault() {
        ConfigurationFixture fixture;
        fixture.registry.declare({"odd.path", Setting::Type::path, "C:\\a b", "An odd default."});
        const auto text = propertiesText(fixture.registry);
        fixture.write(text);
        CPPUNIT_ASSERT(fixture.layers.given().empty());

        // With the comment signs before the keys gone it is a file that says what is so already.
        std::string live;
        std::istringstream lines(text);
        for (std::string line; std::getline(lines, line); live += line + '\n') {
            if (line.size() > 1 && line[0] == '#' && line[1] != ' ') line.erase(0, 1);
        }
        ConfigurationFixture other;
        other.registry.declare({"odd.path", Setting::Type::path, "C:\\a b", "An odd default."});
        other.write(live);
        other.layers.addDefaults(other.registry);
        CPPUNIT_ASSERT_EQUAL(other.registry.all().size(), other.layers.given().size());
        for (const auto* setting : other.registry.all()) {
            CPPUNIT_ASSERT_EQUAL(setting->standard, other.layers.find(setting->key).text);
        }
    }

    void aKeyIsWrittenWithItsSentenceItsLimitsAndItsDefault() {
        ConfigurationFixture fixture;
        fixture.registry.declare({"http.origins", Setting::Type::list, "", "The origins."});
        const auto text = propertiesText(fixture.registry);
        for (const auto* part :
             {"\n# ---- http ----\n\n# The port.\n# An integer from 0 to 65535.\n#http.port = "
              "8080\n",
              "\n# Who may.\n# One of open or closed.\n#auth.registration = open\n",
              "#http.origins =\n"}) {
            CPPUNIT_ASSERT_MESSAGE(text, text.find(part) != std::string::npos);
        }
    }

    void theHelpNamesEveryKeyAndOption() {
        const ConfigurationFixture fixture;
        const auto text =
            helpText(fixture.registry, {{"greet", "NAME", "say salut", {}},
                                        {"a-very-long-command", "AN-ARGUMENT", "say more", {}}});
        CPPUNIT_ASSERT(text.find(" | --greet NAME | --a-very-long-command AN-ARGUMENT | ") <
                       text.find('\n'));
        // All sentences begin in one column, wherever an option comes from.
        for (const auto* row : {"\n  --help                             print this\n",
                                "\n  --greet NAME                       say salut\n",
                                "\n  --a-very-long-command AN-ARGUMENT  say more\n"}) {
            CPPUNIT_ASSERT_MESSAGE(row, text.find(row) != std::string::npos);
        }
        for (const auto* setting : fixture.registry.all()) {
            const auto line = "\n  " + setting->key + " = " + setting->standard + "\n";
            CPPUNIT_ASSERT_MESSAGE(line, text.find(line) != std::string::npos);
        }
        for (const auto* option : {"--config", "--define", "--check", "--version", "--help",
                                   "--print-config", "--print-manual"}) {
            CPPUNIT_ASSERT_MESSAGE(option, text.find(option) != std::string::npos);
        }
    }

    void theManualEscapesWhatMdocWouldUnderstand() {
        SettingsRegistry registry;
        registry.declare({"a.b", Setting::Type::text, "say \"\\hi\"",
                          ".so it begins. 'tis a \\fB trap. The end."});
        const auto text = manualText(registry);
        CPPUNIT_ASSERT_MESSAGE(
            text, text.find(".It Ic a.b\n\\&.so it begins.\n\\&'tis a \\efB trap.\nThe end.\n") !=
                      std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(text,
                               text.find(".Ql \"say \\(dq\\ehi\\(dq\" .\n") != std::string::npos);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SettingsTextTest);
