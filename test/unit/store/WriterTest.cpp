#include "store/NoteStore.h"

#include <cppunit/extensions/HelperMacros.h>

using namespace storetest;

class WriterTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(WriterTest);
    CPPUNIT_TEST(aCommitThatHappenedThoughItsAnswerWasLostIsBelieved);
    CPPUNIT_TEST(aCommitThatDidNotHappenIsMadeAgain);
    CPPUNIT_TEST(aCommitOfUnknownFateIsUnavailableAndTheNextWriteGoesOn);
    CPPUNIT_TEST(aFullDiskIsUnavailableAndRecovers);
    CPPUNIT_TEST(aLockedDatabaseIsUnavailableWithoutATryForEachWrite);
    CPPUNIT_TEST(aDatabaseThatGoesAwayComesBack);
    CPPUNIT_TEST(anotherWriterOfTheLaneStopsThisOne);
    CPPUNIT_TEST_SUITE_END();

public:
    void aCommitThatHappenedThoughItsAnswerWasLostIsBelieved() {
        NoteStore notes;
        notes.database->failAfterCommit = 1;
        notes.submit(1, "salut");
        notes.submit(2, "salut");
        notes.store->stop();
        CPPUNIT_ASSERT_EQUAL(std::size_t(2), notes.journal.count("stored"));
        CPPUNIT_ASSERT_EQUAL(std::size_t(0), notes.journal.count("rolledBack"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t(2), notes.notes());
    }

    void aCommitThatDidNotHappenIsMadeAgain() {
        NoteStore notes;
        notes.database->failBeforeCommit = 1;
        notes.submit(1, "salut");
        notes.submit(2, "salut");
        notes.store->stop();
        CPPUNIT_ASSERT_EQUAL(std::size_t(2), notes.journal.count("stored"));
        CPPUNIT_ASSERT_EQUAL(std::size_t(1), notes.journal.count("rolledBack"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t(2), notes.notes());
    }

    void aCommitOfUnknownFateIsUnavailableAndTheNextWriteGoesOn() {
        NoteStore notes;
        notes.hold();
        notes.database->failAfterCommit = 1;
        notes.database->away = true;
        notes.gate.open();
        notes.journal.waitFor("finish 0 unavailable");
        CPPUNIT_ASSERT_EQUAL(std::size_t(1), notes.journal.count("rolledBack"));
        notes.database->away = false;
        notes.submit(1, "salut");
        notes.journal.waitFor("finish 1 stored");
        // It had been stored after all: unavailable says no more than "not acknowledged".
        CPPUNIT_ASSERT_EQUAL(std::int64_t(2), notes.batch());
        CPPUNIT_ASSERT_EQUAL(std::int64_t(1),
                             notes.number("SELECT COUNT(*) FROM note WHERE id = 0"));
        CPPUNIT_ASSERT_EQUAL(std::size_t(1), notes.log.journal.count("cannot be written"));
        CPPUNIT_ASSERT_EQUAL(std::size_t(1), notes.log.journal.count("can be written again"));
    }

    void aFullDiskIsUnavailableAndRecovers() {
        NoteStore notes;
        pragma(notes, "PRAGMA max_page_count=1");
        notes.hold();
        const std::string large(100000, 'x');
        for (int id = 1; id <= 10; ++id) notes.submit(id, large);
        notes.gate.open();
        notes.journal.waitFor("unavailable", 10);
        // Together, then two alone; the rest is not tried.
        CPPUNIT_ASSERT_EQUAL(std::size_t(3), notes.journal.count("rolledBack"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t(0), notes.notes());
        notes.submit(11, large);
        notes.journal.waitFor("finish 11 unavailable");
        notes.log.journal.waitFor("cannot be written");
        pragma(notes, "PRAGMA max_page_count=100000");
        notes.submit(12, large);
        notes.journal.waitFor("finish 12 stored");
        notes.log.journal.waitFor("can be written again");
        CPPUNIT_ASSERT_EQUAL(std::int64_t(1), notes.notes());
    }

    void aLockedDatabaseIsUnavailableWithoutATryForEachWrite() {
        NoteStore notes;
        const auto other = notes.database->open(salon::store::Database::Use::writer);
        notes.database->begin(*other);
        notes.submit(1, "salut");
        notes.submit(2, "salut");
        notes.journal.waitFor("unavailable", 2);
        CPPUNIT_ASSERT_EQUAL(std::size_t(0), notes.journal.count("apply"));
        notes.database->rollback(*other);
        notes.submit(3, "salut");
        notes.journal.waitFor("finish 3 stored");
    }

    void aDatabaseThatGoesAwayComesBack() {
        NoteStore notes;
        notes.database->away = true;
        notes.database->failBeforeCommit = 1;
        notes.submit(1, "salut");
        notes.journal.waitFor("finish 1 unavailable");
        notes.submit(2, "salut");
        notes.journal.waitFor("finish 2 unavailable");
        notes.database->away = false;
        notes.submit(3, "salut");
        notes.journal.waitFor("finish 3 stored");
        CPPUNIT_ASSERT_EQUAL(std::int64_t(1), notes.notes());
    }

    void anotherWriterOfTheLaneStopsThisOne() {
        NoteStore notes;
        const auto other = notes.database->open(salon::store::Database::Use::writer);
        other->execute("UPDATE lane SET batch = batch + 1");
        notes.submit(1, "salut");
        notes.journal.waitFor("finish 1 unavailable");
        notes.log.journal.waitFor("another salond writes to this database");
        notes.submit(2, "salut");
        notes.journal.waitFor("finish 2 unavailable");
        CPPUNIT_ASSERT_EQUAL(std::int64_t(0), notes.notes());
    }

private:
    /// On the lane's own session.
    static void pragma(NoteStore& notes, const char* sql) {
        notes.store->write(
            0,
            [sql](Session& session) -> salon::Result<void> {
                session.execute(sql);
                return {};
            },
            [&notes, sql](const salon::Result<void>&) { notes.journal.add(sql); });
        notes.journal.waitFor(sql);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(WriterTest);
