#include "Deadline.h"
#include "Dialogue.h"

#include <Poco/URI.h>

#include <string>
#include <vector>

using salon::wire::Json;
using salon::wire::jsonString;
using salon::wire::Person;

/// How people find each other.
class DirectoryTest : public salon::wire::Dialogue {
    CPPUNIT_TEST_SUITE(DirectoryTest);
    CPPUNIT_TEST(aNewcomerIsFoundByTheStartOfTheName);
    CPPUNIT_TEST(everyWordOfADisplayNameIsFound);
    CPPUNIT_TEST(caseAndAccentsPlayNoPart);
    CPPUNIT_TEST(aNewNameTakesThePlaceOfTheOld);
    CPPUNIT_TEST(wildcardsAreLetters);
    CPPUNIT_TEST(pagesFollowEachOther);
    CPPUNIT_TEST(withoutAQuestionEverybodyComes);
    CPPUNIT_TEST(somebodyIsFoundById);
    CPPUNIT_TEST(anAddressIsShownToItsOwnerOnly);
    CPPUNIT_TEST(whoAsksWrongIsTold);
    CPPUNIT_TEST(aStrangerIsToldNothing);
    CPPUNIT_TEST(whatAKilledDaemonMissedIsMadeUpFor);
    CPPUNIT_TEST_SUITE_END();

    using Names = std::vector<std::string>;

    Json page(const Person& asker, const std::string& query) {
        return asker.http().get("/api/v1/users" + query).is(200).json();
    }
    static Names names(const Json& page) {
        Names names;
        for (const auto& user : page.list("users")) names.push_back(user.text("username"));
        return names;
    }
    Names found(const Person& asker, const std::string& q) {
        std::string encoded;
        Poco::URI::encode(q, "!#$%&'()*+,/:;=?@[]_", encoded);
        return names(page(asker, "?q=" + encoded));
    }
    void add(const std::string& username, const std::string& displayName) {
        salon.http()
            .post("/api/v1/auth/register", "{\"username\":" + jsonString(username) +
                                               ",\"password\":\"correct horse\",\"display_name\":" +
                                               jsonString(displayName) + "}")
            .is(201);
    }

public:
    void aNewcomerIsFoundByTheStartOfTheName() {
        auto alice = salon.person("alice");
        for (const auto* name : {"bob", "bobby", "rob"}) {
            salon.person(name);
            CPPUNIT_ASSERT(!found(alice, name).empty());
            CPPUNIT_ASSERT_EQUAL(std::string(name), found(alice, name).front());
        }
        CPPUNIT_ASSERT((Names{"bob", "bobby"}) == found(alice, "bo"));
        CPPUNIT_ASSERT((Names{"bobby"}) == found(alice, "bobb"));
        CPPUNIT_ASSERT(found(alice, "bobbys").empty());
    }

    void everyWordOfADisplayNameIsFound() {
        auto alice = salon.person("alice");
        add("zed", "Anna Maria Bell");
        for (const auto* q : {"z", "anna", "mar", "bell", "anna m", "maria bell"}) {
            CPPUNIT_ASSERT(Names{"zed"} == found(alice, q));
        }
        for (const auto* q : {"nna", "ell", "anna bell"}) {
            CPPUNIT_ASSERT_MESSAGE(q, found(alice, q).empty());
        }
        // Two words begin so; he comes once.
        add("eve", "Bella Belle");
        CPPUNIT_ASSERT((Names{"zed", "eve"}) == found(alice, "bel"));
    }

    void caseAndAccentsPlayNoPart() {
        auto alice = salon.person("alice");
        add("zed", "Zoë Straße");
        for (const auto* q : {"zoe", "ZOË", "Zoe\xcc\x88", "STRASSE", "straß"}) {
            CPPUNIT_ASSERT(Names{"zed"} == found(alice, q));
        }
    }

    void aNewNameTakesThePlaceOfTheOld() {
        auto alice = salon.person("alice");
        auto bob = salon.person("bob");
        for (const auto* name : {"Robert Fuchs", "Bobby Hase", "Robert Fuchs"}) {
            bob.http()
                .patch("/api/v1/users/me", "{\"display_name\":" + jsonString(name) + "}")
                .is(200);
            const std::string word = name[0] == 'R' ? "fuc" : "has";
            CPPUNIT_ASSERT((Names{"bob"}) == found(alice, word));
            CPPUNIT_ASSERT(found(alice, word == "fuc" ? "has" : "fuc").empty());
        }
    }

