#include "token/KeyFile.h"

#include "token/Base64.h"

#include <cppunit/extensions/HelperMacros.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

using namespace salon::auth;

class KeyFileTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(KeyFileTest);
    CPPUNIT_TEST(theFirstStartMakesAKeyThatTheNextOneFinds);
    CPPUNIT_TEST(theFileIsItsOwnersAloneWhateverTheUmask);
    CPPUNIT_TEST(nothingElseIsLeftInTheFolder);
    CPPUNIT_TEST(twoFilesHoldTwoKeys);
    CPPUNIT_TEST(aFileThatOthersMayOpenIsRefused);
    CPPUNIT_TEST(whatIsNoFileIsRefused);
    CPPUNIT_TEST(aFolderThatIsNotThereIsNamed);
    CPPUNIT_TEST(aCheckMakesNothing);
    CPPUNIT_TEST(aFileThatIsGoneIsNotMadeAnew);
    CPPUNIT_TEST(severalKeysComeInTheirOrder);
    CPPUNIT_TEST(badLinesAreNamedByTheirNumber);
    CPPUNIT_TEST_SUITE_END();

    std::filesystem::path _folder;
    std::string _path;

    static std::string secret(char c) {
        return encodeBase64(std::string(SecretKey::size, c), Alphabet::url);
    }
    void write(const std::string& text, mode_t mode = 0600) const {
        std::ofstream(_path) << text;
        CPPUNIT_ASSERT_EQUAL(0, chmod(_path.c_str(), mode));
    }
    std::string complaint() const {
        try {
            openKeyFile(_path);
        } catch (const std::runtime_error& error) {
            const std::string text = error.what();
            CPPUNIT_ASSERT_MESSAGE(text, text.starts_with("auth.key_file = " + _path + ": "));
            return text;
        }
        return "";
    }
    static bool holds(const std::string& text, const std::string& part) {
        return text.find(part) != text.npos;
    }

