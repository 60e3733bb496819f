#include "store/NoteStore.h"

#include <atomic>
#include <cppunit/extensions/HelperMacros.h>
#include <fstream>
#include <future>
#include <map>
#include <sstream>

using namespace storetest;
using salon::store::Database;
using salon::store::DatabaseStore;

namespace {

class OneUrl final : public salon::Configuration {
public:
    explicit OneUrl(std::string url) : _url(std::move(url)) {}
    std::string text(const std::string& key) const override {
        return key == "store.url" ? _url : std::string();
    }
    std::int64_t integer(const std::string& key) const override {
        return key == "store.lane_queue" ? 16384 : 4;
    }
    std::chrono::milliseconds duration(const std::string&) const override { return {}; }
    std::vector<std::string> list(const std::string&) const override { return {}; }

private:
    std::string _url;
};

class Declared final : public salon::Settings {
public:
    void declare(salon::Setting setting) override { settings[setting.key] = std::move(setting); }
    std::map<std::string, salon::Setting> settings;
};

} // namespace

class SqliteDatabaseTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SqliteDatabaseTest);
    CPPUNIT_TEST(theKeysAreDeclared);
    CPPUNIT_TEST(aNewFileIsItsOwnersAlone);
    CPPUNIT_TEST(itIsOpenedAsItMustBe);
    CPPUNIT_TEST(anotherSchemeIsRefusedWithoutShowingThePassword);
    CPPUNIT_TEST(whatIsNoFileIsRefused);
    CPPUNIT_TEST(aMissingDirectoryIsNamed);
    CPPUNIT_TEST(aFileThatIsNoDatabaseIsLeftAlone);
    CPPUNIT_TEST(asManyReadAtOnceAsThereAreWorkersAndSomeMore);
    CPPUNIT_TEST(anotherProgramsDatabaseIsLeftAlone);
    CPPUNIT_TEST(whatIsStoredIsThereAfterARestart);
    CPPUNIT_TEST(anUnknownGroupIsABrokenInvariant);
    CPPUNIT_TEST_SUITE_END();

