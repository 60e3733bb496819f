#include "store/Migrator.h"
#include "store/StoreFixture.h"

#include <cppunit/extensions/HelperMacros.h>

using namespace storetest;
using salon::Migration;
using salon::store::Migrator;

class MigratorTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(MigratorTest);
    CPPUNIT_TEST(stepsAreAppliedOnceAndInOrder);
    CPPUNIT_TEST(aNewerDatabaseIsRefusedNamingBothVersions);
    CPPUNIT_TEST(aGapIsRefused);
    CPPUNIT_TEST(aFailingStepLeavesNothing);
    CPPUNIT_TEST(pluginsAreCountedApart);
    CPPUNIT_TEST(statementsAreSplitAtTheirEndOnly);
    CPPUNIT_TEST(aPluginWithoutTablesIsFine);
    CPPUNIT_TEST_SUITE_END();

public:
    void stepsAreAppliedOnceAndInOrder() {
        constexpr Migration steps[] = {
            {1, "001_a", "CREATE TABLE a (id INTEGER);\nINSERT INTO a VALUES (1);\n", nullptr},
            {2, "002_b", "-- b\nINSERT INTO a SELECT id + 1 FROM a; -- once\n", nullptr},
            {0, nullptr, nullptr, nullptr}};
        migrate("p", steps);
        migrate("p", steps);
        CPPUNIT_ASSERT_EQUAL(Poco::Int64(3), number("SELECT SUM(id) FROM a"));
        CPPUNIT_ASSERT_EQUAL(Poco::Int64(2),
                             number("SELECT COUNT(*) FROM schema_version WHERE plugin = 'p'"));
        CPPUNIT_ASSERT_EQUAL(std::size_t(2), _log.journal.count("schema step applied"));
    }

    void aNewerDatabaseIsRefusedNamingBothVersions() {
        constexpr Migration newer[] = {{1, "001_a", "CREATE TABLE a (id INTEGER);", nullptr},
                                       {2, "002_b", "CREATE TABLE b (id INTEGER);", nullptr},
                                       {0, nullptr, nullptr, nullptr}};
        constexpr Migration older[] = {{1, "001_a", "CREATE TABLE a (id INTEGER);", nullptr},
                                       {0, nullptr, nullptr, nullptr}};
        migrate("p", newer);
        const auto sentence = refusal([&] { migrate("p", older); });
        assertContains(sentence, "version 2");
        assertContains(sentence, "only version 1");
        assertContains(sentence, "plugin p");
    }

    void aGapIsRefused() {
        constexpr Migration steps[] = {{1, "001_a", "CREATE TABLE a (id INTEGER);", nullptr},
                                       {3, "003_c", "CREATE TABLE c (id INTEGER);", nullptr},
                                       {0, nullptr, nullptr, nullptr}};
        assertContains(refusal([&] { migrate("p", steps); }), "without gaps");
        CPPUNIT_ASSERT_EQUAL(Poco::Int64(0), number("SELECT COUNT(*) FROM schema_version"));
    }

    void aFailingStepLeavesNothing() {
        constexpr Migration steps[] = {
            {1, "001_a", "CREATE TABLE a (id INTEGER);", nullptr},
            {2, "002_b", "CREATE TABLE b (id INTEGER);\nINSERT INTO nowhere VALUES (1);", nullptr},
            {0, nullptr, nullptr, nullptr}};
        const auto sentence = refusal([&] { migrate("p", steps); });
        assertContains(sentence, "002_b of plugin p");
        assertContains(sentence, "nowhere");
        CPPUNIT_ASSERT_EQUAL(Poco::Int64(1), number("SELECT MAX(version) FROM schema_version"));
        CPPUNIT_ASSERT_EQUAL(Poco::Int64(0),
                             number("SELECT COUNT(*) FROM sqlite_schema WHERE name = 'b'"));
        CPPUNIT_ASSERT(!_database.inTransaction(*_session));
    }

    void pluginsAreCountedApart() {
        constexpr Migration one[] = {{1, "001_a", "CREATE TABLE a (id INTEGER);", nullptr},
                                     {0, nullptr, nullptr, nullptr}};
        constexpr Migration other[] = {{1, "001_b", "CREATE TABLE b (id INTEGER);", nullptr},
                                       {0, nullptr, nullptr, nullptr}};
        migrate("one", one);
        migrate("other", other);
        CPPUNIT_ASSERT_EQUAL(Poco::Int64(0), number("SELECT COUNT(*) FROM b"));
    }

    void statementsAreSplitAtTheirEndOnly() {
        const auto statements = Migrator::split("-- a comment; with a semicolon\n"
                                                "INSERT INTO a VALUES ('x;--y''z'); -- it's so\n"
                                                "CREATE TRIGGER t AFTER INSERT ON a BEGIN\n"
                                                "  DELETE FROM b;\n"
                                                "  DELETE FROM c;\n"
                                                "END;\n"
                                                ";\n"
                                                "DROP TABLE d",
                                                _database);
        CPPUNIT_ASSERT_EQUAL(std::size_t(3), statements.size());
        CPPUNIT_ASSERT_EQUAL(std::string("INSERT INTO a VALUES ('x;--y''z');"), statements[0]);
        assertContains(statements[1], "DELETE FROM c;\nEND;");
        CPPUNIT_ASSERT_EQUAL(std::string("DROP TABLE d"), statements[2]);
        CPPUNIT_ASSERT(Migrator::split("-- nothing\n\n", _database).empty());
    }

    void aPluginWithoutTablesIsFine() {
        constexpr Migration steps[] = {{0, nullptr, nullptr, nullptr}};
        migrate("p", steps);
        migrate("q", nullptr);
    }

    void setUp() override {
        _session = _database.open(salon::store::Database::Use::writer);
        _database.createOwnTables(*_session);
    }

private:
    void migrate(const std::string& plugin, const Migration* steps) {
        Migrator(_database, _log).migrate(*_session, plugin, steps);
    }
    Poco::Int64 number(const char* sql) { return std::get<0>(*_session->first<Poco::Int64>(sql)); }

    Folder _folder;
    JournalLog _log;
    FaultyDatabase _database{_folder.file("salon.db"), _log};
    std::unique_ptr<Session> _session;
};

CPPUNIT_TEST_SUITE_REGISTRATION(MigratorTest);
