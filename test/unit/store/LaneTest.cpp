#include "net/Corked.h"
#include "store/NoteStore.h"

#include <cppunit/extensions/HelperMacros.h>
#include <map>
#include <thread>

using namespace storetest;
using salon::Code;
using salon::Error;
using salon::Result;

class LaneTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(LaneTest);
    CPPUNIT_TEST(whatIsQueuedBecomesOneTransaction);
    CPPUNIT_TEST(aFullLaneRefusesTheNextWriteAndNoneBefore);
    CPPUNIT_TEST(moreThanOneBatchIsSplitInOrder);
    CPPUNIT_TEST(aBadWriteFailsAlone);
    CPPUNIT_TEST(rowsLeftInABulkByAFailureAreNotWrittenLater);
    CPPUNIT_TEST(aFailingPrepareFailsItsGroupAndNoOther);
    CPPUNIT_TEST(aRefusedPlainWriteIsUndoneAndItsNeighboursCommit);
    CPPUNIT_TEST(aThrowingPlainWriteFailsAlone);
    CPPUNIT_TEST(aPlainWriteThatEndsTheTransactionFailsAlone);
    CPPUNIT_TEST(stoppingStoresAllThatWasTaken);
    CPPUNIT_TEST(writesAreUnavailableBeforeTheStartAndAfterTheStop);
    CPPUNIT_TEST(whatFollowsWritesIsWokenOnceABatch);
    CPPUNIT_TEST(aThrowingFinishDoesNotEndTheLane);
    CPPUNIT_TEST(keysOfAnyPatternAreSpreadOverAllLanes);
    CPPUNIT_TEST(manyThreadsWriteAndEachKeepsItsOrder);
    CPPUNIT_TEST_SUITE_END();

