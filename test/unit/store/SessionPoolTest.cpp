#include "store/SessionPool.h"
#include "store/StoreFixture.h"

#include <cppunit/extensions/HelperMacros.h>
#include <thread>

using namespace storetest;
using salon::store::SessionPool;

class SessionPoolTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SessionPoolTest);
    CPPUNIT_TEST(aSessionIsUsedAgain);
    CPPUNIT_TEST(noMoreThanTheGivenNumberAreOpen);
    CPPUNIT_TEST(aSessionThatFailedIsReplaced);
    CPPUNIT_TEST(aSessionLeftInATransactionIsReplaced);
    CPPUNIT_TEST(aPluginsOwnExceptionKeepsTheSession);
    CPPUNIT_TEST(readersMayNotWrite);
    CPPUNIT_TEST(aDatabaseThatCannotBeOpenedIsTriedAgain);
    CPPUNIT_TEST_SUITE_END();

public:
    void aSessionIsUsedAgain() {
        for (int i = 0; i < 3; ++i) _pool.use(select);
        CPPUNIT_ASSERT_EQUAL(1, _database.opened.load());
    }

    void noMoreThanTheGivenNumberAreOpen() {
        std::atomic<int> inside{0};
        std::atomic<int> most{0};
        std::vector<std::thread> readers;
        for (int reader = 0; reader < 6; ++reader) {
            readers.emplace_back([&] {
                for (int i = 0; i < 50; ++i) {
                    _pool.use([&](Session& session) {
                        const int now = ++inside;
                        int seen = most;
                        while (seen < now && !most.compare_exchange_weak(seen, now)) {
                        }
                        select(session);
                        --inside;
                    });
                }
            });
        }
        for (auto& reader : readers) reader.join();
        CPPUNIT_ASSERT(most <= 2);
        CPPUNIT_ASSERT(_database.opened <= 2);
    }

    void aSessionThatFailedIsReplaced() {
        CPPUNIT_ASSERT_THROW(
            _pool.use([](Session& session) { session.execute("SELECT * FROM nowhere"); }),
            Poco::Data::DataException);
        _pool.use(select);
        CPPUNIT_ASSERT_EQUAL(2, _database.opened.load());
    }

    void aSessionLeftInATransactionIsReplaced() {
        _pool.use([](Session& session) { session.execute("BEGIN"); });
        _pool.use([this](Session& session) { CPPUNIT_ASSERT(!_database.inTransaction(session)); });
        CPPUNIT_ASSERT_EQUAL(2, _database.opened.load());
    }

    void aPluginsOwnExceptionKeepsTheSession() {
        CPPUNIT_ASSERT_THROW(_pool.use([](Session&) { throw std::runtime_error("mine"); }),
                             std::runtime_error);
        _pool.use(select);
        CPPUNIT_ASSERT_EQUAL(1, _database.opened.load());
    }

    void readersMayNotWrite() {
        CPPUNIT_ASSERT_THROW(
            _pool.use([](Session& session) { session.execute("CREATE TABLE t (id INTEGER)"); }),
            Poco::Data::SQLite::ReadOnlyException);
    }

    void aDatabaseThatCannotBeOpenedIsTriedAgain() {
        _database.away = true;
        for (int i = 0; i < 5; ++i)
            CPPUNIT_ASSERT_THROW(_pool.use(select), Poco::Data::DataException);
        CPPUNIT_ASSERT_EQUAL(5, _doubts);
        _database.away = false;
        _pool.use(select);
        CPPUNIT_ASSERT_EQUAL(5, _doubts);
    }

private:
    static void select(Session& session) { session.first<Poco::Int64>("SELECT 1"); }

    Folder _folder;
    JournalLog _log;
    FaultyDatabase _database{_folder.file("salon.db"), _log};
    int _doubts = 0;
    SessionPool _pool{_database, 2, [this] { ++_doubts; }};
};

CPPUNIT_TEST_SUITE_REGISTRATION(SessionPoolTest);
