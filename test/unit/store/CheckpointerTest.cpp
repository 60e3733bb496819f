#include "store/sqlite/Checkpointer.h"
#include "store/StoreFixture.h"

#include <cppunit/extensions/HelperMacros.h>

using namespace storetest;
using salon::store::Checkpointer;
using salon::store::Database;

class CheckpointerTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(CheckpointerTest);
    CPPUNIT_TEST(aCheckpointLetsTheLogBeginAnew);
    CPPUNIT_TEST(aLargeLogIsCut);
    CPPUNIT_TEST(aLogUnderLoadIsBegunAnewWithoutBeingCut);
    CPPUNIT_TEST(writersPassOnceTheLogWasBegunAnew);
    CPPUNIT_TEST(aReaderKeepsALargeLogFromBeingCutAndLosesNothing);
    CPPUNIT_TEST(growthWakesTheThread);
    CPPUNIT_TEST(aQuietTimeIsUsedWhenSomethingWasWritten);
    CPPUNIT_TEST(aFailureIsLoggedOnceAndMended);
    CPPUNIT_TEST_SUITE_END();

public:
    void aCheckpointLetsTheLogBeginAnew() {
        auto checkpointer = make({});
        fill(100);
        const auto size = logSize();
        checkpointer->checkpoint();
        fill(1);
        CPPUNIT_ASSERT_EQUAL(size, logSize());
        CPPUNIT_ASSERT(databaseSize() > 100 * 4096);
    }

    void aLargeLogIsCut() {
        auto checkpointer = make({.restart = 200, .truncate = 200});
        fill(20);
        checkpointer->checkpoint();
        CPPUNIT_ASSERT(logSize() > 0);
        fill(200);
        checkpointer->checkpoint();
        CPPUNIT_ASSERT_EQUAL(std::uintmax_t(0), logSize());
    }

    void aLogUnderLoadIsBegunAnewWithoutBeingCut() {
        auto checkpointer = make({.restart = 50});
        fill(100);
        const auto size = logSize();
        checkpointer->checkpoint();
        CPPUNIT_ASSERT_EQUAL(size, logSize());
        fill(50);
        CPPUNIT_ASSERT_EQUAL(size, logSize());
    }

    /// A writer that goes on and on, while the log is begun anew again and again.
    void writersPassOnceTheLogWasBegunAnew() {
        auto checkpointer = make({.passive = 1, .restart = 1});
        _writer->execute("PRAGMA busy_timeout=5000");
        checkpointer->start();
        for (int i = 0; i < 200; ++i) {
            checkpointer->pass();
            fill(1);
            checkpointer->grown(i);
        }
        checkpointer->stop();
        checkpointer->pass();
        CPPUNIT_ASSERT_EQUAL(Poco::Int64(200), count(*_writer));
    }

    void aReaderKeepsALargeLogFromBeingCutAndLosesNothing() {
        auto checkpointer = make({.restart = 50, .truncate = 50});
        const auto reader = _database.open(Database::Use::reader);
        fill(100);
        reader->execute("BEGIN");
        CPPUNIT_ASSERT_EQUAL(Poco::Int64(100), count(*reader));
        fill(100);
        checkpointer->checkpoint();
        CPPUNIT_ASSERT(logSize() > 0);
        CPPUNIT_ASSERT_EQUAL(Poco::Int64(100), count(*reader));
        reader->execute("COMMIT");
        CPPUNIT_ASSERT_EQUAL(Poco::Int64(200), count(*reader));
        checkpointer->checkpoint();
        CPPUNIT_ASSERT_EQUAL(std::uintmax_t(0), logSize());
        CPPUNIT_ASSERT_EQUAL(Poco::Int64(200), count(*reader));
    }

    void growthWakesTheThread() {
        auto checkpointer = make({.passive = 50, .interval = std::chrono::hours(1)});
        checkpointer->start();
        checkpointer->grown(49);
        checkpointer->grown(50);
        _log.journal.waitFor("checkpoint made");
        checkpointer->stop();
        CPPUNIT_ASSERT_EQUAL(std::size_t(1), _log.journal.count("checkpoint made"));
        checkpointer->stop();
    }

    void aQuietTimeIsUsedWhenSomethingWasWritten() {
        auto checkpointer = make({.interval = std::chrono::milliseconds(1)});
        checkpointer->start();
        checkpointer->grown(1);
        _log.journal.waitFor("checkpoint made");
    }

    void aFailureIsLoggedOnceAndMended() {
        _database.away = true;
        auto checkpointer = make({.interval = std::chrono::milliseconds(1)});
        checkpointer->start();
        checkpointer->grown(1);
        _log.journal.waitFor("a checkpoint failed");
        _database.away = false;
        _log.journal.waitFor("checkpoints work again");
        CPPUNIT_ASSERT_EQUAL(std::size_t(1), _log.journal.count("a checkpoint failed"));
    }

    void setUp() override {
        _writer = _database.open(Database::Use::writer);
        _writer->execute("CREATE TABLE t (text TEXT)");
    }

private:
    std::unique_ptr<Checkpointer> make(Checkpointer::Limits limits) {
        return std::make_unique<Checkpointer>(
            [this] { return _database.open(Database::Use::writer); }, limits, _log);
    }
    void fill(int rows) {
        const std::string page(4000, 'x');
        for (int i = 0; i < rows; ++i) _writer->execute("INSERT INTO t VALUES (?)", page);
    }
    static Poco::Int64 count(Session& session) {
        return std::get<0>(*session.first<Poco::Int64>("SELECT COUNT(*) FROM t"));
    }
    std::uintmax_t logSize() { return std::filesystem::file_size(_folder.file("salon.db-wal")); }
    std::uintmax_t databaseSize() { return std::filesystem::file_size(_folder.file("salon.db")); }

    Folder _folder;
    JournalLog _log;
    FaultyDatabase _database{_folder.file("salon.db"), _log};
    std::unique_ptr<Session> _writer;
};

CPPUNIT_TEST_SUITE_REGISTRATION(CheckpointerTest);
