#include "account/UserDirectory.h"

#include "auth/AuthFixture.h"
#include "store/sqlite/SqliteStatement.h"

#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace salon::auth;
using namespace salon::auth::fixture;

namespace {

std::function<void()> afterReading;

/// A statement after whose first row something else happens.
class SlowStatement final : public salon::detail::PreparedStatement {
public:
    explicit SlowStatement(std::unique_ptr<PreparedStatement> statement)
        : _statement(std::move(statement)) {}
    void bind(int position, std::int64_t value) override { _statement->bind(position, value); }
    void bind(int position, std::string_view value) override { _statement->bind(position, value); }
    bool step() override {
        const bool more = _statement->step();
        if (more) afterReading();
        return more;
    }
    std::int64_t integer(int column) override { return _statement->integer(column); }
    std::string_view text(int column) override { return _statement->text(column); }
    std::size_t changed() override { return _statement->changed(); }
    std::int64_t insertedId() override { return _statement->insertedId(); }
    void reset() noexcept override { _statement->reset(); }

private:
    std::unique_ptr<PreparedStatement> _statement;
};

std::unique_ptr<salon::detail::PreparedStatement> prepareSlow(Poco::Data::Session& session,
                                                              const char* sql) {
    return std::make_unique<SlowStatement>(salon::store::prepareSqlite(session, sql));
}

} // namespace

class UserDirectoryTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(UserDirectoryTest);
    CPPUNIT_TEST(whoWasAskedForIsRemembered);
    CPPUNIT_TEST(namesAreComparedFolded);
    CPPUNIT_TEST(strangersAreNobody);
    CPPUNIT_TEST(manyAreFoundInTheOrderAskedFor);
    CPPUNIT_TEST(theWireShowsManyAsEachOfThem);
    CPPUNIT_TEST(theLongestUnusedIsForgotten);
    CPPUNIT_TEST(whatWasReadBeforeAChangeIsNotKept);
    CPPUNIT_TEST(theWireShowsTheAddressToItsOwnerOnly);
    CPPUNIT_TEST_SUITE_END();

    Rooms rooms;

    salon::Session& session() { return *rooms.store.session; }
    std::int64_t add(const std::string& name, const std::string& email = "") {
        return AccountStore(session()).insert({name, name, name, email, email, "", 1})->id;
    }
    std::string json(const User& user, bool own) {
        std::string text;
        salon::JsonWriter writer(text);
        rooms.users.write(writer, user, own);
        return text;
    }

public:
    void whoWasAskedForIsRemembered() {
        const auto bob = add("bob");
        CPPUNIT_ASSERT(!rooms.users.cached(bob));
        const auto found = rooms.users.find(session(), bob);
        CPPUNIT_ASSERT_EQUAL(std::string("bob"), found->username);
        CPPUNIT_ASSERT(found == rooms.users.cached(bob));
        CPPUNIT_ASSERT(found == rooms.users.find(session(), bob));
        CPPUNIT_ASSERT(found == rooms.users.findByName(session(), "BOB") ||
                       rooms.users.findByName(session(), "BOB")->id == bob);
    }

    void namesAreComparedFolded() {
        const auto id = add("strasse");
        CPPUNIT_ASSERT_EQUAL(id, rooms.users.findByName(session(), "STRAẞE")->id);
        CPPUNIT_ASSERT_EQUAL(id, rooms.users.findByName(session(), "straße")->id);
    }

    void strangersAreNobody() {
        add("bob");
        CPPUNIT_ASSERT(!rooms.users.find(session(), 99));
        CPPUNIT_ASSERT(!rooms.users.findByName(session(), "eve"));
        CPPUNIT_ASSERT(!rooms.users.findByName(session(), "no name"));
        CPPUNIT_ASSERT(!rooms.users.findByName(session(), "\xff\xff\xff"));
    }

    void manyAreFoundInTheOrderAskedFor() {
        std::vector<std::int64_t> ids;
        for (int i = 0; i < 150; ++i) ids.push_back(add("user" + std::to_string(i)));
        rooms.users.find(session(), ids[3]); // one is in memory
        std::reverse(ids.begin(), ids.end());
        ids.push_back(99999); // nobody
        ids.push_back(ids[0]);
        const auto found = rooms.users.findMany(session(), ids);
        CPPUNIT_ASSERT_EQUAL(ids.size(), found.size());
        for (std::size_t i = 0; i < ids.size(); ++i) {
            CPPUNIT_ASSERT_EQUAL(ids[i] == 99999 ? std::int64_t{0} : ids[i],
                                 found[i] ? found[i]->id : 0);
        }
        // A list does not push out those who are talking.
        CPPUNIT_ASSERT(!rooms.users.cached(ids[0]));
    }

    void theWireShowsManyAsEachOfThem() {
        const auto bob = add("bob");
        const auto eve = add("eve");
        rooms.hub.online.insert(salon::Topic::user(eve).handle);
        const std::vector users{rooms.users.find(session(), bob), rooms.users.find(session(), eve)};
        std::string text;
        salon::JsonWriter writer(text);
        writer.beginArray();
        rooms.users.writeMany(writer, users, session());
        writer.endArray();
        CPPUNIT_ASSERT_EQUAL("[" + json(*users[0], false) + "," + json(*users[1], false) + "]",
                             text);
    }

    void theLongestUnusedIsForgotten() {
        UserDirectory small(rooms.hub, 2);
        const auto bob = add("bob");
        const auto eve = add("eve");
        const auto joe = add("joe");
        small.find(session(), bob);
        small.findByName(session(), "eve");
        CPPUNIT_ASSERT(small.cached(bob));
        small.find(session(), joe);
        CPPUNIT_ASSERT(small.cached(bob));
        CPPUNIT_ASSERT(!small.cached(eve));
        CPPUNIT_ASSERT(small.cached(joe));
        // Its name is still known to lead to it, and it is read again.
        CPPUNIT_ASSERT_EQUAL(eve, small.findByName(session(), "eve")->id);
    }

    void whatWasReadBeforeAChangeIsNotKept() {
        const auto bob = add("bob");
        auto fresh = *AccountStore(session()).find(bob);
        fresh.displayName = "Bobby";
        afterReading = [&] { rooms.users.changed(fresh); };
        salon::Session slow(session().poco(), salon::Dialect::sqlite, prepareSlow);
        CPPUNIT_ASSERT_EQUAL(std::string("bob"), rooms.users.find(slow, bob)->displayName);
        CPPUNIT_ASSERT_EQUAL(std::string("Bobby"), rooms.users.cached(bob)->displayName);
        afterReading = nullptr;
    }

    void theWireShowsTheAddressToItsOwnerOnly() {
        const auto id = add("bob", "b@c.d");
        const auto bob = rooms.users.find(session(), id);
        const std::string start = R"({"id":1,"username":"bob","display_name":"bob","avatar":null,)"
                                  R"("role":"user","online":)";
        CPPUNIT_ASSERT_EQUAL(start + R"(false,"last_seen":null})", json(*bob, false));
        rooms.hub.online.insert(salon::Topic::user(id).handle);
        CPPUNIT_ASSERT_EQUAL(start + R"(true,"last_seen":null,"email":"b@c.d"})", json(*bob, true));
        const auto eve = rooms.users.find(session(), add("eve"));
        CPPUNIT_ASSERT(json(*eve, true).ends_with(R"("last_seen":null,"email":null})"));
        User colour = *eve;
        colour.avatar = "#aabbcc";
        CPPUNIT_ASSERT(json(colour, false).find(R"("avatar":"#aabbcc")") != std::string::npos);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(UserDirectoryTest);
