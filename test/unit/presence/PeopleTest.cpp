#include "presence/People.h"

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <set>
#include <string>
#include <vector>

using namespace salon::presence;
using namespace std::chrono_literals;
using Mark = People::Row::Mark;

class PeopleTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(PeopleTest);
    CPPUNIT_TEST(whoComesIsTold);
    CPPUNIT_TEST(aSecondConnectionIsNoNews);
    CPPUNIT_TEST(everyConnectionIsKnown);
    CPPUNIT_TEST(whoLeavesIsOfflineAfterTheGrace);
    CPPUNIT_TEST(whoReconnectsInTimeWasNeverAway);
    CPPUNIT_TEST(whoLeavesAgainWaitsAgain);
    CPPUNIT_TEST(aConnectionThatNeverArrivedChangesNothing);
    CPPUNIT_TEST(aStatusIsKept);
    CPPUNIT_TEST(thereAndBackIsNoNews);
    CPPUNIT_TEST(whatWasShownIsTakenBack);
    CPPUNIT_TEST(theInvisibleComeAndGoUnseen);
    CPPUNIT_TEST(whoTurnsInvisibleIsOfflineAtOnce);
    CPPUNIT_TEST(whatTheInvisibleDoMovesNoLastSeen);
    CPPUNIT_TEST(aVisitBetweenTwoLooksStillMovesLastSeen);
    CPPUNIT_TEST(onlyDifferencesAreStored);
    CPPUNIT_TEST(oneBatchIsStoredAtATime);
    CPPUNIT_TEST(whatCouldNotBeStoredIsStoredLater);
    CPPUNIT_TEST(whatChangedWhileItWasStoredIsStoredNext);
    CPPUNIT_TEST(whatCouldNotBeToldIsToldLater);
    CPPUNIT_TEST(whoIsGoneToldAndStoredIsForgotten);
    CPPUNIT_TEST_SUITE_END();

    static constexpr std::int64_t alice = 1;
    static constexpr auto one = salon::ConnectionId{1};
    static constexpr auto two = salon::ConnectionId{2};

    People people{5s};
    People::Clock::time_point clock{};

    /// What is told, as text.
    std::string told() {
        std::string text;
        for (const auto& change : people.takeChanges()) {
            if (!text.empty()) text += ", ";
            text += std::to_string(change.user) + ' ' + std::string(word(change.shown));
            if (change.lastSeen) text += " seen " + std::to_string(*change.lastSeen);
        }
        return text;
    }
    /// What is stored, as text.
    std::string stored(bool good = true) {
        const auto rows = people.takeRows();
        if (!rows.empty()) people.settle(rows, good);
        std::string text;
        for (const auto& row : rows) {
            if (!text.empty()) text += ", ";
            text += std::to_string(row.user);
            if (row.mark == Mark::set) text += " there since " + std::to_string(row.since);
            if (row.mark == Mark::clear) text += " gone";
            if (row.seen != 0) text += " seen " + std::to_string(row.seen);
        }
        return text;
    }
    void pass(People::Clock::duration time) {
        clock += time;
        people.expire(clock);
    }
    void visit(salon::Milliseconds from, salon::Milliseconds to) {
        people.arrive(one, alice, from);
        people.leave(one, alice, to, clock);
        pass(5s);
    }
    static void is(const std::string& expected, const std::string& actual) {
        CPPUNIT_ASSERT_EQUAL(expected, actual);
    }

