#include "Talk.h"

#include <map>

using namespace salon::wire;

/// What did I miss: messages with a greater rev, each once, in its newest state.
class ChangesTest : public Talk {
    CPPUNIT_TEST_SUITE(ChangesTest);
    CPPUNIT_TEST(everythingIsMissedFromZero);
    CPPUNIT_TEST(nothingIsMissedFromTheHead);
    CPPUNIT_TEST(aMessageComesOnceInItsNewestState);
    CPPUNIT_TEST(everyRevLeadsToWhatCameAfterIt);
    CPPUNIT_TEST(pagesOfAnySizeReachTheHeadWithEachMessageOnce);
    CPPUNIT_TEST(aReaderIsWholeThoughEditsGoOn);
    CPPUNIT_TEST(changesThatWereChangedAgainAreReadPieceByPiece);
    CPPUNIT_TEST(deletedMessagesAreReadPieceByPiece);
    CPPUNIT_TEST(aRevBeyondTheHeadIsAReset);
    CPPUNIT_TEST(theReceiptsComeWithThem);
    CPPUNIT_TEST(fiftyIsAPage);
    CPPUNIT_TEST(whatIsNoRevIsRefused);
    CPPUNIT_TEST(strangersAreToldNothing);
    CPPUNIT_TEST_SUITE_END();

public:
    void everythingIsMissedFromZero() {
        auto [alice, bob] = couple();
        const auto conversation =
            sendAll(alice, bob, {"one", "two", "three"}).number("conversation");
        const auto all = changes(bob, conversation, 0);
        CPPUNIT_ASSERT_EQUAL(std::string("one two three"), texts(all.list("messages"), "content"));
        CPPUNIT_ASSERT_EQUAL(std::string("1 2 3"), numbers(all.list("messages"), "rev"));
        shows(all, "rev", 3);
        CPPUNIT_ASSERT(!all.flag("more"));
        CPPUNIT_ASSERT(!all.has("reset"));
        const auto history = messages(bob, conversation).list("messages");
        for (std::size_t i = 0; i < 3; ++i) {
            CPPUNIT_ASSERT_EQUAL(history.at(i).dump(), all.list("messages").at(i).dump());
        }
    }

    void nothingIsMissedFromTheHead() {
        auto [alice, bob] = couple();
        const auto conversation = sendAll(alice, bob, {"one", "two"}).number("conversation");
        const auto none = changes(bob, conversation, 2);
        CPPUNIT_ASSERT(none.list("messages").empty());
        shows(none, "rev", 2);
        CPPUNIT_ASSERT(!none.flag("more"));
        CPPUNIT_ASSERT(!none.has("reset"));
        shows(changes(bob, conversation, 1).list("messages").at(0), "content", "two");
    }

    void aMessageComesOnceInItsNewestState() {
        auto [alice, bob] = couple();
        const auto conversation =
            sendAll(alice, bob, {"one", "two", "three"}).number("conversation");
        edit(alice, conversation, 1, "eins");
        edit(alice, conversation, 1, "ein");
        edit(alice, conversation, 1, "un");
        remove(alice, conversation, 2);
        for (const auto since : {3, 4, 5}) {
            const auto page = changes(bob, conversation, since);
            CPPUNIT_ASSERT_EQUAL(std::string("6 7"), numbers(page.list("messages"), "rev"));
            CPPUNIT_ASSERT_EQUAL(std::string("1 2"), numbers(page.list("messages"), "seq"));
            shows(page.list("messages").at(0), "content", "un");
            CPPUNIT_ASSERT(isTime(page.list("messages").at(0).text("edited_at")));
            CPPUNIT_ASSERT(page.list("messages").at(1).flag("deleted"));
            CPPUNIT_ASSERT(page.list("messages").at(1).isNull("content"));
            shows(page, "rev", 7);
        }
        const auto all = changes(bob, conversation, 0).list("messages");
        CPPUNIT_ASSERT_EQUAL(std::string("3 1 2"), numbers(all, "seq"));
        CPPUNIT_ASSERT_EQUAL(std::string("2"),
                             numbers(changes(bob, conversation, 6).list("messages"), "seq"));
    }

