#include "store/StoreFixture.h"

#include <cppunit/extensions/HelperMacros.h>

using namespace storetest;

class SessionTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SessionTest);
    CPPUNIT_TEST(rowsComeBackAsTheyWereWritten);
    CPPUNIT_TEST(aStatementIsUsedAgainWithOtherValues);
    CPPUNIT_TEST(manyKeysAreLookedForTogether);
    CPPUNIT_TEST(aStatementWorksAfterItFailed);
    CPPUNIT_TEST(executeCountsTheRowsItChanged);
    CPPUNIT_TEST(aBulkIsFilledAndExecutedAgainAndAgain);
    CPPUNIT_TEST(aBulkThatFailedStartsEmpty);
    CPPUNIT_TEST(oneTextIsAStatementOrABulkNotBoth);
    CPPUNIT_TEST(textIsReadWholeNulIncluded);
    CPPUNIT_TEST(aFailedExecutionLeavesNoTrace);
    CPPUNIT_TEST_SUITE_END();

public:
    void rowsComeBackAsTheyWereWritten() {
        const std::string text = "l'été ; \"quoted\" % ? \xF0\x9F\x90\x9F";
        _session->execute("INSERT INTO t (id, text) VALUES (?, ?)", 7, text);
        _session->execute("INSERT INTO t (id, text) VALUES (?, ?)", std::int64_t(-8), "");
        const auto rows =
            _session->select<Poco::Int64, std::string>("SELECT id, text FROM t ORDER BY id");
        CPPUNIT_ASSERT_EQUAL(std::size_t(2), rows.size());
        CPPUNIT_ASSERT_EQUAL(Poco::Int64(-8), std::get<0>(rows[0]));
        CPPUNIT_ASSERT_EQUAL(std::string(), std::get<1>(rows[0]));
        CPPUNIT_ASSERT_EQUAL(text, std::get<1>(rows[1]));
        CPPUNIT_ASSERT(!_session->first<Poco::Int64>("SELECT id FROM t WHERE id = ?", 9));
    }

    void aStatementIsUsedAgainWithOtherValues() {
        for (int id = 1; id <= 3; ++id) {
            _session->execute("INSERT INTO t (id, text) VALUES (?, ?)", id, std::to_string(id));
        }
        for (int id = 3; id >= 0; --id) {
            const auto rows = _session->select<std::string>("SELECT text FROM t WHERE id <= ?", id);
            CPPUNIT_ASSERT_EQUAL(std::size_t(id), rows.size());
        }
        const std::string_view view = "2";
        CPPUNIT_ASSERT(_session->first<Poco::Int64>("SELECT id FROM t WHERE text = ?", view));
        CPPUNIT_ASSERT(_session->first<Poco::Int64>("SELECT id FROM t WHERE text = ?", "3"));
    }

    void manyKeysAreLookedForTogether() {
        for (int id = 1; id <= 200; ++id) {
            _session->execute("INSERT INTO t (id, text) VALUES (?, ?)", id, std::to_string(id));
        }
        for (const std::int64_t count : {0, 1, 2, 3, 4, 15, 16, 63, 64, 65, 128, 150}) {
            std::vector<std::int64_t> keys{-1}; // there is no such row
            for (std::int64_t id = 1; id <= count; ++id) keys.push_back(id);
            auto rows = _session->selectIn<std::int64_t, std::string>(
                "SELECT id, text FROM t WHERE id IN", keys);
            std::sort(rows.begin(), rows.end());
            CPPUNIT_ASSERT_EQUAL(static_cast<std::size_t>(count), rows.size());
            for (std::int64_t id = 1; id <= count; ++id) {
                const auto& row = rows[static_cast<std::size_t>(id - 1)];
                CPPUNIT_ASSERT_EQUAL(id, std::get<0>(row));
                CPPUNIT_ASSERT_EQUAL(std::to_string(id), std::get<1>(row));
            }
        }
        CPPUNIT_ASSERT(
            _session->selectIn<std::int64_t>("SELECT id FROM t WHERE id IN", {}).empty());
    }

    void aStatementWorksAfterItFailed() {
        const char* sql = "INSERT INTO t (id, text) VALUES (?, ?)";
        _session->execute(sql, 1, "a");
        CPPUNIT_ASSERT_THROW(_session->execute(sql, 1, "b"), Poco::Data::DataException);
        _session->execute(sql, 2, "c");
        CPPUNIT_ASSERT_EQUAL(std::size_t(2), count());
    }

    void executeCountsTheRowsItChanged() {
        for (int id = 1; id <= 5; ++id) _session->execute("INSERT INTO t VALUES (?, 'x')", id);
        const char* sql = "UPDATE t SET text = 'y' WHERE id > ? AND text = 'x'";
        CPPUNIT_ASSERT_EQUAL(std::size_t(2), _session->execute(sql, 3));
        CPPUNIT_ASSERT_EQUAL(std::size_t(0), _session->execute(sql, 3));
        CPPUNIT_ASSERT_EQUAL(std::size_t(3), _session->execute(sql, 0));
        CPPUNIT_ASSERT_EQUAL(std::size_t(0),
                             _session->execute("INSERT OR IGNORE INTO t VALUES (?, 'x')", 1));
    }

    void aBulkIsFilledAndExecutedAgainAndAgain() {
        int id = 0;
        for (const int rows : {3, 1, 0, 500, 2}) {
            auto& bulk = this->bulk();
            for (int i = 0; i < rows; ++i) bulk.add(++id, std::string("row"));
            bulk.execute();
            CPPUNIT_ASSERT(bulk.empty());
            CPPUNIT_ASSERT_EQUAL(std::size_t(id), count());
        }
    }

    void aBulkThatFailedStartsEmpty() {
        bulk().add(1, "a");
        bulk().add(1, "b");
        _session->execute("BEGIN");
        CPPUNIT_ASSERT_THROW(bulk().execute(), Poco::Data::DataException);
        _session->execute("ROLLBACK");
        CPPUNIT_ASSERT(bulk().empty());
        bulk().add(2, "c");
        bulk().execute();
        CPPUNIT_ASSERT_EQUAL(std::size_t(1), count());
    }

    void oneTextIsAStatementOrABulkNotBoth() {
        const char* sql = "INSERT INTO t (id, text) VALUES (?, ?)";
        _session->execute(sql, 1, "a");
        CPPUNIT_ASSERT_THROW((_session->bulk<std::int64_t, std::string>(sql)), std::logic_error);
        _session->execute(sql, 2, "b");
        CPPUNIT_ASSERT_EQUAL(std::size_t(2), count());
    }

    void textIsReadWholeNulIncluded() {
        using namespace std::string_literals;
        _session->execute("INSERT INTO t (id, text) VALUES (?, ?)", 1, "a\0b"s);
        const auto row = _session->first<std::string>("SELECT text FROM t WHERE id = ?", 1);
        CPPUNIT_ASSERT(row && std::get<0>(*row) == "a\0b"s);
    }

    void aFailedExecutionLeavesNoTrace() {
        const char* sql = "INSERT INTO t (id, text) VALUES (?, ?)";
        CPPUNIT_ASSERT_EQUAL(std::size_t(1), _session->execute(sql, 1, "a"));
        CPPUNIT_ASSERT_THROW(_session->execute(sql, 1, "b"), Poco::Data::DataException);
        CPPUNIT_ASSERT_EQUAL(std::size_t(1), _session->execute(sql, 2, "c"));
        CPPUNIT_ASSERT_EQUAL(std::size_t(2), count());
    }

    void setUp() override {
        _session = _database.open(salon::store::Database::Use::writer);
        _session->execute("CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT NOT NULL)");
    }

private:
    salon::Bulk<Poco::Int64, std::string>& bulk() {
        return _session->bulk<Poco::Int64, std::string>("INSERT INTO t (id, text) VALUES (?, ?)");
    }
    std::size_t count() {
        return static_cast<std::size_t>(
            std::get<0>(*_session->first<Poco::Int64>("SELECT COUNT(*) FROM t")));
    }

    Folder _folder;
    JournalLog _log;
    FaultyDatabase _database{_folder.file("salon.db"), _log};
    std::unique_ptr<Session> _session;
};

CPPUNIT_TEST_SUITE_REGISTRATION(SessionTest);
