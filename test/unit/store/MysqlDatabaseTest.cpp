#include "store/mysql/MysqlDatabase.h"

#include "../../support/MariaServer.h"
#include "salon/Plugin.h"
#include "store/DatabaseStore.h"
#include "store/Migrator.h"
#include "store/StoreFixture.h"

#include <cppunit/extensions/HelperMacros.h>

#include <atomic>
#include <future>
#include <mysqld_error.h>
#include <string>

using namespace storetest;
using salon::store::Database;
using salon::store::Migrator;
using salon::store::MysqlDatabase;
using salon::store::MysqlException;
using salon::test::MariaServer;

/// What the other suites of the store say of SQLite, where MariaDB has its own ways.
class MysqlDatabaseTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(MysqlDatabaseTest);
    CPPUNIT_TEST(rowsComeBackAsTheyWereWritten);
    CPPUNIT_TEST(manyRowsGoAtOnceAndInSeveralMessages);
    CPPUNIT_TEST(aBulkThatFailedStartsEmpty);
    CPPUNIT_TEST(anUpdateCountsTheRowsItFound);
    CPPUNIT_TEST(anInsertTellsItsNumber);
    CPPUNIT_TEST(aDuplicateIsNamedWithoutItsValue);
    CPPUNIT_TEST(aReaderCannotWrite);
    CPPUNIT_TEST(afterADeadlockNothingIsWrittenUntilTheEnd);
    CPPUNIT_TEST(aRowThatSomebodyHoldsIsWaitedForTwiceAndTheLogSaysSo);
    CPPUNIT_TEST(aBatchIsSettledWhenItsTransactionIsOver);
    CPPUNIT_TEST(whatALostLinkHeldIsLetGo);
    CPPUNIT_TEST(aStepThatWasCutShortGoesOnFromThere);
    CPPUNIT_TEST_SUITE_END();

    JournalLog _log;
    std::string _name;
    std::unique_ptr<MysqlDatabase> _database;
    std::unique_ptr<Session> _session;

    std::unique_ptr<Session> writer() { return _database->open(Database::Use::writer); }
    std::int64_t number(Session& session, const char* sql) {
        return std::get<0>(*session.first<std::int64_t>(sql));
    }
    template <class F> static int codeOf(F&& fn) {
        try {
            fn();
        } catch (const MysqlException& failure) {
            return failure.code();
        }
        return 0;
    }