    void everyRevLeadsToWhatCameAfterIt() {
        auto [alice, bob] = couple();
        const auto conversation = eventful(alice, bob);
        const auto head = overview(bob, conversation).number("rev");
        const auto history = messages(bob, conversation).list("messages");
        for (std::int64_t since = 0; since <= head; ++since) {
            std::map<std::int64_t, std::string> expected;
            for (const auto& message : history) {
                if (message.number("rev") > since) {
                    expected[message.number("rev")] = message.dump();
                }
            }
            std::string wanted;
            for (const auto& [rev, text] : expected) wanted += text + '\n';
            std::string got;
            for (const auto& message : changes(bob, conversation, since).list("messages")) {
                got += message.dump() + '\n';
            }
            CPPUNIT_ASSERT_EQUAL(wanted, got);
        }
    }

    void pagesOfAnySizeReachTheHeadWithEachMessageOnce() {
        auto [alice, bob] = couple();
        const auto conversation = eventful(alice, bob);
        const auto head = overview(bob, conversation).number("rev");
        const auto all = numbers(changes(bob, conversation, 0).list("messages"), "rev");
        for (const auto* limit : {"1", "2", "3", "200"}) {
            std::string walked;
            std::int64_t rev = 0;
            for (bool more = true; more;) {
                const auto page = at(bob, conversation, rev, limit);
                const auto revs = numbers(page.list("messages"), "rev");
                walked += (walked.empty() || revs.empty() ? "" : " ") + revs;
                more = page.flag("more");
                CPPUNIT_ASSERT_MESSAGE(page.dump(), !more || page.number("rev") > rev);
                rev = page.number("rev");
            }
            CPPUNIT_ASSERT_EQUAL(all, walked);
            CPPUNIT_ASSERT_EQUAL(head, rev);
        }
    }

    void aReaderIsWholeThoughEditsGoOn() {
        auto [alice, bob] = couple();
        const auto conversation = eventful(alice, bob);
        std::map<std::int64_t, std::string> known; // seq to message
        std::int64_t rev = 0;
        int step = 0;
        for (bool more = true; more; ++step) {
            const auto page = at(bob, conversation, rev, "2");
            for (const auto& message : page.list("messages")) {
                known[message.number("seq")] = message.dump();
            }
            rev = page.number("rev");
            more = page.flag("more");
            if (step < 4) {
                // What was told already, what comes next, and what is new.
                edit(alice, conversation, page.list("messages").at(0).number("seq"),
                     "step " + std::to_string(step));
                edit(alice, conversation, 8, "eighth " + std::to_string(step));
                alice.send(bob, "new " + std::to_string(step));
                more = true;
            }
        }
        const auto history = messages(bob, conversation).list("messages");
        CPPUNIT_ASSERT_EQUAL(history.size(), known.size());
        for (const auto& message : history) {
            CPPUNIT_ASSERT_EQUAL(message.dump(), known[message.number("seq")]);
        }
        CPPUNIT_ASSERT_EQUAL(overview(bob, conversation).number("rev"), rev);
    }

