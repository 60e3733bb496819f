#include "directory/DirectoryStore.h"

#include "DirectoryFixture.h"

#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

using namespace salon::directory;

class DirectoryStoreTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(DirectoryStoreTest);
    CPPUNIT_TEST(aPrefixFindsNamesAndWordsInOrder);
    CPPUNIT_TEST(everybodyComesInOrderOfTheName);
    CPPUNIT_TEST(aListingReplacesTheOneBefore);
    CPPUNIT_TEST(whoIsTakenOutLeavesNothingBehind);
    CPPUNIT_TEST(everySearchFindsWhatALookAtEverybodyFinds);
    CPPUNIT_TEST_SUITE_END();

    directorytest::Hall hall;

    DirectoryStore store() { return DirectoryStore(hall.session()); }
    void put(std::int64_t user, const std::string& name, const std::string& display) {
        const Listing listing{name, display};
        store().put(user, &listing);
    }
    std::vector<std::int64_t> found(const std::string& prefix, std::int64_t limit = 100) {
        std::vector<std::int64_t> users;
        for (const auto& place : store().find(prefix, {}, limit)) users.push_back(place.user);
        return users;
    }
    using Ids = std::vector<std::int64_t>;

public:
    void aPrefixFindsNamesAndWordsInOrder() {
        put(1, "zoe", "anna bell");
        put(2, "anna", "anna annabel");
        put(3, "bob", "bob");
        put(4, "ann", "zed");
        put(5, "abel", "anna bell");
        CPPUNIT_ASSERT((Ids{4, 2, 5, 1}) == found("ann"));
        CPPUNIT_ASSERT((Ids{4, 2}) == found("ann", 2));
        CPPUNIT_ASSERT((Ids{5, 1}) == found("anna b"));
        CPPUNIT_ASSERT((Ids{5, 1}) == found("be"));
        CPPUNIT_ASSERT((Ids{4, 1}) == found("z"));
        CPPUNIT_ASSERT(found("nna").empty());
        CPPUNIT_ASSERT(found("%").empty());
        CPPUNIT_ASSERT(found("b_b").empty());
    }

    void everybodyComesInOrderOfTheName() {
        put(1, "zoe", "anna");
        put(2, "bob", "anna");
        put(3, "bob", "bob"); // two usernames may fold alike here
        Ids users;
        Place after;
        for (int page = 0; page < 3; ++page) {
            const auto places = store().everybody(after, 1);
            CPPUNIT_ASSERT_EQUAL(std::size_t{1}, places.size());
            after = places.front();
            users.push_back(after.user);
        }
        CPPUNIT_ASSERT((Ids{2, 3, 1}) == users);
        CPPUNIT_ASSERT(store().everybody(after, 1).empty());
    }

    void aListingReplacesTheOneBefore() {
        put(1, "zoe", "anna bell");
        put(1, "zoe", "anna smith");
        CPPUNIT_ASSERT(found("bell").empty());
        CPPUNIT_ASSERT((Ids{1}) == found("smith"));
        CPPUNIT_ASSERT((Ids{1}) == found("z"));
        CPPUNIT_ASSERT((Listing{"zoe", "anna smith"}) == store().listed(0, 9).at(1));
    }

    void whoIsTakenOutLeavesNothingBehind() {
        put(1, "zoe", "anna bell");
        put(2, "zoe", "anna bell");
        store().put(1, nullptr);
        store().put(7, nullptr);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{3},
                             hall.rooms.count("SELECT COUNT(*) FROM directory_word"));
        CPPUNIT_ASSERT((Ids{2}) == found("an"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, store().listed(0, 9).size());
    }

    void everySearchFindsWhatALookAtEverybodyFinds() {
        std::mt19937 random(7);
        const auto word = [&] {
            const std::string letters[] = {"a", "b", "é", "ж", "%", "_", "-"};
            std::string text;
            for (auto left = 1 + random() % 4; left > 0; --left) text += letters[random() % 7];
            return *fold(text);
        };
        std::map<std::int64_t, Listing> everybody;
        for (std::int64_t user = 1; user <= 200; ++user) {
            auto& listing = everybody[user];
            listing.name = word();
            for (auto words = random() % 4; words > 0; --words) listing.display += word() + " ";
            listing.display = *fold(listing.display);
            put(user, listing.name, listing.display);
        }
        for (int i = 0; i < 60; ++i) compare(everybody, word(), 1 + random() % 7);
    }

private:
    void compare(const std::map<std::int64_t, Listing>& everybody, const std::string& prefix,
                 std::size_t limit) {
        std::vector<std::tuple<std::string, std::string, std::int64_t>> expected;
        for (const auto& [user, listing] : everybody) {
            const auto words = wordsOf(listing);
            const auto first = std::find_if(words.begin(), words.end(), [&](const Word& each) {
                return each.text.starts_with(prefix);
            });
            if (first != words.end()) expected.emplace_back(first->text, listing.name, user);
        }
        std::sort(expected.begin(), expected.end());
        Place after;
        std::size_t at = 0;
        for (;;) {
            const auto places = store().find(prefix, after, static_cast<std::int64_t>(limit));
            for (const auto& place : places) {
                CPPUNIT_ASSERT_MESSAGE(prefix, at < expected.size());
                CPPUNIT_ASSERT_MESSAGE(prefix, expected[at++] ==
                                                   std::tie(place.word, place.name, place.user));
            }
            if (places.size() < limit) break;
            after = places.back();
        }
        CPPUNIT_ASSERT_EQUAL_MESSAGE(prefix, expected.size(), at);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(DirectoryStoreTest);
