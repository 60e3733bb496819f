#include "account/AccountStore.h"

#include "auth/AuthFixture.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>

using namespace salon::auth;
using salon::auth::fixture::Rooms;

class AccountStoreTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(AccountStoreTest);
    CPPUNIT_TEST(whatIsInsertedIsFound);
    CPPUNIT_TEST(manyHaveNoAddress);
    CPPUNIT_TEST(takenNamesAndAddressesAreConflicts);
    CPPUNIT_TEST(theWriteGoesOnAfterAConflict);
    CPPUNIT_TEST(noAddressIsNobodys);
    CPPUNIT_TEST(idsAreNeverUsedAgain);
    CPPUNIT_TEST(aPasswordThatChangedMeanwhileStays);
    CPPUNIT_TEST_SUITE_END();

    Rooms rooms;
    AccountStore accounts{*rooms.store.session};

    static NewAccount account(const std::string& name, const std::string& email = "") {
        return {name, name, name, email, email, "phc", 1000};
    }

public:
    void whatIsInsertedIsFound() {
        const auto made = accounts.insert({"Bob", "bob", "Bob S.", "B@c.d", "b@c.d", "phc", 1234});
        CPPUNIT_ASSERT(made);
        const auto user = accounts.find(made->id);
        CPPUNIT_ASSERT(user);
        CPPUNIT_ASSERT_EQUAL(std::string("Bob"), user->username);
        CPPUNIT_ASSERT_EQUAL(std::string("Bob S."), user->displayName);
        CPPUNIT_ASSERT_EQUAL(std::string("B@c.d"), user->email);
        CPPUNIT_ASSERT_EQUAL(std::string("user"), user->role);
        CPPUNIT_ASSERT_EQUAL(std::string(), user->avatar);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1234}, user->createdAt);
        CPPUNIT_ASSERT(!user->disabled);
        CPPUNIT_ASSERT_EQUAL(made->id, accounts.findByName("bob")->id);
        CPPUNIT_ASSERT_EQUAL(made->id, accounts.accountByEmail("b@c.d")->user.id);
        CPPUNIT_ASSERT_EQUAL(std::string("phc"), accounts.accountByName("bob")->password);
        CPPUNIT_ASSERT(!accounts.findByName("Bob"));
        CPPUNIT_ASSERT(!accounts.find(made->id + 1));
    }

    void manyHaveNoAddress() {
        CPPUNIT_ASSERT(accounts.insert(account("bob")));
        CPPUNIT_ASSERT(accounts.insert(account("eve")));
    }

    void takenNamesAndAddressesAreConflicts() {
        CPPUNIT_ASSERT(accounts.insert(account("bob", "b@c.d")));
        CPPUNIT_ASSERT(accounts.taken("eve", "").empty());
        const auto again = accounts.insert(account("bob", "b@c.d"));
        CPPUNIT_ASSERT(!again);
        CPPUNIT_ASSERT(again.error().code == salon::Code::conflict);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, again.error().fields.size());
        CPPUNIT_ASSERT_EQUAL(std::string("username"), again.error().fields[0].field);
        CPPUNIT_ASSERT_EQUAL(std::string("taken"), again.error().fields[0].code);
        const auto other = accounts.insert(account("eve", "b@c.d"));
        CPPUNIT_ASSERT(!other);
        CPPUNIT_ASSERT_EQUAL(std::string("email"), other.error().fields.at(0).field);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, rooms.count("SELECT COUNT(*) FROM user_account"));
    }

    void theWriteGoesOnAfterAConflict() {
        CPPUNIT_ASSERT(accounts.insert(account("bob")));
        CPPUNIT_ASSERT(!accounts.insert(account("bob")));
        CPPUNIT_ASSERT(accounts.insert(account("eve")));
        CPPUNIT_ASSERT(!accounts.insert(account("bob")));
    }

    void noAddressIsNobodys() {
        CPPUNIT_ASSERT(accounts.insert(account("bob")));
        CPPUNIT_ASSERT(!accounts.accountByEmail(""));
        CPPUNIT_ASSERT(accounts.taken("eve", "").empty());
    }

    void idsAreNeverUsedAgain() {
        const auto first = accounts.insert(account("bob"));
        rooms.store.session->execute("DELETE FROM user_account");
        const auto second = accounts.insert(account("bob"));
        CPPUNIT_ASSERT(second->id > first->id);
    }

    void aPasswordThatChangedMeanwhileStays() {
        const auto user = accounts.insert(account("bob"));
        accounts.replacePassword(user->id, "another", "fresh");
        CPPUNIT_ASSERT_EQUAL(std::string("phc"), accounts.accountByName("bob")->password);
        accounts.replacePassword(user->id, "phc", "fresh");
        CPPUNIT_ASSERT_EQUAL(std::string("fresh"), accounts.accountByName("bob")->password);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(AccountStoreTest);