public:
    void whoComesIsTold() {
        CPPUNIT_ASSERT(!people.hasChanges());
        people.arrive(one, alice, 100);
        CPPUNIT_ASSERT(people.hasChanges());
        CPPUNIT_ASSERT(people.anyoneThere());
        is("1 online", told());
        is("", told());
        CPPUNIT_ASSERT(people.look(alice)->shown == Shown::online);
        CPPUNIT_ASSERT(!people.look(2));
    }

    void aSecondConnectionIsNoNews() {
        people.arrive(one, alice, 100);
        told();
        people.arrive(two, alice, 200);
        people.leave(one, alice, 300, clock);
        pass(1h);
        is("", told());
        std::vector<salon::ConnectionId> open;
        people.connections(alice, open);
        CPPUNIT_ASSERT(std::vector{two} == open);
    }

    void everyConnectionIsKnown() {
        using salon::ConnectionId;
        std::set<ConnectionId> expected;
        const auto check = [&] {
            std::vector<ConnectionId> open;
            people.connections(alice, open);
            CPPUNIT_ASSERT_EQUAL(expected.size(), open.size());
            CPPUNIT_ASSERT(expected == std::set(open.begin(), open.end()));
            CPPUNIT_ASSERT_EQUAL(expected.empty(), people.nextExpiry().has_value());
        };
        for (const std::uint64_t id : {1, 2, 3, 4}) {
            people.arrive(ConnectionId{id}, alice, 100);
            expected.insert(ConnectionId{id});
            check();
        }
        for (const std::uint64_t id : {3, 1, 4, 2}) {
            people.leave(ConnectionId{id}, alice, 200, clock);
            expected.erase(ConnectionId{id});
            check();
        }
    }

    void whoLeavesIsOfflineAfterTheGrace() {
        people.arrive(one, alice, 100);
        told();
        people.leave(one, alice, 300, clock);
        CPPUNIT_ASSERT(people.nextExpiry() == clock + 5s);
        pass(4999ms);
        CPPUNIT_ASSERT(people.look(alice)->shown == Shown::online);
        is("", told());
        pass(1ms);
        is("1 offline seen 300", told());
        CPPUNIT_ASSERT(!people.nextExpiry());
        CPPUNIT_ASSERT(!people.anyoneThere());
    }

    void whoReconnectsInTimeWasNeverAway() {
        people.arrive(one, alice, 100);
        told();
        people.leave(one, alice, 300, clock);
        pass(4s);
        people.arrive(two, alice, 400);
        pass(1h);
        is("", told());
        is("1 there since 100", stored());
    }

    void whoLeavesAgainWaitsAgain() {
        people.arrive(one, alice, 100);
        told();
        people.leave(one, alice, 300, clock);
        pass(4s);
        people.arrive(two, alice, 400);
        people.leave(two, alice, 500, clock);
        pass(1s);
        is("", told());
        pass(4s);
        is("1 offline seen 500", told());
    }

    void aConnectionThatNeverArrivedChangesNothing() {
        people.leave(one, alice, 300, clock);
        people.arrive(one, alice, 400);
        people.leave(two, alice, 500, clock);
        CPPUNIT_ASSERT(!people.nextExpiry());
        is("1 online", told());
    }

    void aStatusIsKept() {
        people.remember(alice, Status::away);
        people.arrive(one, alice, 100);
        is("1 away", told());
        people.choose(alice, Status::busy, 200);
        is("1 busy", told());
        people.leave(one, alice, 300, clock);
        pass(5s);
        is("1 offline seen 300", told());
        people.choose(alice, Status::away, 350); // was on its way when the connection ended
        is("", told());
        people.arrive(one, alice, 400);
        is("1 away", told());
        CPPUNIT_ASSERT(people.chosen(alice) == Status::away);
        people.choose(alice, Status::online, 500);
        is("1 online", told());
        CPPUNIT_ASSERT(people.chosen(alice) == Status::online);
    }

    void thereAndBackIsNoNews() {
        people.arrive(one, alice, 100);
        told();
        people.choose(alice, Status::away, 200);
        people.choose(alice, Status::online, 200);
        is("", told());
    }

    void whatWasShownIsTakenBack() {
        people.arrive(one, alice, 100);
        CPPUNIT_ASSERT(people.look(alice)->shown == Shown::online);
        people.choose(alice, Status::invisible, 200);
        is("1 offline", told());
        people.leave(one, alice, 300, clock);
        pass(5s);
        told();
        // Who was invisible all the time was never shown.
        people.arrive(one, alice, 400);
        CPPUNIT_ASSERT(people.look(alice)->shown == Shown::offline);
        is("", told());
    }

    void theInvisibleComeAndGoUnseen() {
        people.remember(alice, Status::invisible);
        people.arrive(one, alice, 100);
        is("", told());
        is("", stored());
        CPPUNIT_ASSERT(!people.anyoneThere());
        CPPUNIT_ASSERT(people.look(alice)->shown == Shown::offline);
        CPPUNIT_ASSERT(!people.look(alice)->lastSeen); // the store knows
        people.leave(one, alice, 300, clock);
        pass(5s);
        is("", told());
        is("", stored());
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, people.size());
    }

    void whoTurnsInvisibleIsOfflineAtOnce() {
        people.arrive(one, alice, 100);
        told();
        stored();
        people.choose(alice, Status::invisible, 200);
        CPPUNIT_ASSERT(people.look(alice)->shown == Shown::offline);
        is("1 offline", told()); // the store knows since when
        is("1 gone", stored());
        people.choose(alice, Status::away, 300);
        is("1 away", told());
        is("1 there since 300", stored());
    }

    void whatTheInvisibleDoMovesNoLastSeen() {
        visit(100, 200);
        is("1 offline seen 200", told());
        // Before it is stored she is back, invisible, and gone again.
        people.choose(alice, Status::invisible, 250);
        people.arrive(one, alice, 300);
        CPPUNIT_ASSERT(people.look(alice)->lastSeen == 200);
        people.leave(one, alice, 400, clock);
        pass(5s);
        is("", told());
        is("1 seen 200", stored());
    }

    void aVisitBetweenTwoLooksStillMovesLastSeen() {
        visit(100, 200);
        is("1 offline seen 200", told());
        is("1 seen 200", stored());
    }

    void onlyDifferencesAreStored() {
        people.arrive(one, alice, 100);
        told();
        is("1 there since 100", stored());
        people.choose(alice, Status::away, 200);
        told();
        is("", stored());
        people.leave(one, alice, 300, clock);
        pass(5s);
        told();
        is("1 gone seen 300", stored());
        is("", stored());
    }

    void oneBatchIsStoredAtATime() {
        people.arrive(one, alice, 100);
        told();
        const auto first = people.takeRows();
        people.arrive(two, 2, 200);
        told();
        CPPUNIT_ASSERT(!people.hasRows());
        CPPUNIT_ASSERT(people.takeRows().empty());
        people.settle(first, true);
        CPPUNIT_ASSERT(people.hasRows());
        is("2 there since 200", stored());
    }

    void whatCouldNotBeStoredIsStoredLater() {
        visit(100, 200);
        told();
        is("1 seen 200", stored(false));
        CPPUNIT_ASSERT(people.look(alice)->lastSeen == 200);
        is("1 seen 200", stored());
        people.arrive(one, alice, 300);
        told();
        is("1 there since 300", stored(false));
        is("1 there since 300", stored());
    }

    void whatChangedWhileItWasStoredIsStoredNext() {
        people.arrive(one, alice, 100);
        told();
        const auto rows = people.takeRows();
        people.leave(one, alice, 200, clock);
        pass(5s);
        is("1 offline seen 200", told());
        people.settle(rows, true);
        is("1 gone seen 200", stored());
    }

    void whatCouldNotBeToldIsToldLater() {
        visit(100, 200);
        told();
        stored();
        people.tellAgain(alice);
        is("1 offline", told());
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, people.size());
        people.arrive(one, alice, 300);
        told();
        people.tellAgain(alice);
        people.tellAgain(alice);
        is("1 online", told());
    }

    void whoIsGoneToldAndStoredIsForgotten() {
        visit(100, 200);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, people.size());
        told();
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, people.size());
        stored();
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, people.size());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(PeopleTest);