public:
    void setUp() override {
        auto name = (std::filesystem::temp_directory_path() / "salon-keys-XXXXXX").string();
        CPPUNIT_ASSERT(mkdtemp(name.data()));
        _folder = name;
        _path = name + "/salon.key";
    }
    void tearDown() override { std::filesystem::remove_all(_folder); }

    void theFirstStartMakesAKeyThatTheNextOneFinds() {
        const auto made = openKeyFile(_path);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, made.size());
        CPPUNIT_ASSERT_EQUAL(SecretKey::size, made[0].secret.size());
        const auto found = openKeyFile(_path);
        CPPUNIT_ASSERT_EQUAL(made[0].id, found.at(0).id);
        CPPUNIT_ASSERT(made[0].secret == found.at(0).secret);
    }

    void theFileIsItsOwnersAloneWhateverTheUmask() {
        for (const mode_t mask : {0000, 0777}) {
            const auto before = umask(mask);
            openKeyFile(_path);
            umask(before);
            struct stat status {};
            CPPUNIT_ASSERT_EQUAL(0, stat(_path.c_str(), &status));
            CPPUNIT_ASSERT_EQUAL(mode_t{0600}, status.st_mode & 07777);
            std::filesystem::remove(_path);
        }
    }

    void nothingElseIsLeftInTheFolder() {
        openKeyFile(_path);
        int files = 0;
        for (const auto& entry : std::filesystem::directory_iterator(_folder)) {
            CPPUNIT_ASSERT_EQUAL(_path, entry.path().string());
            ++files;
        }
        CPPUNIT_ASSERT_EQUAL(1, files);
    }

    void twoFilesHoldTwoKeys() {
        const auto one = openKeyFile(_path);
        const auto other = openKeyFile(_path + "2");
        CPPUNIT_ASSERT(one[0].secret != other[0].secret);
        CPPUNIT_ASSERT(one[0].id != other[0].id);
    }

    void aFileThatOthersMayOpenIsRefused() {
        for (const mode_t mode : {0640, 0604, 0644, 0660, 0620, 0602, 0777}) {
            write("k1 " + secret('a') + "\n", mode);
            CPPUNIT_ASSERT(holds(complaint(), "chmod 600 " + _path));
        }
        for (const mode_t mode : {0600, 0400}) {
            write("k1 " + secret('a') + "\n", mode);
            CPPUNIT_ASSERT_EQUAL(std::string(), complaint());
        }
    }

    void whatIsNoFileIsRefused() {
        CPPUNIT_ASSERT_EQUAL(0, mkdir(_path.c_str(), 0700));
        CPPUNIT_ASSERT(holds(complaint(), "is not a file"));
        CPPUNIT_ASSERT_EQUAL(0, rmdir(_path.c_str()));
        CPPUNIT_ASSERT_EQUAL(0, mkfifo(_path.c_str(), 0600));
        CPPUNIT_ASSERT(holds(complaint(), "is not a file"));
    }

    void aFolderThatIsNotThereIsNamed() {
        _path = (_folder / "nowhere" / "salon.key").string();
        const auto folder = (_folder / "nowhere/").string();
        CPPUNIT_ASSERT(holds(complaint(), "there is no folder " + folder + ": create it"));
    }

    void aCheckMakesNothing() {
        checkKeyFile(_path);
        CPPUNIT_ASSERT(!std::filesystem::exists(_path));
        openKeyFile(_path);
        checkKeyFile(_path);
        CPPUNIT_ASSERT_EQUAL(0, chmod(_path.c_str(), 0644));
        CPPUNIT_ASSERT_THROW(checkKeyFile(_path), std::runtime_error);
        _path = (_folder / "nowhere" / "salon.key").string();
        CPPUNIT_ASSERT_THROW(checkKeyFile(_path), std::runtime_error);
    }

    void aFileThatIsGoneIsNotMadeAnew() {
        CPPUNIT_ASSERT_THROW(readKeyFile(_path), std::runtime_error);
        CPPUNIT_ASSERT(!std::filesystem::exists(_path));
        const auto made = openKeyFile(_path);
        CPPUNIT_ASSERT_EQUAL(made[0].id, readKeyFile(_path).at(0).id);
    }

    void severalKeysComeInTheirOrder() {
        write("new " + secret('n') + "\nold_1-x " + secret('o'));
        const auto keys = openKeyFile(_path);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, keys.size());
        CPPUNIT_ASSERT_EQUAL(std::string("new"), keys[0].id);
        CPPUNIT_ASSERT_EQUAL(std::string(SecretKey::size, 'n'), keys[0].secret);
        CPPUNIT_ASSERT_EQUAL(std::string("old_1-x"), keys[1].id);
    }

    void badLinesAreNamedByTheirNumber() {
        const auto good = "k1 " + secret('a') + "\n";
        struct Row {
            std::string text;
            const char* complaint;
        };
        const Row rows[] = {
            {"", "holds no key"},
            {"\n", "line 1 "},
            {good + "\n", "line 2 "},
            {good + "k2", "line 2 "},
            {good + "k2 ", "line 2 "},
            {good + " " + secret('b'), "line 2 "},
            {good + "k2  " + secret('b'), "line 2 "},
            {good + "k2 " + secret('b') + " ", "line 2 "},
            {good + "k2 " + secret('b') + "\r\n", "line 2 "},
            {good + "k2 " + secret('b') + "=\n", "line 2 "},
            {good + "k2 " + secret('b').substr(4) + "\n", "line 2 "},
            {good + "k2 " + secret('b') + "AAAA\n", "line 2 "},
            {good + "k\"2 " + secret('b') + "\n", "line 2 "},
            {good + "kö " + secret('b') + "\n", "line 2 "},
            {good + std::string(33, 'k') + " " + secret('b') + "\n", "line 2 "},
            {good + "# a comment\n", "line 2 "},
            {good + good, "line 2 names k1 a second time"},
            {std::string(100000, 'x'), "larger than 64 KiB"},
        };
        for (const auto& row : rows) {
            write(row.text);
            const auto said = complaint();
            CPPUNIT_ASSERT_MESSAGE(row.text + " -> " + said, holds(said, row.complaint));
            // A key must never be in a log.
            CPPUNIT_ASSERT(!holds(said, secret('a')) && !holds(said, secret('b')));
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(KeyFileTest);