public:
    void setUp() override {
        auto& server = MariaServer::shared();
        _name = server.createDatabase();
        _database = std::make_unique<MysqlDatabase>(
            salon::store::Options{server.url(_name), 2, "", std::chrono::seconds(4), false}, _log);
        _session = writer();
        _database->createOwnTables(*_session);
        _session->executeOnce("CREATE TABLE t (id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, "
                              "name VARBINARY(64) NOT NULL UNIQUE, text MEDIUMTEXT NOT NULL) "
                              "ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin");
    }
    void tearDown() override {
        _session.reset();
        _database.reset();
        MariaServer::shared().dropDatabase(_name);
    }

    void rowsComeBackAsTheyWereWritten() {
        const std::string texts[] = {"", "l'été \\ \"quoted\" % ? \xF0\x9F\x90\x9F",
                                     std::string("a\0b ", 4), std::string(300'000, 'x'), "after"};
        for (const auto& text : texts) {
            _session->execute("INSERT INTO t (name, text) VALUES (?, ?)", text.substr(0, 60), text);
        }
        const auto rows = _session->select<std::int64_t, std::string, std::string>(
            "SELECT -id, name, text FROM t ORDER BY id");
        CPPUNIT_ASSERT_EQUAL(std::size(texts), rows.size());
        for (std::size_t i = 0; i < rows.size(); ++i) {
            CPPUNIT_ASSERT_EQUAL(-static_cast<std::int64_t>(i) - 1, std::get<0>(rows[i]));
            CPPUNIT_ASSERT_EQUAL(texts[i].substr(0, 60), std::get<1>(rows[i]));
            CPPUNIT_ASSERT(texts[i] == std::get<2>(rows[i]));
        }
        // Byte by byte, spaces at the end too.
        CPPUNIT_ASSERT(!_session->first<std::int64_t>("SELECT id FROM t WHERE name = ?", "after "));
        CPPUNIT_ASSERT(!_session->first<std::int64_t>("SELECT id FROM t WHERE name = ?", "After"));
    }

    void manyRowsGoAtOnceAndInSeveralMessages() {
        constexpr std::int64_t rows = 3000;
        for (int round = 0; round < 2; ++round) {
            auto& bulk = _session->bulk<std::int64_t, std::string, std::string>(
                "INSERT INTO t (id, name, text) VALUES (?, ?, ?)");
            for (std::int64_t i = 1; i <= rows; ++i) {
                const auto id = round * rows + i;
                bulk.add(id, std::to_string(id), std::string(4000, 'x') + std::to_string(id));
            }
            bulk.execute();
            CPPUNIT_ASSERT(bulk.empty());
        }
        auto& renamed =
            _session->bulk<std::string, std::int64_t>("UPDATE t SET text = ? WHERE id = ?");
        for (std::int64_t id = 1; id <= 2 * rows; id += 2) renamed.add("odd", id);
        renamed.execute();
        renamed.add("one", 2);
        renamed.execute();
        CPPUNIT_ASSERT_EQUAL(2 * rows, number(*_session, "SELECT COUNT(*) FROM t"));
        CPPUNIT_ASSERT_EQUAL(rows, number(*_session, "SELECT COUNT(*) FROM t WHERE text = 'odd'"));
        CPPUNIT_ASSERT_EQUAL(rows - 1, number(*_session, "SELECT COUNT(*) FROM t WHERE "
                                                         "text LIKE 'xxx%' AND name = id AND "
                                                         "RIGHT(text, LENGTH(id)) = id"));
        std::int64_t sum = 0;
        _session->each<std::int64_t, std::string>(
            "SELECT id, text FROM t ORDER BY id",
            [&](std::int64_t id, const std::string&) { sum += id; });
        CPPUNIT_ASSERT_EQUAL(rows * (2 * rows + 1), sum);
    }

    void aBulkThatFailedStartsEmpty() {
        const char* sql = "INSERT INTO t (name, text) VALUES (?, ?)";
        auto& bulk = _session->bulk<std::string, std::string>(sql);
        bulk.add("a", "");
        bulk.add("a", "");
        CPPUNIT_ASSERT_EQUAL(ER_DUP_ENTRY, codeOf([&] { bulk.execute(); }));
        CPPUNIT_ASSERT(bulk.empty());
        bulk.add("b", "");
        bulk.add("c", "");
        bulk.execute();
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2},
                             number(*_session, "SELECT COUNT(*) FROM t WHERE name > 'a'"));
    }

    void anUpdateCountsTheRowsItFound() {
        _session->execute("INSERT INTO t (name, text) VALUES ('a', 'x'), ('b', 'y')");
        const char* sql = "UPDATE t SET text = 'x' WHERE name <= ?";
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, _session->execute(sql, "a"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, _session->execute(sql, "b"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, _session->execute(sql, "A"));
    }

    void anInsertTellsItsNumber() {
        const char* sql = "INSERT INTO t (name, text) SELECT ?, '' FROM (SELECT 1 AS n) AS one "
                          "WHERE n = ?";
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, _session->insert(sql, "a", 1).value());
        CPPUNIT_ASSERT(!_session->insert(sql, "b", 2));
        CPPUNIT_ASSERT(_session->insert(sql, "c", 1).value() > 1);
    }

    void aDuplicateIsNamedWithoutItsValue() {
        const char* sql = "INSERT INTO t (name, text) VALUES (?, '')";
        _session->execute(sql, "it's secret");
        try {
            _session->execute(sql, "it's secret");
            CPPUNIT_FAIL("stored twice");
        } catch (const Poco::Data::DataException& failure) {
            CPPUNIT_ASSERT(_database->classify(failure) == Database::Failure::duplicate);
            const auto text = failure.displayText();
            CPPUNIT_ASSERT_MESSAGE(text, text.find("secret") == std::string::npos);
            CPPUNIT_ASSERT_MESSAGE(text, text.find("'name'") != std::string::npos);
        }
    }

    void aReaderCannotWrite() {
        const auto reader = _database->open(Database::Use::reader);
        CPPUNIT_ASSERT_EQUAL(ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION, codeOf([&] {
                                 reader->execute("INSERT INTO t (name, text) VALUES ('a', '')");
                             }));
    }

    void afterADeadlockNothingIsWrittenUntilTheEnd() {
        _session->execute("INSERT INTO t (name, text) VALUES ('a', ''), ('b', '')");
        const auto other = writer();
        const char* sql = "UPDATE t SET text = 'x' WHERE name = ?";
        _database->begin(*_session);
        _database->begin(*other);
        _session->execute(sql, "a");
        other->execute(sql, "b");
        auto waiting = std::async(std::launch::async,
                                  [&] { return codeOf([&] { _session->execute(sql, "b"); }); });
        const int code = codeOf([&] { other->execute(sql, "a"); });
        // The server has chosen one of the two.
        auto& victim = code != 0 ? *other : *_session;
        auto& survivor = code != 0 ? *_session : *other;
        if (code == 0) _database->commit(survivor);
        CPPUNIT_ASSERT_EQUAL(ER_LOCK_DEADLOCK, waiting.get() + code);
        CPPUNIT_ASSERT(_database->inTransaction(victim));
        CPPUNIT_ASSERT_EQUAL(ER_LOCK_DEADLOCK, codeOf([&] { victim.execute(sql, "a"); }));
        CPPUNIT_ASSERT_EQUAL(ER_LOCK_DEADLOCK, codeOf([&] { _database->commit(victim); }));
        _database->rollback(victim);
        CPPUNIT_ASSERT(!_database->inTransaction(victim));
        if (code != 0) _database->commit(survivor);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, victim.execute(sql, "a"));
    }

    void aRowThatSomebodyHoldsIsWaitedForTwiceAndTheLogSaysSo() {
        _session->execute("INSERT INTO t (name, text) VALUES ('a', ''), ('b', '')");
        JournalLog log;
        // Half of two seconds is what a lane waits for a lock.
        salon::store::DatabaseStore store(
            std::make_unique<MysqlDatabase>(salon::store::Options{MariaServer::shared().url(_name),
                                                                  1, "", std::chrono::seconds(2),
                                                                  false},
                                            log),
            16, log);
        store.start();
        std::atomic<int> tries = 0;
        const auto write = [&](const char* name) {
            auto outcome = std::make_shared<std::promise<std::string>>();
            store.write(
                0,
                [&tries, name](Session& session) {
                    ++tries;
                    session.execute("UPDATE t SET text = 'x' WHERE name = ?", name);
                    return salon::Result<void>();
                },
                [outcome](const salon::Result<void>& done) {
                    outcome->set_value(done ? "stored" : describe(done.error().code).word);
                });
            return outcome->get_future().get();
        };
        _database->begin(*_session);
        _session->execute("UPDATE t SET text = 'mine' WHERE name = 'a'");
        CPPUNIT_ASSERT_EQUAL(std::string("unavailable"), write("a"));
        CPPUNIT_ASSERT_EQUAL(2, tries.load());
        log.journal.waitFor("the database cannot be written lane=");
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, log.journal.count("Lock wait timeout"));
        // Nobody else is in its way.
        CPPUNIT_ASSERT_EQUAL(std::string("stored"), write("b"));
        log.journal.waitFor("the database can be written again");
        _database->rollback(*_session);
        CPPUNIT_ASSERT_EQUAL(std::string("stored"), write("a"));
        CPPUNIT_ASSERT_EQUAL(4, tries.load());
    }

    void aBatchIsSettledWhenItsTransactionIsOver() {
        _session->execute("INSERT INTO lane (name, batch) VALUES ('x', 1)");
        _database->begin(*_session);
        _session->execute("UPDATE lane SET batch = 2 WHERE name = 'x'");
        const auto other = writer();
        auto settled = std::async(std::launch::async,
                                  [&] { return _database->settledBatch(*other, "x").value(); });
        // It waits, unless it has failed.
        CPPUNIT_ASSERT(settled.wait_for(std::chrono::milliseconds(200)) ==
                       std::future_status::timeout);
        _database->commit(*_session);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, settled.get());
        CPPUNIT_ASSERT(!_database->settledBatch(*other, "y"));
    }

    void whatALostLinkHeldIsLetGo() {
        auto lost = writer();
        _session->execute("INSERT INTO t (name, text) VALUES ('a', '')");
        _database->begin(*lost);
        lost->execute("UPDATE t SET text = 'never' WHERE name = 'a'");
        _database->bury(*lost);
        // The next writer ends it, though the link is whole as the server sees it.
        const auto next = writer();
        next->execute("UPDATE t SET text = 'x' WHERE name = 'a'");
        CPPUNIT_ASSERT(!_database->alive(*lost));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1},
                             number(*next, "SELECT COUNT(*) FROM t WHERE text = 'x'"));
    }

    void aStepThatWasCutShortGoesOnFromThere() {
        const salon::Migration broken[] = {
            {1, "001_two", "",
             "CREATE TABLE one (id BIGINT PRIMARY KEY); INSERT INTO one VALUES (1);"
             "CREATE TABLE two (id NONSENSE);"},
            {0, nullptr, nullptr, nullptr}};
        const salon::Migration mended[] = {
            {1, "001_two", "",
             "CREATE TABLE one (id BIGINT PRIMARY KEY); INSERT INTO one VALUES (1);"
             "CREATE TABLE two (id BIGINT PRIMARY KEY);"},
            {0, nullptr, nullptr, nullptr}};
        Migrator migrator(*_database, _log);
        assertContains(refusal([&] { migrator.migrate(*_session, "p", broken); }),
                       "it goes on from there");
        CPPUNIT_ASSERT(migrator.outdated(*_session, "p", mended));
        // The table was made, and not counted.
        _session->executeOnce("CREATE TABLE two (id BIGINT PRIMARY KEY)");
        migrator.migrate(*_session, "p", mended);
        CPPUNIT_ASSERT(!migrator.outdated(*_session, "p", mended));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, number(*_session, "SELECT COUNT(*) FROM one"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, number(*_session, "SELECT COUNT(*) FROM two"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0},
                             number(*_session, "SELECT COUNT(*) FROM schema_progress"));
        migrator.migrate(*_session, "p", mended);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(MysqlDatabaseTest);
