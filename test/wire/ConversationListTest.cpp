#include "Talk.h"

using namespace salon::wire;

/// The conversations of somebody: the list, one of them, and the making of one.
class ConversationListTest : public Talk {
    CPPUNIT_TEST_SUITE(ConversationListTest);
    CPPUNIT_TEST(theLatestActivityComesFirst);
    CPPUNIT_TEST(theListIsReadPageByPage);
    CPPUNIT_TEST(whatIsNoPageIsRefused);
    CPPUNIT_TEST(thePairHasOneConversation);
    CPPUNIT_TEST(aConversationWithoutAMessageIsNotListed);
    CPPUNIT_TEST(aConversationShowsItsMembers);
    CPPUNIT_TEST(whoCannotBeWrittenToIsRefused);
    CPPUNIT_TEST(othersUndeletedMessagesAreUnread);
    CPPUNIT_TEST(theLastMessageIsShownAsItIsNow);
    CPPUNIT_TEST(strangersSeeNothing);
    CPPUNIT_TEST_SUITE_END();

public:
    void theLatestActivityComesFirst() {
        auto [alice, bob] = couple();
        auto carol = connected("carol");
        auto dave = connected("dave");
        CPPUNIT_ASSERT(list(alice).list("conversations").empty());
        CPPUNIT_ASSERT(list(alice).isNull("next"));
        alice.send(bob, "one");
        alice.send(carol, "two");
        dave.send(alice, "three");
        bob.send(carol, "of no interest to alice");
        CPPUNIT_ASSERT_EQUAL(std::string("dave carol bob"), peers(list(alice)));
        bob.send(alice, "four");
        CPPUNIT_ASSERT_EQUAL(std::string("bob dave carol"), peers(list(alice)));
        const auto first = list(alice).list("conversations").at(0);
        shows(first.object("last_message"), "content", "four");
        CPPUNIT_ASSERT_EQUAL(overview(alice, first.number("id")).dump(), first.dump());
    }

    void theListIsReadPageByPage() {
        auto [alice, bob] = couple();
        const auto carol = salon.person("carol");
        const auto dave = salon.person("dave");
        alice.send(bob, "one");
        alice.send(carol, "two");
        alice.send(dave, "three");
        for (const auto* limit : {"1", "2", "3", "200"}) {
            std::string all;
            std::string after;
            for (int pages = 0; pages < 5; ++pages) {
                const auto page = list(alice, std::string("?limit=") + limit + after);
                CPPUNIT_ASSERT(!page.list("conversations").empty());
                all += (all.empty() ? "" : " ") + peers(page);
                if (page.isNull("next")) break;
                after = "&after=" + page.text("next");
            }
            CPPUNIT_ASSERT_EQUAL(std::string("dave carol bob"), all);
        }
    }

    void whatIsNoPageIsRefused() {
        auto [alice, bob] = couple();
        alice.send(bob, "salut");
        for (const auto* bad : {"limit=0", "limit=201", "limit=abc", "limit=", "limit=-1",
                                "after=abc", "after=", "after=-1", "after=0"}) {
            alice.http()
                .get(std::string("/api/v1/conversations?") + bad)
                .isProblem(400, "bad_request");
        }
        salon.http().get("/api/v1/conversations").isProblem(401, "unauthorized");
        alice.http().del("/api/v1/conversations").isProblem(405, "method_not_allowed");
    }

    void thePairHasOneConversation() {
        auto [alice, bob] = couple();
        const auto id = std::to_string(bob.id());
        const auto made = open(alice, "\"@bob\"").is(201).json().number("id");
        for (const auto& with :
             {id, '"' + id + '"', std::string("\"@bob\""), std::string("\"@BOB\"")}) {
            shows(open(alice, with).is(200).json(), "id", made);
        }
        shows(open(bob, "\"@alice\"").is(200).json(), "id", made);
        shows(alice.send(bob, "salut"), "conversation", made);
        shows(bob.send(alice, "salut"), "conversation", made);
        // And the other way round: made by a message, opened afterwards.
        const auto carol = salon.person("carol");
        const auto sent = alice.send(carol, "salut").number("conversation");
        shows(open(carol, "\"@alice\"").is(200).json(), "id", sent);
        salon.stop();
        salon.restart();
        shows(open(bob, "\"@alice\"").is(200).json(), "id", made);
    }

    void aConversationWithoutAMessageIsNotListed() {
        auto [alice, bob] = couple();
        const auto id = open(alice, "\"@bob\"").is(201).json().number("id");
        CPPUNIT_ASSERT(list(alice).list("conversations").empty());
        CPPUNIT_ASSERT(list(bob).list("conversations").empty());
        shows(overview(bob, id), "seq", 0);
        bob.seesNothing();
        post(alice, id, "first", "salut").is(201);
        CPPUNIT_ASSERT_EQUAL(std::string("bob"), peers(list(alice)));
        CPPUNIT_ASSERT_EQUAL(std::string("alice"), peers(list(bob)));
    }