public:
    void whatIsQueuedBecomesOneTransaction() {
        NoteStore notes;
        notes.hold();
        for (int id = 1; id <= 100; ++id) CPPUNIT_ASSERT(notes.submit(id, "salut"));
        notes.gate.open();
        notes.journal.waitFor("finish 100 stored");
        CPPUNIT_ASSERT_EQUAL(std::size_t(1), notes.journal.count("prepare 100"));
        CPPUNIT_ASSERT_EQUAL(std::size_t(1), notes.journal.count("apply 100"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t(100), notes.notes());
        CPPUNIT_ASSERT_EQUAL(std::int64_t(2), notes.batch());
    }

    void aFullLaneRefusesTheNextWriteAndNoneBefore() {
        NoteStore notes(16);
        notes.hold();
        for (int id = 1; id <= 16; ++id) CPPUNIT_ASSERT(notes.submit(id, "salut"));
        CPPUNIT_ASSERT(!notes.submit(17, "salut"));
        std::optional<Error> refused;
        notes.store->write(
            0, [](Session&) { return Result<void>(); },
            [&](Result<void> result) { refused = result.error(); });
        CPPUNIT_ASSERT(refused);
        CPPUNIT_ASSERT(refused->code == Code::unavailable);
        notes.gate.open();
        notes.journal.waitFor("finish 16 stored");
        CPPUNIT_ASSERT(notes.submit(18, "salut"));
        notes.store->stop();
        CPPUNIT_ASSERT_EQUAL(std::size_t(0), notes.journal.count("finish 17"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t(17), notes.notes());
    }

    void moreThanOneBatchIsSplitInOrder() {
        NoteStore notes;
        notes.hold();
        for (int id = 1; id <= 5000; ++id) CPPUNIT_ASSERT(notes.submit(id, "salut"));
        notes.gate.open();
        notes.store->stop();
        CPPUNIT_ASSERT_EQUAL(std::size_t(1), notes.journal.count("apply 4096"));
        CPPUNIT_ASSERT_EQUAL(std::size_t(1), notes.journal.count("apply 904"));
        std::vector<std::string> finished;
        for (const auto& line : notes.journal.lines()) {
            if (line.starts_with("finish")) finished.push_back(line);
        }
        CPPUNIT_ASSERT_EQUAL(std::size_t(5001), finished.size());
        for (std::size_t id = 0; id < finished.size(); ++id) {
            CPPUNIT_ASSERT_EQUAL("finish " + std::to_string(id) + " stored", finished[id]);
        }
    }

    void aBadWriteFailsAlone() {
        NoteStore notes;
        notes.hold();
        notes.submit(1, "salut");
        notes.submit(2, "bad");
        notes.submit(3, "salut");
        notes.gate.open();
        notes.store->stop();
        const std::vector<std::string> expected = {
            "prepare 1",       "apply 1",           "committed",      "finish 0 stored", // the gate
            "prepare 3",       "apply 3",           "rolledBack",                        // together
            "apply 1",         "committed", // alone, not prepared again
            "apply 1",         "rolledBack",        "apply 1",        "committed",
            "finish 1 stored", "finish 2 internal", "finish 3 stored"};
        CPPUNIT_ASSERT(expected == notes.journal.lines());
        CPPUNIT_ASSERT_EQUAL(std::int64_t(2), notes.notes());
        notes.log.journal.waitFor("writes failed lane=lane-0 writes=1");
        CPPUNIT_ASSERT_EQUAL(std::size_t(0), notes.log.journal.count("cannot be written"));
    }

    void rowsLeftInABulkByAFailureAreNotWrittenLater() {
        NoteStore notes;
        notes.submit(1, "throws before the bulk");
        notes.journal.waitFor("finish 1 internal");
        notes.submit(2, "salut");
        notes.store->stop();
        // The first one, together and alone; the second one found nothing in its way.
        CPPUNIT_ASSERT_EQUAL(std::size_t(2), notes.journal.count("rolledBack"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t(1), notes.notes());
        CPPUNIT_ASSERT_EQUAL(std::int64_t(2), notes.number("SELECT MAX(id) FROM note"));
    }

    void aFailingPrepareFailsItsGroupAndNoOther() {
        NoteStore notes;
        notes.hold();
        notes.submit(1, "unprepared");
        insert(notes, 2);
        notes.submit(3, "salut");
        notes.gate.open();
        notes.store->stop();
        notes.journal.waitFor("finish 1 internal");
        notes.journal.waitFor("finish 3 internal");
        notes.journal.waitFor("plain 2 stored");
        CPPUNIT_ASSERT_EQUAL(std::int64_t(1), notes.notes());
    }

    void aRefusedPlainWriteIsUndoneAndItsNeighboursCommit() {
        NoteStore notes;
        notes.hold();
        insert(notes, 1);
        notes.store->write(
            0,
            [](Session& session) -> Result<int> {
                session.execute("INSERT INTO note (id, text) VALUES (2, 'undone')");
                session.bulk<Poco::Int64>("INSERT INTO note (id, text) VALUES (?, '')").add(20);
                return Error{Code::conflict, "no"};
            },
            [&](Result<int> result) {
                notes.journal.add(std::string("plain 2 ") +
                                  salon::describe(result.error().code).word);
            });
        insert(notes, 3);
        notes.gate.open();
        notes.store->stop();
        notes.journal.waitFor("plain 1 stored");
        notes.journal.waitFor("plain 2 conflict");
        notes.journal.waitFor("plain 3 stored");
        CPPUNIT_ASSERT_EQUAL(std::int64_t(2), notes.notes());
        // The gate, and the three together.
        CPPUNIT_ASSERT_EQUAL(std::int64_t(2), notes.batch());
    }

    void aThrowingPlainWriteFailsAlone() {
        failsAlone("INSERT INTO note (id, text) VALUES (2, 'bad')");
    }
    void aPlainWriteThatEndsTheTransactionFailsAlone() { failsAlone("ROLLBACK"); }

    void stoppingStoresAllThatWasTaken() {
        NoteStore notes;
        notes.hold();
        for (int id = 1; id <= 1000; ++id) CPPUNIT_ASSERT(notes.submit(id, "salut"));
        std::thread opener([&] { notes.gate.open(); });
        notes.store->stop();
        opener.join();
        CPPUNIT_ASSERT_EQUAL(std::size_t(1001), notes.journal.count("stored"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t(1000), notes.notes());
        notes.store->stop();
    }

    void writesAreUnavailableBeforeTheStartAndAfterTheStop() {
        Folder folder;
        JournalLog log;
        salon::store::DatabaseStore store(
            std::make_unique<FaultyDatabase>(folder.file("salon.db"), log), 16, log);
        const auto code = [&] {
            std::optional<Code> code;
            store.write(
                0, [](Session&) { return Result<void>(); },
                [&](Result<void> result) {
                    if (!result) code = result.error().code;
                });
            return code;
        };
        CPPUNIT_ASSERT(code() == Code::unavailable);
        store.start();
        store.stop();
        CPPUNIT_ASSERT(code() == Code::unavailable);
        const auto one = store.read(
            [](Session& session) { return std::get<0>(*session.first<Poco::Int64>("SELECT 1")); });
        CPPUNIT_ASSERT_EQUAL(Poco::Int64(1), one);
    }

    void whatFollowsWritesIsWokenOnceABatch() {
        struct Bell final : salon::net::Corked {
            void wake() override { ++rung; }
            std::atomic<int> rung{0};
        } bell;
        NoteStore notes;
        notes.hold();
        std::atomic<int> rungMeanwhile{0};
        for (int i = 0; i < 10; ++i) {
            notes.store->write(
                0, [](Session&) { return Result<void>(); },
                [&](const Result<void>&) {
                    bell.wakeSoon();
                    rungMeanwhile += bell.rung;
                });
        }
        notes.gate.open();
        notes.store->stop();
        CPPUNIT_ASSERT_EQUAL(0, rungMeanwhile.load());
        CPPUNIT_ASSERT_EQUAL(1, bell.rung.load());
    }

    void aThrowingFinishDoesNotEndTheLane() {
        NoteStore notes;
        notes.submit(1, "throws at the end");
        notes.submit(2, "salut");
        notes.journal.waitFor("finish 2 stored");
        notes.log.journal.waitFor("what follows a write failed");
    }

    void manyThreadsWriteAndEachKeepsItsOrder() {
        NoteStore notes;
        constexpr int each = 500;
        std::vector<std::thread> writers;
        for (int writer = 1; writer <= 4; ++writer) {
            writers.emplace_back([&notes, writer] {
                for (int i = 0; i < each; ++i) notes.submit(writer * 1000 + i, "salut");
            });
        }
        for (auto& writer : writers) writer.join();
        notes.store->stop();
        CPPUNIT_ASSERT_EQUAL(std::int64_t(4 * each), notes.notes());
        std::map<int, int> last;
        for (const auto& line : notes.journal.lines()) {
            if (!line.starts_with("finish ")) continue;
            const int id = std::stoi(line.substr(7));
            CPPUNIT_ASSERT_EQUAL(id % 1000, last[id / 1000]++);
        }
    }

    void keysOfAnyPatternAreSpreadOverAllLanes() {
        constexpr std::size_t lanes = 4;
        constexpr std::int64_t keys = 1000;
        const std::function<std::int64_t(std::int64_t)> patterns[] = {
            [](std::int64_t i) { return i; }, [](std::int64_t i) { return i * 4; },
            [](std::int64_t i) { return i << 32; }, [](std::int64_t i) { return -i; },
            [](std::int64_t i) { // pairs of neighbours, as conversations make one of them
                return static_cast<std::int64_t>(static_cast<std::uint64_t>(2 * i + 1) *
                                                 0x9e3779b97f4a7c15) ^
                       (2 * i + 2);
            }};
        for (const auto& pattern : patterns) {
            std::array<std::int64_t, lanes> taken{};
            for (std::int64_t i = 0; i < keys; ++i) {
                const auto lane = salon::store::DatabaseStore::laneOf(pattern(i), lanes);
                ++taken.at(lane);
            }
            for (const auto count : taken) CPPUNIT_ASSERT(count > keys / 8);
        }
    }

private:
    static void insert(NoteStore& notes, std::int64_t id) {
        notes.store->write(
            0,
            [id](Session& session) -> Result<void> {
                session.execute("INSERT INTO note (id, text) VALUES (?, 'plain')", id);
                return {};
            },
            [&notes, id](Result<void> result) {
                notes.journal.add("plain " + std::to_string(id) + " " +
                                  (result ? "stored" : salon::describe(result.error().code).word));
            });
    }

    static void failsAlone(const char* sql) {
        NoteStore notes;
        notes.hold();
        insert(notes, 1);
        notes.store->write(
            0,
            [sql](Session& session) -> Result<void> {
                session.execute(sql);
                return {};
            },
            [&](const Result<void>& result) {
                notes.journal.add(result ? std::string("wrong stored")
                                         : std::string("wrong ") +
                                               salon::describe(result.error().code).word);
            });
        insert(notes, 3);
        notes.gate.open();
        notes.store->stop();
        notes.journal.waitFor("plain 1 stored");
        notes.journal.waitFor("wrong internal");
        notes.journal.waitFor("plain 3 stored");
        CPPUNIT_ASSERT_EQUAL(std::int64_t(2), notes.notes());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(LaneTest);
