#include "presence/WatchIndex.h"

#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <unordered_map>
#include <vector>

using namespace salon::presence;
using salon::ConnectionId;

class WatchIndexTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(WatchIndexTest);
    CPPUNIT_TEST(aSetReplacesTheOneBefore);
    CPPUNIT_TEST(toWatchNobodyIsAWishToo);
    CPPUNIT_TEST(nothingIsLeftOfWhoeverIsGone);
    CPPUNIT_TEST(idsThatAreMadeToCollideCostNoMore);
    CPPUNIT_TEST(manyWatchMany);
    CPPUNIT_TEST_SUITE_END();

    WatchIndex index;

    std::set<ConnectionId> watchersOf(std::int64_t user) {
        std::set<ConnectionId> found;
        for (const auto& watcher : index.watchersOf(user)) {
            CPPUNIT_ASSERT(found.insert(watcher.connection()).second);
        }
        return found;
    }

public:
    void aSetReplacesTheOneBefore() {
        index.set(ConnectionId{1}, {2, 3});
        index.set(ConnectionId{1}, {3, 4});
        CPPUNIT_ASSERT(watchersOf(2).empty());
        CPPUNIT_ASSERT(std::set{ConnectionId{1}} == watchersOf(3));
        CPPUNIT_ASSERT(std::set{ConnectionId{1}} == watchersOf(4));
    }

    void toWatchNobodyIsAWishToo() {
        CPPUNIT_ASSERT(!index.has(ConnectionId{1}));
        index.set(ConnectionId{1}, {});
        CPPUNIT_ASSERT(index.has(ConnectionId{1}));
        index.erase(ConnectionId{1});
        CPPUNIT_ASSERT(!index.has(ConnectionId{1}));
        index.erase(ConnectionId{1});
    }

    void nothingIsLeftOfWhoeverIsGone() {
        index.set(ConnectionId{1}, {2, 3});
        index.set(ConnectionId{2}, {3});
        index.erase(ConnectionId{1});
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, index.size());
        CPPUNIT_ASSERT(std::set{ConnectionId{2}} == watchersOf(3));
    }

    /// Multiples of the number of buckets that the standard library has: with its own hash, which
    /// leaves a number as it is, each would be compared with all before it.
    void idsThatAreMadeToCollideCostNoMore() {
        std::vector<std::int64_t> users;
        for (std::int64_t i = 1; i <= 15'000; ++i) users.push_back(i * 20'753);
        std::size_t most = 0;
        std::unordered_map<std::int64_t, int, salon::SeededHash> map;
        for (const auto user : users) map[user] = 1;
        for (std::size_t i = 0; i < map.bucket_count(); ++i) {
            most = std::max(most, map.bucket_size(i));
        }
        CPPUNIT_ASSERT_LESS(std::size_t{32}, most);
    }

    void manyWatchMany() {
        std::mt19937 random(3);
        std::map<ConnectionId, std::set<std::int64_t>> wanted;
        for (int step = 0; step < 3000; ++step) {
            const auto connection = ConnectionId{1 + random() % 20};
            if (random() % 4 == 0) {
                index.erase(connection);
                wanted.erase(connection);
                continue;
            }
            std::set<std::int64_t> users;
            for (auto count = random() % 12; count > 0; --count)
                users.insert(static_cast<std::int64_t>(random() % 15));
            index.set(connection, {users.begin(), users.end()});
            wanted[connection] = users;
        }
        for (std::int64_t user = 0; user < 15; ++user) {
            std::set<ConnectionId> expected;
            for (const auto& [connection, users] : wanted) {
                if (users.contains(user)) expected.insert(connection);
            }
            CPPUNIT_ASSERT(expected == watchersOf(user));
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(WatchIndexTest);
