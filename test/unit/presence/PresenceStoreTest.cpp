#include "presence/PresenceStore.h"

#include "auth/AuthFixture.h"

#include "salon/Plugin.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

extern const salon::Migration salonSchema_presence[];

using namespace salon::presence;
using Mark = People::Row::Mark;

class PresenceStoreTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(PresenceStoreTest);
    CPPUNIT_TEST(whatWasChosenIsRead);
    CPPUNIT_TEST(whoWasNeverThereWasNeverSeen);
    CPPUNIT_TEST(whoWentWasLastSeenThen);
    CPPUNIT_TEST(whoTurnedInvisibleKeepsTheEarlierTime);
    CPPUNIT_TEST(afterACrashTheLastSignOfLifeCounts);
    CPPUNIT_TEST(afterACrashRightAfterComingThatCounts);
    CPPUNIT_TEST(aReturnDoesNotForgetTheCrash);
    CPPUNIT_TEST(manyAreSeenAsEachOfThem);
    CPPUNIT_TEST_SUITE_END();

    salon::auth::fixture::InlineStore store;
    PresenceStore first{*store.session, 1000};
    PresenceStore second{*store.session, 9000};
    PresenceStore third{*store.session, 19000};

public:
    void setUp() override {
        std::string_view rest = salonSchema_presence[0].sqlite;
        for (auto end = rest.find(";\n"); end != rest.npos; end = rest.find(";\n")) {
            store.session->poco() << std::string(rest.substr(0, end)), Poco::Data::Keywords::now;
            rest.remove_prefix(end + 2);
        }
    }

    void whatWasChosenIsRead() {
        first.choose(1, Status::away);
        first.choose(2, Status::busy);
        first.choose(3, Status::invisible);
        first.choose(2, Status::online);
        first.choose(1, Status::busy);
        const std::vector<std::pair<std::int64_t, Status>> expected{{1, Status::busy},
                                                                    {3, Status::invisible}};
        CPPUNIT_ASSERT(expected == second.chosen());
    }

    void whoWasNeverThereWasNeverSeen() {
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, first.lastSeen(1));
    }

    void whoWentWasLastSeenThen() {
        first.save({1, Mark::set, 2000, 0});
        first.save({1, Mark::clear, 0, 3000});
        first.mark(4000);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{3000}, first.lastSeen(1));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{3000}, second.lastSeen(1));
        first.save({1, Mark::none, 0, 5000});
        CPPUNIT_ASSERT_EQUAL(std::int64_t{5000}, second.lastSeen(1));
    }

    void whoTurnedInvisibleKeepsTheEarlierTime() {
        first.save({1, Mark::none, 0, 1500});
        first.save({1, Mark::set, 2000, 0});
        first.mark(4000);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1500}, first.lastSeen(1));
        first.save({1, Mark::clear, 0, 0});
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1500}, second.lastSeen(1));
    }

    void afterACrashTheLastSignOfLifeCounts() {
        first.save({1, Mark::set, 2000, 1500});
        first.mark(4000);
        first.mark(5000);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{5000}, second.lastSeen(1));
    }

    void afterACrashRightAfterComingThatCounts() {
        first.mark(4000);
        first.save({1, Mark::set, 4500, 1500});
        CPPUNIT_ASSERT_EQUAL(std::int64_t{4500}, second.lastSeen(1));
    }

    void aReturnDoesNotForgetTheCrash() {
        first.save({1, Mark::set, 2000, 0});
        first.mark(5000);
        second.save({1, Mark::set, 9500, 0});
        CPPUNIT_ASSERT_EQUAL(std::int64_t{5000}, second.lastSeen(1));
        second.save({1, Mark::clear, 0, 0}); // invisible
        CPPUNIT_ASSERT_EQUAL(std::int64_t{5000}, second.lastSeen(1));
        second.save({1, Mark::set, 9600, 0});
        second.mark(10000);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{10000}, third.lastSeen(1));
    }

    void manyAreSeenAsEachOfThem() {
        first.save({2, Mark::none, 0, 1500});
        first.save({3, Mark::set, 2000, 0}); // and the crash
        first.save({4, Mark::set, 6000, 1500});
        first.mark(5000);
        second.save({5, Mark::none, 0, 9200});
        second.save({6, Mark::set, 9500, 9100}); // invisible
        std::vector<std::int64_t> users;
        for (std::int64_t user = 1; user <= 100; ++user) users.push_back(user);
        const auto all = second.lastSeen(users);
        CPPUNIT_ASSERT_EQUAL(users.size(), all.size());
        for (const auto user : users) {
            CPPUNIT_ASSERT_EQUAL(second.lastSeen(user), all.at(user));
        }
        CPPUNIT_ASSERT_EQUAL(std::int64_t{5000}, all.at(3));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(PresenceStoreTest);
