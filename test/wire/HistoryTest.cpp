#include "RawWebSocket.h"
#include "Talk.h"

using namespace salon::wire;

/// Pages of a conversation by seq, over HTTP and as frames.
class HistoryTest : public Talk {
    CPPUNIT_TEST_SUITE(HistoryTest);
    CPPUNIT_TEST(theNewestPageComesOldestFirst);
    CPPUNIT_TEST(fiftyIsAPageUnlessALimitIsGiven);
    CPPUNIT_TEST(oneReadsBackwardsByBefore);
    CPPUNIT_TEST(oneReadsForwardsByAfter);
    CPPUNIT_TEST(whatIsNoPageIsRefused);
    CPPUNIT_TEST(aPageHasAtMostTwoHundred);
    CPPUNIT_TEST(strangersReadNothing);
    CPPUNIT_TEST(theHistoryFrameGivesTheSamePages);
    CPPUNIT_TEST(dmHistoryNamesTheOther);
    CPPUNIT_TEST(dmHistoryOfNoConversationIsEmpty);
    CPPUNIT_TEST(theFramesAreRefusedAsTheCallsAre);
    CPPUNIT_TEST(aSmallOutboxHoldsWhatWasAskedFor);
    CPPUNIT_TEST_SUITE_END();

public:
    void theNewestPageComesOldestFirst() {
        auto [alice, bob] = couple();
        const auto conversation = seven(alice, bob);
        isPage(messages(bob, conversation), "1 2 3 4 5 6 7", false);
        isPage(messages(bob, conversation, "?limit=7"), "1 2 3 4 5 6 7", false);
        isPage(messages(bob, conversation, "?limit=3"), "5 6 7", true);
        isPage(messages(bob, conversation, "?limit=1"), "7", true);
        const auto opened = alice.http().post("/api/v1/conversations", R"({"with":"@carol"})");
        opened.isProblem(404, "not_found");
        const auto carol = salon.person("carol");
        const auto empty = alice.http().post("/api/v1/conversations", R"({"with":"@carol"})");
        isPage(messages(carol, empty.is(201).json().number("id")), "", false);
    }

    void fiftyIsAPageUnlessALimitIsGiven() {
        auto [alice, bob] = couple();
        const auto conversation = many(alice, bob, 51);
        isPage(messages(bob, conversation), counting(2, 51), true);
        isPage(messages(bob, conversation, "?limit=51"), counting(1, 51), false);
        isPage(bob.ask("\"type\":\"history\",\"conversation\":" + std::to_string(conversation)),
               counting(2, 51), true);
        isPage(bob.ask(R"("type":"dm_history","with":"@alice")"), counting(2, 51), true);
    }

    void oneReadsBackwardsByBefore() {
        auto [alice, bob] = couple();
        const auto conversation = seven(alice, bob);
        isPage(messages(bob, conversation, "?before=5&limit=2"), "3 4", true);
        isPage(messages(bob, conversation, "?before=3&limit=2"), "1 2", false);
        isPage(messages(bob, conversation, "?before=4&limit=2"), "2 3", true);
        isPage(messages(bob, conversation, "?before=1"), "", false);
        isPage(messages(bob, conversation, "?before=0"), "", false);
        isPage(messages(bob, conversation, "?before=999&limit=1"), "7", true);
        isPage(messages(bob, conversation, "?before=9223372036854775807&limit=1"), "7", true);
    }

    void oneReadsForwardsByAfter() {
        auto [alice, bob] = couple();
        const auto conversation = seven(alice, bob);
        isPage(messages(bob, conversation, "?after=2&limit=2"), "3 4", true);
        isPage(messages(bob, conversation, "?after=5&limit=2"), "6 7", false);
        isPage(messages(bob, conversation, "?after=0"), "1 2 3 4 5 6 7", false);
        isPage(messages(bob, conversation, "?after=0&limit=1"), "1", true);
        isPage(messages(bob, conversation, "?after=7"), "", false);
        isPage(messages(bob, conversation, "?after=999"), "", false);
    }

    void whatIsNoPageIsRefused() {
        auto [alice, bob] = couple();
        const auto where = path(seven(alice, bob), "/messages?");
        bob.http().get(where + "before=5&after=2").isProblem(400, "bad_request");
        for (const auto* name : {"limit", "before", "after"}) {
            for (const auto* value :
                 {"abc", "-1", "", "1.5", "+1", "%201", "1x", "99999999999999999999"}) {
                const auto reply = bob.http().get(where + name + "=" + value);
                const auto problem = reply.isProblem(400, "bad_request").json();
                shows(problem.list("errors").at(0), "field", name);
            }
        }
        bob.http().get(where + "limit=0").isProblem(400, "bad_request");
        bob.http().get(where + "limit=201").isProblem(400, "bad_request");
    }

    void aPageHasAtMostTwoHundred() {
        auto [alice, bob] = couple();
        const auto conversation = many(alice, bob, 201);
        isPage(messages(bob, conversation, "?limit=200"), counting(2, 201), true);
        isPage(messages(bob, conversation, "?after=0&limit=200"), counting(1, 200), true);
        isPage(bob.ask(R"("type":"dm_history","with":"@alice","limit":200)"), counting(2, 201),
               true);
    }

    void strangersReadNothing() {
        auto [alice, bob] = couple();
        const auto carol = salon.person("carol");
        const auto conversation = alice.send(bob, "salut").number("conversation");
        const auto where = path(conversation, "/messages");
        carol.http().get(where).isProblem(403, "not_member");
        carol.http().get(path(999999, "/messages")).isProblem(404, "not_found");
        carol.http().get("/api/v1/conversations/abc/messages").isProblem(404, "not_found");
        salon.http().get(where).isProblem(401, "unauthorized");
    }

