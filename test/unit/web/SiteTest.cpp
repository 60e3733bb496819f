#include "web/Site.h"

#include "../../support/TemporaryFolder.h"

#include <cppunit/extensions/HelperMacros.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

using salon::web::Coding;
using salon::web::Site;

class SiteTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SiteTest);
    CPPUNIT_TEST(filesAreKnownByTheirPath);
    CPPUNIT_TEST(codingsBelongToTheirFile);
    CPPUNIT_TEST(tagsFollowTheBytes);
    CPPUNIT_TEST(whatIsHiddenOrElsewhereIsLeftOut);
    CPPUNIT_TEST(theLimitIsExact);
    CPPUNIT_TEST(aFolderWithoutAPageIsRefused);
    CPPUNIT_TEST_SUITE_END();

    static constexpr std::size_t plenty = 1 << 20;
    static void put(const salon::test::TemporaryFolder& folder, const std::string& name,
                    const std::string& bytes) {
        const auto path = folder.path() / name;
        std::filesystem::create_directories(path.parent_path());
        std::ofstream(path, std::ios::binary) << bytes;
    }
    static std::string bytesOf(const Site::File& file, Coding coding) {
        const auto& bytes = file.of(coding).bytes;
        std::string all;
        for (const auto& piece : bytes.part(0, bytes.size())) all += piece.bytes();
        return all;
    }
    static std::string refusal(const std::filesystem::path& root, std::size_t most = plenty) {
        try {
            Site::read(root, most);
        } catch (const std::runtime_error& problem) {
            return problem.what();
        }
        return {};
    }

public:
    void filesAreKnownByTheirPath() {
        const salon::test::TemporaryFolder folder;
        put(folder, "index.html", "<p>");
        put(folder, "assets/fonts/a.woff2", std::string("\0\1", 2));
        const auto site = Site::read(folder.path(), plenty);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, site->files());
        CPPUNIT_ASSERT_EQUAL(std::string("<p>"), bytesOf(site->index(), Coding::identity));
        CPPUNIT_ASSERT(site->index().type == "text/html; charset=utf-8");
        const auto* font = site->find("assets/fonts/a.woff2");
        CPPUNIT_ASSERT(font && font->type == "font/woff2");
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, font->of(Coding::identity).bytes.size());
        for (const auto* path : {"", "assets", "assets/", "/index.html", "assets/../index.html"})
            CPPUNIT_ASSERT_MESSAGE(path, !site->find(path));
    }
    void codingsBelongToTheirFile() {
        const salon::test::TemporaryFolder folder;
        put(folder, "index.html", "page");
        put(folder, "index.html.br", "b");
        put(folder, "index.html.gz", "gz");
        put(folder, "archive.gz", "alone");
        const auto site = Site::read(folder.path(), plenty);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, site->files());
        CPPUNIT_ASSERT_EQUAL(std::string("b"), bytesOf(site->index(), Coding::brotli));
        CPPUNIT_ASSERT_EQUAL(std::string("gz"), bytesOf(site->index(), Coding::gzip));
        CPPUNIT_ASSERT(!site->find("index.html.br"));
        CPPUNIT_ASSERT(site->find("archive.gz"));
        CPPUNIT_ASSERT((site->index().there() == std::array{true, true, true}));
        CPPUNIT_ASSERT((site->find("archive.gz")->there() == std::array{false, false, true}));
    }
    void tagsFollowTheBytes() {
        const salon::test::TemporaryFolder folder;
        put(folder, "index.html", "same");
        put(folder, "other.txt", "same");
        put(folder, "third.txt", "else");
        const auto site = Site::read(folder.path(), plenty);
        const auto tag = [&site](const char* name) {
            return site->find(name)->of(Coding::identity).tag;
        };
        CPPUNIT_ASSERT_EQUAL(tag("index.html"), tag("other.txt"));
        CPPUNIT_ASSERT(tag("index.html") != tag("third.txt"));
        CPPUNIT_ASSERT(tag("third.txt").front() == '"' && tag("third.txt").back() == '"');
    }
    void whatIsHiddenOrElsewhereIsLeftOut() {
        const salon::test::TemporaryFolder folder;
        const salon::test::TemporaryFolder elsewhere;
        put(folder, "index.html", "page");
        put(folder, ".git/config", "secret");
        put(folder, ".env", "secret");
        put(folder, ".well-known/security.txt", "mail us");
        put(elsewhere, "key", "secret");
        std::filesystem::create_symlink(elsewhere.file("key"), folder.path() / "key");
        std::filesystem::create_directory_symlink(elsewhere.path(), folder.path() / "folder");
        const auto site = Site::read(folder.path(), plenty);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, site->files());
        CPPUNIT_ASSERT(site->find(".well-known/security.txt"));
    }
    void theLimitIsExact() {
        const salon::test::TemporaryFolder folder;
        put(folder, "index.html", "12345");
        put(folder, "index.html.gz", "678");
        CPPUNIT_ASSERT_EQUAL(std::size_t{8}, Site::read(folder.path(), 8)->bytes());
        CPPUNIT_ASSERT(refusal(folder.path(), 7).find("web.max_size") != std::string::npos);
    }
    void aFolderWithoutAPageIsRefused() {
        const salon::test::TemporaryFolder folder;
        CPPUNIT_ASSERT(refusal(folder.path()).find("no index.html") != std::string::npos);
        CPPUNIT_ASSERT(refusal(folder.file("none")).find("cannot read") != std::string::npos);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SiteTest);