    void changesThatWereChangedAgainAreReadPieceByPiece() {
        auto [alice, bob] = couple();
        const auto first = alice.send(bob, "one");
        const auto id = first.number("conversation");
        sendAll(alice, bob, {"two", "three"});
        edit(alice, id, 2, "deux");
        salon.kill();
        // The first one is edited again and again.
        const auto head = 4 + many;
        const auto message = std::to_string(first.number("message"));
        const auto conversation = std::to_string(id);
        execute(counted("INSERT INTO message_change (conversation, rev, message, seq)",
                        conversation + ", 4 + i, " + message + ", 3"));
        execute("UPDATE message SET content = 'again', edited_at = 1, rev = " +
                std::to_string(head) + " WHERE id = " + message);
        execute("UPDATE conversation SET rev = " + std::to_string(head) +
                " WHERE id = " + conversation);
        salon.restart();
        alice.connect();
        sendAll(alice, bob, {"four"});
        shows(at(bob, id, 0, "1").list("messages").at(0), "content", "three");
        bob.connect();
        bob.frame(R"({"type":"resume","have":{")" + conversation + "\":4}}");
        const auto resumed = bob.next();
        shows(resumed, "type", "changes");
        CPPUNIT_ASSERT(resumed.list("messages").empty());
        CPPUNIT_ASSERT(resumed.flag("more"));
        CPPUNIT_ASSERT(resumed.number("rev") > 4);
        CPPUNIT_ASSERT(resumed.number("rev") < head);
        shows(bob.next(), "type", "resumed");
        readsPieceByPiece(alice, bob, id);
    }

    void deletedMessagesAreReadPieceByPiece() {
        auto [alice, bob] = couple();
        const auto id = sendAll(alice, bob, {"one", "two", "three"}).number("conversation");
        edit(alice, id, 2, "deux");
        salon.kill();
        // Many more are sent, then deleted in turn; their ids follow the last one's.
        const auto conversation = std::to_string(id);
        const auto from = std::to_string(alice.id());
        const auto last = std::to_string(count("SELECT MAX(id) FROM message"));
        execute(counted("INSERT INTO message (id, conversation, seq, rev, created_rev, sender, "
                        "content, created_at, edited_at, deleted, reply_to, previous)",
                        last + " + i, " + conversation + ", 3 + i, 4 + " + std::to_string(many) +
                            " + i, 4 + i, " + from + ", '', 1, 1, 1, 0, " + last + " + i - 1"));
        execute("INSERT INTO message_mark (conversation, seq, message) SELECT conversation, seq, "
                "id FROM message WHERE seq % 32 = 0");
        execute(counted("INSERT INTO message_change (conversation, rev, message, seq)",
                        conversation + ", 4 + " + std::to_string(many) + " + i, " + last +
                            " + i, 3 + " + std::to_string(many)));
        execute("UPDATE conversation SET seq = 3 + " + std::to_string(many) + ", rev = 4 + 2 * " +
                std::to_string(many) + ", last_message = " + last + " + " + std::to_string(many) +
                " WHERE id = " + conversation);
        salon.restart();
        readsPieceByPiece(alice, bob, id);
    }

    void aRevBeyondTheHeadIsAReset() {
        auto [alice, bob] = couple();
        const auto conversation =
            sendAll(alice, bob, {"one", "two", "three"}).number("conversation");
        edit(alice, conversation, 1, "un");
        for (const auto* since : {"5", "100", "9223372036854775807"}) {
            const auto page = bob.http()
                                  .get(path(conversation, "/changes?limit=2&since=") + since)
                                  .is(200)
                                  .json();
            CPPUNIT_ASSERT(page.flag("reset"));
            CPPUNIT_ASSERT_EQUAL(std::string("2 3"), numbers(page.list("messages"), "seq"));
            shows(page, "rev", 4);
            CPPUNIT_ASSERT_EQUAL(std::size_t{2}, page.list("receipts").size());
        }
    }

    void theReceiptsComeWithThem() {
        auto [alice, bob] = couple();
        const auto conversation = sendAll(alice, bob, {"one", "two"}).number("conversation");
        bob.http().put(path(conversation, "/receipts"), R"({"received":2,"read":1})").is(204);
        for (const auto since : {0, 2}) {
            const auto page = changes(alice, conversation, since);
            CPPUNIT_ASSERT_EQUAL(overview(alice, conversation).list("receipts").size(),
                                 page.list("receipts").size());
            for (const auto& receipt : page.list("receipts")) {
                const bool reader = receipt.number("user") == bob.id();
                shows(receipt, "received", reader ? 2 : 0);
                shows(receipt, "read", reader ? 1 : 0);
            }
        }
        const auto all = changes(alice, conversation, 0).list("messages");
        CPPUNIT_ASSERT_EQUAL(std::string("read received"), texts(all, "state"));
    }

    void fiftyIsAPage() {
        auto [alice, bob] = couple();
        Json ack;
        for (int i = 0; i < 51; ++i) ack = alice.send(bob, "again");
        const auto page = changes(bob, ack.number("conversation"), 0);
        CPPUNIT_ASSERT_EQUAL(counting(1, 50), numbers(page.list("messages"), "rev"));
        shows(page, "rev", 50);
        CPPUNIT_ASSERT(page.flag("more"));
    }

    void whatIsNoRevIsRefused() {
        auto [alice, bob] = couple();
        const auto conversation = alice.send(bob, "salut").number("conversation");
        const auto where = path(conversation, "/changes");
        const auto missing = bob.http().get(where).isProblem(400, "bad_request").json();
        shows(missing.list("errors").at(0), "field", "since");
        for (const auto* bad : {"", "abc", "-1", "1.5", "99999999999999999999"}) {
            bob.http().get(where + "?since=" + bad).isProblem(400, "bad_request");
        }
        for (const auto* bad : {"0", "201", "abc", "", "-1"}) {
            bob.http().get(where + "?since=0&limit=" + bad).isProblem(400, "bad_request");
        }
    }

    void strangersAreToldNothing() {
        auto [alice, bob] = couple();
        const auto carol = salon.person("carol");
        const auto conversation = alice.send(bob, "salut").number("conversation");
        const std::string where = "/changes?since=0";
        carol.http().get(path(conversation, where)).isProblem(403, "not_member");
        carol.http().get(path(999999, where)).isProblem(404, "not_found");
        salon.http().get(path(conversation, where)).isProblem(401, "unauthorized");
    }