    void wildcardsAreLetters() {
        auto alice = salon.person("alice");
        add("a_b", "100% sure");
        add("axb", "100 percent");
        CPPUNIT_ASSERT((Names{"a_b"}) == found(alice, "a_"));
        CPPUNIT_ASSERT((Names{"a_b"}) == found(alice, "100%"));
        for (const auto* q : {"%", "_", "*", "?", "'", "\\", "\"", "a%"}) {
            CPPUNIT_ASSERT_MESSAGE(q, found(alice, q).empty());
        }
    }

    void pagesFollowEachOther() {
        auto alice = salon.person("alice");
        for (const auto* name : {"dan1", "dan2", "dan3", "dan4", "dan5"}) salon.person(name);
        CPPUNIT_ASSERT(found(alice, "dan").size() == 5);
        const auto first = page(alice, "?q=dan&limit=2");
        CPPUNIT_ASSERT((Names{"dan1", "dan2"}) == names(first));
        const auto second = page(alice, "?q=dan&limit=2&after=" + first.text("next"));
        CPPUNIT_ASSERT((Names{"dan3", "dan4"}) == names(second));
        // Somebody who comes meanwhile moves nothing.
        salon.person("dan0");
        const auto last = page(alice, "?q=dan&limit=2&after=" + second.text("next"));
        CPPUNIT_ASSERT((Names{"dan5"}) == names(last));
        CPPUNIT_ASSERT(last.isNull("next"));
        CPPUNIT_ASSERT(page(alice, "?q=dan&limit=6").isNull("next"));
    }

    void withoutAQuestionEverybodyComes() {
        auto carol = salon.person("carol");
        salon.person("Bob");
        salon.person("alice");
        const Names everybody{"alice", "Bob", "carol"};
        CPPUNIT_ASSERT(everybody == names(page(carol, "")));
        CPPUNIT_ASSERT(everybody == names(page(carol, "?q=")));
        const auto first = page(carol, "?limit=1");
        CPPUNIT_ASSERT((Names{"Bob"}) ==
                       names(page(carol, "?limit=1&after=" + first.text("next"))));
    }

    void somebodyIsFoundById() {
        auto alice = salon.person("alice");
        auto bob = salon.person("bob");
        const auto user =
            alice.http().get("/api/v1/users/" + std::to_string(bob.id())).is(200).json();
        CPPUNIT_ASSERT_EQUAL(bob.id(), user.number("id"));
        CPPUNIT_ASSERT_EQUAL(std::string("bob"), user.text("username"));
        CPPUNIT_ASSERT(!user.flag("online"));
        CPPUNIT_ASSERT(user.isNull("last_seen"));
        for (const auto* id : {"999", "0", "-1", "bob", "1.5", "99999999999999999999"}) {
            alice.http().get(std::string("/api/v1/users/") + id).isProblem(404, "not_found");
        }
    }

    void anAddressIsShownToItsOwnerOnly() {
        auto alice = salon.person("alice");
        auto bob = salon.person("bob");
        const auto path = "/api/v1/users/" + std::to_string(bob.id());
        CPPUNIT_ASSERT(!alice.http().get(path).is(200).json().has("email"));
        CPPUNIT_ASSERT(bob.http().get(path).is(200).json().has("email"));
        for (const auto& user : page(bob, "").list("users")) CPPUNIT_ASSERT(!user.has("email"));
    }

    void whoAsksWrongIsTold() {
        auto alice = salon.person("alice");
        salon.person("alina");
        CPPUNIT_ASSERT(found(alice, "al").size() == 2);
        const auto next = page(alice, "?q=al&limit=1").text("next");
        for (const auto& query :
             {std::string("?limit=0"), std::string("?limit=201"), std::string("?limit=x"),
              std::string("?limit="), std::string("?after=garbage"), std::string("?after="),
              std::string("?after=%0a%0a1"), std::string("?q=%ff"), std::string("?limit=%zz"),
              "?after=" + next, "?q=b&after=" + next, "?q=al&after=" + next + "A"}) {
            alice.http().get("/api/v1/users" + query).isProblem(400, "bad_request");
        }
        alice.http().get("/api/v1/users?q=" + std::string(4000, 'a')).is(200);
    }

    void aStrangerIsToldNothing() {
        auto alice = salon.person("alice");
        salon.http().get("/api/v1/users").isProblem(401, "unauthorized");
        salon.http()
            .get("/api/v1/users/" + std::to_string(alice.id()))
            .isProblem(401, "unauthorized");
    }

    void whatAKilledDaemonMissedIsMadeUpFor() {
        auto alice = salon.person("alice");
        add("zed", "Anna Bell");
        salon.kill();
        salon.restart();
        const salon::test::Deadline deadline(salon::test::patience);
        while (found(alice, "bell") != Names{"zed"}) CPPUNIT_ASSERT(!deadline.passed());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(DirectoryTest);
