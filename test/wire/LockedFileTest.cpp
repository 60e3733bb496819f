#include "Load.h"
#include "Talk.h"

#include <Poco/Data/SQLite/Connector.h>

using namespace salon::wire;

/// Another program keeps SQLite's file locked for writing: a moment is waited for, more is refused
/// until it is over.
class LockedFileTest : public Talk {
    CPPUNIT_TEST_SUITE(LockedFileTest);
    CPPUNIT_TEST(aMomentIsWaitedFor);
    CPPUNIT_TEST(halfAMinuteIsRefusedAndOvercome);
    CPPUNIT_TEST_SUITE_END();

    /// Held until its end.
    class Lock {
    public:
        explicit Lock(const std::string& file) : _session("SQLite", file) {
            _session << "PRAGMA busy_timeout=60000", Poco::Data::Keywords::now;
            _session << "BEGIN IMMEDIATE", Poco::Data::Keywords::now;
        }
        ~Lock() { _session << "ROLLBACK", Poco::Data::Keywords::now; }
        Lock(const Lock&) = delete;
        Lock& operator=(const Lock&) = delete;

    private:
        Poco::Data::Session _session;
    };

    Daemon::Defines defines() const override {
        auto all = Talk::defines();
        all["store.url"] = "sqlite:salon.db"; // in the daemon's folder
        return all;
    }

public:
    void setUp() override {
        Poco::Data::SQLite::Connector::registerConnector();
        Talk::setUp();
    }

    void aMomentIsWaitedFor() {
        Load load(salon);
        load.start();
        load.waitForAcks(200);
        {
            const Lock lock(salon.database());
            load.goOn(std::chrono::seconds(2));
        }
        load.waitForAcks(200);
        load.finish();
        CPPUNIT_ASSERT_EQUAL(0, load.refusals());
        load.verify();
    }

    void halfAMinuteIsRefusedAndOvercome() {
        Load load(salon);
        load.start();
        load.waitForAcks(200);
        {
            const Lock lock(salon.database());
            load.waitForRefusals(20, std::chrono::seconds(20));
            const salon::test::Deadline end(std::chrono::seconds(25));
            while (!end.passed()) {
                // Who reads is not held up.
                CPPUNIT_ASSERT_EQUAL(200, load.readingStatus());
                load.goOn(std::chrono::seconds(1));
            }
            CPPUNIT_ASSERT_EQUAL(503, salon.http().get("/health/ready").status);
        }
        load.waitForAcks(200, std::chrono::seconds(30));
        load.finish(std::chrono::seconds(30));
        load.verify();
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(LockedFileTest);