private:
    static constexpr std::int64_t many = 5000; // far more than are looked at for one page

    /// A statement that inserts so many rows, for each `i` from 1.
    static std::string counted(const std::string& insert, const std::string& columns) {
        const std::string digit = "(SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL "
                                  "SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT "
                                  "6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9)";
        return insert + " SELECT " + columns +
               " FROM (SELECT 1 + p.d + 10 * q.d + 100 * r.d + 1000 * s.d AS i FROM " + digit +
               " AS p, " + digit + " AS q, " + digit + " AS r, " + digit +
               " AS s) AS n WHERE i <= " + std::to_string(many);
    }

    /// By pages of one, of which some are empty, while what was told already and what comes is
    /// edited.
    static void readsPieceByPiece(Person& alice, const Person& bob, std::int64_t conversation) {
        std::map<std::int64_t, std::string> known; // seq to message
        std::int64_t rev = 0;
        int empty = 0;
        int edits = 0;
        for (bool more = true; more;) {
            const auto page = at(bob, conversation, rev, empty == 0 ? "1" : "200");
            const auto revs = page.list("messages");
            for (const auto& message : revs) {
                CPPUNIT_ASSERT(message.number("rev") > rev);
                CPPUNIT_ASSERT(message.number("rev") <= page.number("rev"));
                known[message.number("seq")] = message.dump();
            }
            more = page.flag("more");
            CPPUNIT_ASSERT_MESSAGE(page.dump(), !more || page.number("rev") > rev);
            rev = page.number("rev");
            if (!more || !revs.empty()) continue;
            ++empty;
            for (const auto seq : {1, 2, 3}) {
                const auto number = std::to_string(++edits);
                edit(alice, conversation, seq, "edit " + number);
            }
        }
        CPPUNIT_ASSERT(empty > 0);
        const auto head = overview(bob, conversation);
        CPPUNIT_ASSERT_EQUAL(head.number("rev"), rev);
        CPPUNIT_ASSERT_EQUAL(head.number("seq"), static_cast<std::int64_t>(known.size()));
        for (std::int64_t seq = 0; seq < head.number("seq");) {
            const auto page =
                messages(bob, conversation, "?limit=200&after=" + std::to_string(seq));
            for (const auto& message : page.list("messages")) {
                seq = message.number("seq");
                CPPUNIT_ASSERT_EQUAL(message.dump(), known[seq]);
            }
        }
    }

    static Json at(const Person& reader, std::int64_t conversation, std::int64_t since,
                   const std::string& limit) {
        return reader.http()
            .get(path(conversation, "/changes?since=" + std::to_string(since) + "&limit=" + limit))
            .is(200)
            .json();
    }

    static std::string messageAt(const Person& reader, std::int64_t conversation,
                                 std::int64_t seq) {
        const auto page =
            messages(reader, conversation, "?limit=1&after=" + std::to_string(seq - 1));
        return "/api/v1/messages/" + std::to_string(page.list("messages").at(0).number("id"));
    }
    static void edit(const Person& sender, std::int64_t conversation, std::int64_t seq,
                     const std::string& content) {
        sender.http()
            .patch(messageAt(sender, conversation, seq),
                   "{\"content\":" + jsonString(content) + "}")
            .is(200);
    }
    static void remove(const Person& sender, std::int64_t conversation, std::int64_t seq) {
        sender.http().del(messageAt(sender, conversation, seq)).is(200);
    }

    /// Messages, edits and deletions in turns. @returns the conversation
    static std::int64_t eventful(Person& alice, const Person& bob) {
        const auto id =
            sendAll(alice, bob, {"one", "two", "three", "four", "five"}).number("conversation");
        edit(alice, id, 2, "deux");
        edit(alice, id, 5, "cinq");
        sendAll(alice, bob, {"six", "seven", "eight"});
        remove(alice, id, 4);
        edit(alice, id, 2, "zwei");
        sendAll(alice, bob, {"nine"});
        edit(alice, id, 8, "huit");
        edit(alice, id, 8, "acht");
        remove(alice, id, 2);
        sendAll(alice, bob, {"ten", "eleven"});
        return id;
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ChangesTest);