    void aConversationShowsItsMembers() {
        auto [alice, bob] = couple();
        const auto made = open(alice, "\"@bob\"").is(201).json();
        CPPUNIT_ASSERT(made.isNull("last_message"));
        shows(made, "seq", 0);
        shows(made, "rev", 0);
        shows(made, "unread", 0);
        CPPUNIT_ASSERT_EQUAL(made.dump(), open(alice, "\"@bob\"").is(200).json().dump());
        const auto id = made.number("id");
        alice.send(bob, "salut");
        bob.ask("\"type\":\"received\",\"seq\":1,\"conversation\":" + std::to_string(id));
        const auto seen = overview(alice, id);
        shows(seen, "id", id);
        shows(seen, "kind", "direct");
        CPPUNIT_ASSERT(seen.isNull("name"));
        CPPUNIT_ASSERT(seen.isNull("topic"));
        CPPUNIT_ASSERT(seen.flag("private"));
        shows(seen, "members", 2);
        shows(seen, "seq", 1);
        shows(seen, "rev", 1);
        shows(seen, "unread", 0);
        const auto history = messages(alice, id).list("messages");
        CPPUNIT_ASSERT_EQUAL(history.at(0).dump(), seen.object("last_message").dump());
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, seen.list("receipts").size());
        for (const auto& receipt : seen.list("receipts")) {
            shows(receipt, "received", receipt.number("user") == bob.id() ? 1 : 0);
            shows(receipt, "read", 0);
        }
        const auto peer = seen.object("peer");
        shows(peer, "id", bob.id());
        shows(peer, "username", "bob");
        CPPUNIT_ASSERT(!peer.has("email"));
        CPPUNIT_ASSERT(!peer.has("password"));
        shows(overview(bob, id).object("peer"), "id", alice.id());
        shows(overview(bob, id), "unread", 1);
    }

    void whoCannotBeWrittenToIsRefused() {
        auto [alice, bob] = couple();
        open(alice, std::to_string(alice.id())).isProblem(400, "bad_request");
        open(alice, "\"@Alice\"").isProblem(400, "bad_request");
        open(alice, "999999").isProblem(404, "not_found");
        open(alice, "\"@nobody\"").isProblem(404, "not_found");
        for (const auto* bad : {"null", "0", "-1", "1.5", "\"bob\"", "\"\"", "\"@\"", "[]", "{}"}) {
            const auto problem = open(alice, bad).isProblem(400, "bad_request").json();
            shows(problem.list("errors").at(0), "field", "with");
        }
        alice.http().post("/api/v1/conversations", "{}").isProblem(400, "bad_request");
        alice.http().post("/api/v1/conversations", "[]").isProblem(400, "bad_request");
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, count("SELECT COUNT(*) FROM conversation"));
    }

    void othersUndeletedMessagesAreUnread() {
        auto [alice, bob] = couple();
        alice.send(bob, "one");
        const auto second = alice.send(bob, "two");
        alice.send(bob, "three");
        bob.send(alice, "mine");
        const auto id = second.number("conversation");
        unread(bob, id, 3);
        unread(alice, id, 1);
        alice.http().del("/api/v1/messages/" + std::to_string(second.number("message"))).is(200);
        unread(bob, id, 2);
        bob.http().put(path(id, "/receipts"), R"({"received":4})").is(204);
        unread(bob, id, 2);
        bob.http().put(path(id, "/receipts"), R"({"read":1})").is(204);
        unread(bob, id, 1);
        bob.http().put(path(id, "/receipts"), R"({"read":4})").is(204);
        unread(bob, id, 0);
        alice.send(bob, "four");
        unread(bob, id, 1);
        unread(alice, id, 1);
    }

    void theLastMessageIsShownAsItIsNow() {
        auto [alice, bob] = couple();
        const auto sent = alice.send(bob, "salut");
        const auto where = "/api/v1/messages/" + std::to_string(sent.number("message"));
        alice.http().patch(where, R"({"content":"bonjour"})").is(200);
        shows(last(bob), "content", "bonjour");
        alice.http().del(where).is(200);
        CPPUNIT_ASSERT(last(bob).flag("deleted"));
        CPPUNIT_ASSERT(last(bob).isNull("content"));
    }

    void strangersSeeNothing() {
        auto [alice, bob] = couple();
        const auto carol = salon.person("carol");
        const auto id = alice.send(bob, "salut").number("conversation");
        carol.http().get(path(id)).isProblem(403, "not_member");
        carol.http().get(path(999999)).isProblem(404, "not_found");
        carol.http().get("/api/v1/conversations/abc").isProblem(404, "not_found");
        carol.http().get("/api/v1/conversations/0").isProblem(404, "not_found");
        salon.http().get(path(id)).isProblem(401, "unauthorized");
        CPPUNIT_ASSERT(list(carol).list("conversations").empty());
    }

private:
    static Json list(const Person& reader, const std::string& query = {}) {
        return reader.http().get("/api/v1/conversations" + query).is(200).json();
    }
    static Json last(const Person& reader) {
        return list(reader).list("conversations").at(0).object("last_message");
    }
    static Reply open(const Person& person, const std::string& with) {
        return person.http().post("/api/v1/conversations", "{\"with\":" + with + "}");
    }
    static std::string peers(const Json& page) {
        std::vector<Json> all;
        for (const auto& each : page.list("conversations")) all.push_back(each.object("peer"));
        return texts(all, "username");
    }
    static void unread(const Person& reader, std::int64_t conversation, std::int64_t expected) {
        shows(overview(reader, conversation), "unread", expected);
        shows(list(reader).list("conversations").at(0), "unread", expected);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ConversationListTest);