public:
    void theKeysAreDeclared() {
        Declared declared;
        DatabaseStore::declare(declared);
        CPPUNIT_ASSERT_EQUAL(std::string("sqlite:salon.db"),
                             declared.settings["store.url"].standard);
        const auto& queue = declared.settings["store.lane_queue"];
        CPPUNIT_ASSERT_EQUAL(std::string("16384"), queue.standard);
        CPPUNIT_ASSERT_EQUAL(std::int64_t(16), queue.least);
        CPPUNIT_ASSERT_EQUAL(std::int64_t(1048576), queue.most);
    }

    void aNewFileIsItsOwnersAlone() {
        const auto path = _folder.file("salon.db");
        DatabaseStore store(OneUrl("sqlite:" + path), _log);
        store.start();
        for (const auto* suffix : {"", "-wal", "-shm"}) {
            const auto mode = std::filesystem::status(path + suffix).permissions();
            CPPUNIT_ASSERT(
                mode == (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
        }
    }

    void itIsOpenedAsItMustBe() {
        salon::store::SqliteDatabase database(_folder.file("salon.db"), _log);
        const auto lane = database.open(Database::Use::writer);
        CPPUNIT_ASSERT_EQUAL(std::string("wal"), text(*lane, "PRAGMA journal_mode"));
        CPPUNIT_ASSERT_EQUAL(std::string("2"), text(*lane, "PRAGMA synchronous"));
        CPPUNIT_ASSERT_EQUAL(std::string("1"), text(*lane, "PRAGMA foreign_keys"));
        CPPUNIT_ASSERT_EQUAL(std::string("5000"), text(*lane, "PRAGMA busy_timeout"));
        CPPUNIT_ASSERT_EQUAL(std::string("-65536"), text(*lane, "PRAGMA cache_size"));
        CPPUNIT_ASSERT_EQUAL(std::string("0"), text(*lane, "PRAGMA wal_autocheckpoint"));
        const auto reader = database.open(Database::Use::reader);
        CPPUNIT_ASSERT_EQUAL(std::string("-4096"), text(*reader, "PRAGMA cache_size"));
        CPPUNIT_ASSERT_EQUAL(std::string("1"), text(*reader, "PRAGMA query_only"));
    }

    void anotherSchemeIsRefusedWithoutShowingThePassword() {
        const auto sentence = refused("oracle://salon:secret@db/salon");
        assertContains(sentence, "store.url");
        assertContains(sentence, "`oracle`");
        assertContains(sentence, "only `sqlite:PATH` is allowed");
        CPPUNIT_ASSERT(sentence.find("secret") == std::string::npos);
        assertContains(refused("salon.db"), "no scheme");
    }

    void whatIsNoFileIsRefused() {
        for (const auto* url : {"sqlite:", "sqlite::memory:", "sqlite:file:x?mode=memory"}) {
            assertContains(refused(url), "store.url must name a file");
        }
        assertContains(refused("sqlite:/dev/null"), "no regular file");
        std::filesystem::create_directory(_folder.file("folder"));
        assertContains(refused("sqlite:" + _folder.file("folder")), "no regular file");
    }

    void aMissingDirectoryIsNamed() {
        const auto path = _folder.file("missing/salon.db");
        const auto sentence = refused("sqlite:" + path);
        assertContains(sentence, "store.url");
        assertContains(sentence, path);
        assertContains(sentence, "there is no directory " + _folder.file("missing"));
    }

    void aFileThatIsNoDatabaseIsLeftAlone() {
        const auto path = _folder.file("letter.txt");
        const std::string letter(5000, 'a');
        std::ofstream(path) << letter;
        assertContains(refused("sqlite:" + path), "no SQLite database");
        std::stringstream now;
        now << std::ifstream(path).rdbuf();
        CPPUNIT_ASSERT(letter == now.str());
    }

    void asManyReadAtOnceAsThereAreWorkersAndSomeMore() {
        constexpr int readers = 4 + 6;
        DatabaseStore store(OneUrl("sqlite:" + _folder.file("salon.db")), _log);
        std::atomic<int> there = 0;
        std::promise<void> all;
        const auto together = all.get_future().share();
        std::vector<std::future<bool>> met;
        for (int i = 0; i < readers; ++i) {
            met.push_back(std::async(std::launch::async, [&] {
                return store.read([&](Session&) {
                    if (++there == readers) all.set_value();
                    return together.wait_for(std::chrono::seconds(30)) == std::future_status::ready;
                });
            }));
        }
        for (auto& one : met) CPPUNIT_ASSERT(one.get());
    }

    void anotherProgramsDatabaseIsLeftAlone() {
        const auto path = _folder.file("places.sqlite");
        salon::store::SqliteDatabase(path, _log)
            .open(Database::Use::writer)
            ->executeOnce("CREATE TABLE bookmarks (id INTEGER)");
        std::ifstream before(path, std::ios::binary);
        const std::string bytes{std::istreambuf_iterator<char>(before), {}};
        assertContains(refused("sqlite:" + path),
                       "another program's database (it has a table bookmarks); name another path");
        std::ifstream after(path, std::ios::binary);
        CPPUNIT_ASSERT((bytes == std::string{std::istreambuf_iterator<char>(after), {}}));
    }

    void whatIsStoredIsThereAfterARestart() {
        const OneUrl configuration("sqlite:" + _folder.file("salon.db"));
        for (std::int64_t start = 1; start <= 3; ++start) {
            DatabaseStore store(configuration, _log);
            store.migrate("note", noteSchema);
            store.start();
            store.write(
                0,
                [](Session& session) -> salon::Result<void> {
                    session.execute("INSERT INTO note (text) VALUES ('salut')");
                    return {};
                },
                [](const salon::Result<void>& result) { CPPUNIT_ASSERT(result); });
            store.stop();
            const auto notes = store.read([](Session& session) {
                return std::get<0>(*session.first<Poco::Int64>("SELECT COUNT(*) FROM note"));
            });
            CPPUNIT_ASSERT_EQUAL(start, std::int64_t(notes));
        }
    }

    void anUnknownGroupIsABrokenInvariant() {
        NoteStore notes;
        CPPUNIT_ASSERT_THROW((void)notes.store->submit(99, 0, nullptr), std::logic_error);
        CPPUNIT_ASSERT_THROW(notes.store->addGroup({}), std::logic_error);
    }

private:
    std::string refused(const std::string& url) {
        return refusal([&] { DatabaseStore store(OneUrl(url), _log); });
    }
    static std::string text(Session& session, const char* sql) {
        return std::get<0>(*session.first<std::string>(sql));
    }

    Folder _folder;
    JournalLog _log;
};

CPPUNIT_TEST_SUITE_REGISTRATION(SqliteDatabaseTest);
