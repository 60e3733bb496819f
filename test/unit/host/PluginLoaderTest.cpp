#include "host/PluginLoader.h"

#include "HostFixture.h"

#include "app/ConfigurationError.h"

#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <fstream>

using namespace hosttest;

class PluginLoaderTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(PluginLoaderTest);
    CPPUNIT_TEST(aGoodPluginIsOpened);
    CPPUNIT_TEST(strangersAreRefusedWithASentenceThatNamesBothSides);
    CPPUNIT_TEST(namesThatAreNoNamesNeverBecomePaths);
    CPPUNIT_TEST(whatIsNoLibraryIsRefused);
    CPPUNIT_TEST(aMissingPluginIsRefusedWithWhatThereIs);
    CPPUNIT_TEST(dependenciesStartFirst);
    CPPUNIT_TEST(missingDependenciesCyclesAndRepetitionsAreNamed);
    CPPUNIT_TEST(theFolderIsListed);
    CPPUNIT_TEST_SUITE_END();

    const std::string _folder = SALON_TEST_PLUGINS;

public:
    void aGoodPluginIsOpened() {
        const auto library = openPlugin(_folder, "good");
        CPPUNIT_ASSERT_EQUAL(std::string("good"), std::string(library.descriptor->name));
        CPPUNIT_ASSERT_EQUAL(_folder + "/good.so", library.path);
        CPPUNIT_ASSERT_EQUAL(1, library.descriptor->migrations[0].version);
        CPPUNIT_ASSERT(library.dependencies.empty());
        CPPUNIT_ASSERT(openPlugin(_folder, "follower").dependencies ==
                       std::vector<std::string>{"good"});
    }

    void strangersAreRefusedWithASentenceThatNamesBothSides() {
        const auto bytes = [](std::size_t count) { return std::to_string(count); };
        const std::string compiler = __VERSION__;
        const bool gnu = compiler[0] >= '0' && compiler[0] <= '9';
        const std::vector<std::pair<std::string, std::string>> rows = {
            {"no_plugin", "is no plugin of salond: it has no symbol salonPlugin_no_plugin"},
            {"other_magic", "is no plugin of salond: its descriptor begins with another number"},
            {"other_abi", "was built for ABI " + std::to_string(abiNumber + 1) +
                              " (g++ 13.1.0), this salond has ABI " + std::to_string(abiNumber) +
                              ": rebuild the plugin"},
            {"other_size", "has a descriptor of " + bytes(sizeof(PluginDescriptor) + 8) +
                               " bytes, this salond of " + bytes(sizeof(PluginDescriptor)) +
                               ": rebuild the plugin"},
            {"other_poco", "was built with Poco 1.13.0, this salond with Poco 1.11.0: rebuild the "
                           "plugin"},
            {"other_host", "was built against headers whose types have " +
                               bytes(contractSize() + 8) + " bytes in all, this salond's have " +
                               bytes(contractSize()) + ": rebuild the plugin"},
            {"other_compiler", "was built by g++ 13.1.0, this salond by " +
                                   (gnu ? "g++ " + compiler : compiler) +
                                   ": rebuild the plugin with that compiler"},
            {"other_build", std::string("is a build of type strange, this salond of type ") +
                                buildType() + ": rebuild the plugin"},
            {"other_name", "holds the plugin somebody_else, its file is named other_name: name "
                           "both alike"},
        };
        for (const auto& [name, sentence] : rows) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(name, _folder + "/" + name + ".so " + sentence,
                                         refusal(_folder, name));
        }
    }

    void namesThatAreNoNamesNeverBecomePaths() {
        for (const std::string name : {"../good", "/etc/passwd", "", "good.so", "go\nod", "a b"}) {
            const auto sentence = refusal(_folder, name);
            CPPUNIT_ASSERT_MESSAGE(
                sentence, sentence.find(": a plugin's name is made of letters, digits and _;") !=
                              std::string::npos);
            CPPUNIT_ASSERT(sentence.find('\n') == std::string::npos);
        }
    }

    void whatIsNoLibraryIsRefused() {
        const Folder folder;
        std::ofstream(folder.file("text.so")) << "I am a text\n";
        const auto sentence = refusal(folder.path(), "text");
        CPPUNIT_ASSERT_MESSAGE(
            sentence, sentence.starts_with(folder.file("text.so") + " cannot be loaded: "));
    }

    void aMissingPluginIsRefusedWithWhatThereIs() {
        const Folder folder;
        CPPUNIT_ASSERT_EQUAL("there is no plugin auht: " + folder.file("auht.so") +
                                 " does not exist",
                             refusal(folder.path(), "auht"));
        std::ofstream(folder.file("rooms.so")) << "";
        std::ofstream(folder.file("auth.so")) << "";
        CPPUNIT_ASSERT_EQUAL("there is no plugin auht: " + folder.file("auht.so") +
                                 " does not exist, the folder has auth, rooms",
                             refusal(folder.path(), "auht"));
    }

    void dependenciesStartFirst() {
        CPPUNIT_ASSERT_EQUAL(std::string("a b c "), ordered({{"a", {}}, {"b", {}}, {"c", {}}}));
        CPPUNIT_ASSERT_EQUAL(std::string("c b a "),
                             ordered({{"a", {"b"}}, {"b", {"c"}}, {"c", {}}}));
        CPPUNIT_ASSERT_EQUAL(std::string("d b c a "),
                             ordered({{"a", {"b", "c"}}, {"c", {"d"}}, {"b", {"d"}}, {"d", {}}}));
    }

    void missingDependenciesCyclesAndRepetitionsAreNamed() {
        CPPUNIT_ASSERT_EQUAL(
            std::string("plugin conversations needs auth, which is not loaded: add it to "
                        "plugins.load"),
            sentenceOf([&] {
                ordered({{"conversations", {"auth"}}});
            }));
        CPPUNIT_ASSERT_EQUAL(
            std::string("the plugins depend on each other in a circle: b needs c needs b"),
            sentenceOf([&] {
                ordered({{"a", {"b"}}, {"b", {"c"}}, {"c", {"b"}}});
            }));
        CPPUNIT_ASSERT_EQUAL(std::string("the plugins depend on each other in a circle: a needs a"),
                             sentenceOf([&] {
                                 ordered({{"a", {"a"}}});
                             }));
        CPPUNIT_ASSERT_EQUAL(std::string("plugins.load names a twice"), sentenceOf([&] {
                                 ordered({{"a", {}}, {"b", {}}, {"a", {}}});
                             }));
    }

    void theFolderIsListed() {
        const auto names = pluginsIn(_folder);
        CPPUNIT_ASSERT(std::is_sorted(names.begin(), names.end()));
        CPPUNIT_ASSERT(std::find(names.begin(), names.end(), "good") != names.end());
        CPPUNIT_ASSERT(pluginsIn("/nowhere/at/all").empty());
    }

private:
    static std::string refusal(const std::string& folder, const std::string& name) {
        try {
            openPlugin(folder, name);
        } catch (const ConfigurationError& error) {
            return error.what();
        }
        return {};
    }

    struct Row {
        const char* name;
        std::vector<std::string> dependencies;
    };
    static std::string ordered(const std::vector<Row>& rows) {
        std::vector<PluginDescriptor> descriptors(rows.size());
        std::vector<PluginLibrary> libraries;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            descriptors[i].name = rows[i].name;
            libraries.push_back({"", &descriptors[i], rows[i].dependencies});
        }
        std::string names;
        for (const auto& library : orderPlugins(libraries)) {
            names.append(library.descriptor->name).append(" ");
        }
        return names;
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(PluginLoaderTest);