    void theHistoryFrameGivesTheSamePages() {
        auto [alice, bob] = couple();
        const auto conversation = seven(alice, bob);
        const auto ask = [&bob = bob, conversation](const std::string& members) {
            return bob.ask("\"type\":\"history\",\"conversation\":" + std::to_string(conversation) +
                           members);
        };
        const auto page = ask(",\"limit\":3");
        shows(page, "type", "history");
        shows(page, "conversation", conversation);
        isPage(page, "5 6 7", true);
        const auto same = messages(bob, conversation, "?limit=3");
        for (std::size_t i = 0; i < 3; ++i) {
            CPPUNIT_ASSERT_EQUAL(same.list("messages").at(i).dump(),
                                 page.list("messages").at(i).dump());
        }
        isPage(ask(",\"limit\":2,\"before\":5"), "3 4", true);
        isPage(ask(",\"limit\":2,\"before\":3"), "1 2", false);
        isPage(ask(",\"limit\":2,\"after\":2"), "3 4", true);
        isPage(ask(",\"limit\":2,\"after\":5"), "6 7", false);
        isPage(ask(",\"after\":7,\"before\":null,\"limit\":null"), "", false);
    }

    void dmHistoryNamesTheOther() {
        auto [alice, bob] = couple();
        const auto conversation = seven(alice, bob);
        const auto id = std::to_string(alice.id());
        for (const auto& with :
             {id, '"' + id + '"', std::string("\"@alice\""), std::string("\"@Alice\"")}) {
            const auto page = bob.ask(R"("type":"dm_history","limit":2,"with":)" + with);
            shows(page, "type", "history");
            shows(page, "conversation", conversation);
            isPage(page, "6 7", true);
        }
    }

    void dmHistoryOfNoConversationIsEmpty() {
        auto [alice, bob] = couple();
        const auto page = alice.ask(R"("type":"dm_history","with":"@bob")");
        shows(page, "type", "history");
        CPPUNIT_ASSERT(page.isNull("conversation"));
        isPage(page, "", false);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, count("SELECT COUNT(*) FROM conversation"));
        bob.seesNothing();
    }

    void theFramesAreRefusedAsTheCallsAre() {
        auto [alice, bob] = couple();
        auto carol = connected("carol");
        const auto conversation = std::to_string(seven(alice, bob));
        const auto history = "\"type\":\"history\",\"conversation\":" + conversation;
        const std::string dmHistory = R"("type":"dm_history","with":"@alice")";
        refused(carol, history, "not_member");
        refused(carol, R"("type":"history","conversation":999999)", "not_found");
        refused(carol, R"("type":"history","room":"general")", "not_found");
        refused(carol, R"("type":"history","room":5)", "bad_request");
        refused(carol, R"("type":"history")", "bad_request");
        refused(carol, R"("type":"history","conversation":"1")", "bad_request");
        refused(carol, R"("type":"dm_history")", "bad_request");
        refused(carol, R"("type":"dm_history","with":"@carol")", "bad_request");
        refused(carol, R"("type":"dm_history","with":"@nobody")", "not_found");
        refused(carol, R"("type":"dm_history","with":999999)", "not_found");
        for (const auto& start : {history, dmHistory}) {
            for (const auto* bad : {",\"limit\":0", ",\"limit\":201", ",\"limit\":\"5\"",
                                    ",\"limit\":-1", ",\"limit\":1.5", ",\"before\":-1",
                                    ",\"after\":\"1\"", ",\"before\":5,\"after\":2"}) {
                refused(bob, start + bad, "bad_request");
            }
        }
        carol.seesNothing();
    }

    void aSmallOutboxHoldsWhatWasAskedFor() {
        restartWith("ws.outbox", "16KiB");
        auto [alice, bob] = couple();
        const auto conversation = std::to_string(many(alice, bob, 200));
        RawWebSocket slow(salon.port(), bob.token(), 4096);
        shows(slow.next(), "type", "welcome");
        // News would find the outbox full.
        slow.send(textBytes(R"({"type":"watch","users":[],"id":"nobody"})"));
        shows(slow.next(), "id", "nobody");
        constexpr int times = 1000; // more than the sockets hold
        for (int i = 0; i < times; ++i) {
            slow.send(textBytes(
                "{\"type\":\"history\",\"limit\":200,\"conversation\":" + conversation + "}"));
        }
        for (int i = 0; i < times; ++i) {
            // The page is as long as fits.
            const auto page = slow.next();
            shows(page, "type", "history");
            CPPUNIT_ASSERT_EQUAL(std::int64_t{200}, page.list("messages").back().number("seq"));
            CPPUNIT_ASSERT(page.flag("more"));
        }
    }

private:
    static std::int64_t seven(Person& alice, Person& bob) { return many(alice, bob, 7); }

    static std::int64_t many(Person& alice, Person& bob, int messages) {
        Json ack;
        for (int i = 1; i <= messages; ++i) {
            ack = alice.send(bob, "message " + std::to_string(i));
            bob.sees("dm");
        }
        return ack.number("conversation");
    }

    static void isPage(const Json& page, const std::string& seqs, bool more) {
        CPPUNIT_ASSERT_EQUAL(seqs, numbers(page.list("messages"), "seq"));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(page.dump(), more, page.flag("more"));
        for (const auto& message : page.list("messages")) {
            shows(message, "content", "message " + std::to_string(message.number("seq")));
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(HistoryTest);
