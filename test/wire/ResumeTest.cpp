#include "RawWebSocket.h"
#include "Talk.h"

#include <algorithm>
#include <set>

using namespace salon::wire;

/// Coming back: one question, and everything that was missed.
class ResumeTest : public Talk {
    CPPUNIT_TEST_SUITE(ResumeTest);
    CPPUNIT_TEST(onlyWhatChangedIsTold);
    CPPUNIT_TEST(whatWasEditedIsToldInItsNewestState);
    CPPUNIT_TEST(aWatermarkThatMovedIsTold);
    CPPUNIT_TEST(anUnknownConversationComesWithItsNewestFifty);
    CPPUNIT_TEST(moreThanAPageIsLeftToHttp);
    CPPUNIT_TEST(aRevBeyondTheHeadIsAReset);
    CPPUNIT_TEST(whatOneMayNotSeeIsLeftOutInSilence);
    CPPUNIT_TEST(aConversationWithoutAMessageIsNotTold);
    CPPUNIT_TEST(whatIsNoHaveIsRefused);
    CPPUNIT_TEST(aConnectionResumesOnceAtATime);
    CPPUNIT_TEST(nothingIsMissedWhileResuming);
    CPPUNIT_TEST(aSlowReaderIsNeverCutOff);
    CPPUNIT_TEST(manyShortMessagesFitASmallOutbox);
    CPPUNIT_TEST_SUITE_END();

public:
    void onlyWhatChangedIsTold() {
        auto [alice, bob] = couple();
        auto carol = salon.person("carol");
        auto dave = salon.person("dave");
        const auto first = sendAll(alice, bob, {"one", "two", "three"});
        const auto second = alice.send(carol, "salut");
        const auto third = alice.send(dave, "salut");
        alice.vanish();
        alice.connect();
        alice.frame(R"({"type":"resume","id":"back","have":{")" + conversation(first) + "\":1,\"" +
                    conversation(second) + "\":1,\"" + conversation(third) + "\":1}}");
        const auto changes = alice.next();
        shows(changes, "type", "changes");
        shows(changes, "conversation", first.number("conversation"));
        CPPUNIT_ASSERT_EQUAL(std::string("two three"), texts(changes.list("messages"), "content"));
        shows(changes, "rev", 3);
        CPPUNIT_ASSERT(!changes.flag("more"));
        CPPUNIT_ASSERT(!changes.has("reset"));
        CPPUNIT_ASSERT(!changes.has("conversation_info"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, changes.list("receipts").size());
        isResumed(alice);
        alice.seesNothing();
    }

    void whatWasEditedIsToldInItsNewestState() {
        auto [alice, bob] = couple();
        const auto ack = alice.send(bob, "one");
        alice.send(bob, "two");
        for (const auto* content : {"eins", "un"}) {
            alice.ask("\"type\":\"edit\",\"content\":" + jsonString(content) +
                      ",\"message\":" + std::to_string(ack.number("message")));
        }
        bob.connect();
        resume(bob, "{\"" + conversation(ack) + "\":2}");
        const auto changes = bob.next();
        CPPUNIT_ASSERT_EQUAL(std::string("un"), texts(changes.list("messages"), "content"));
        shows(changes, "rev", 4);
        isResumed(bob);
    }

    void aWatermarkThatMovedIsTold() {
        auto [alice, bob] = couple();
        const auto ack = alice.send(bob, "salut");
        alice.vanish();
        bob.http().put(path(ack.number("conversation"), "/receipts"), R"({"read":1})").is(204);
        alice.connect();
        resume(alice, "{\"" + conversation(ack) + "\":1}");
        const auto changes = alice.next();
        shows(changes, "type", "changes");
        CPPUNIT_ASSERT(changes.list("messages").empty());
        shows(changes, "rev", 1);
        std::int64_t read = 0;
        for (const auto& receipt : changes.list("receipts")) {
            if (receipt.number("user") == bob.id()) read = receipt.number("read");
        }
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, read);
        isResumed(alice);
    }

    void anUnknownConversationComesWithItsNewestFifty() {
        auto [alice, bob] = couple();
        Json ack;
        for (int i = 0; i < 55; ++i) ack = alice.send(bob, "again");
        bob.connect();
        resume(bob, "{}");
        const auto changes = bob.next();
        shows(changes, "type", "changes");
        CPPUNIT_ASSERT_EQUAL(counting(6, 55), numbers(changes.list("messages"), "seq"));
        shows(changes, "rev", 55);
        CPPUNIT_ASSERT(changes.flag("more"));
        const auto info = changes.object("conversation_info");
        CPPUNIT_ASSERT_EQUAL(overview(bob, ack.number("conversation")).dump(), info.dump());
        shows(info, "unread", 55);
        isResumed(bob);
        bob.seesNothing();
    }

    void moreThanAPageIsLeftToHttp() {
        auto [alice, bob] = couple();
        Json ack;
        for (int i = 0; i < 210; ++i) ack = alice.send(bob, "again");
        bob.connect();
        resume(bob, "{\"" + conversation(ack) + "\":3}");
        const auto changes = bob.next();
        CPPUNIT_ASSERT(changes.flag("more"));
        CPPUNIT_ASSERT_EQUAL(counting(4, changes.number("rev")),
                             numbers(changes.list("messages"), "rev"));
        isResumed(bob);
        const auto rest = Talk::changes(bob, ack.number("conversation"), changes.number("rev"));
        CPPUNIT_ASSERT_EQUAL(counting(changes.number("rev") + 1, 210),
                             numbers(rest.list("messages"), "rev"));
        CPPUNIT_ASSERT(!rest.flag("more"));
    }

    void aRevBeyondTheHeadIsAReset() {
        auto [alice, bob] = couple();
        const auto ack = sendAll(alice, bob, {"one", "two"});
        resume(alice, "{\"" + conversation(ack) + "\":99}");
        const auto changes = alice.next();
        CPPUNIT_ASSERT(changes.flag("reset"));
        CPPUNIT_ASSERT_EQUAL(std::string("1 2"), numbers(changes.list("messages"), "seq"));
        shows(changes, "rev", 2);
        isResumed(alice);
    }

    void whatOneMayNotSeeIsLeftOutInSilence() {
        auto [alice, bob] = couple();
        auto carol = connected("carol");
        const auto ack = alice.send(bob, "salut");
        for (const auto* rev : {"0", "1", "99"}) {
            resume(carol, "{\"" + conversation(ack) + "\":" + rev + ",\"999999\":" + rev +
                              ",\"0\":" + rev + "}");
            isResumed(carol);
        }
        carol.seesNothing();
    }

    void aConversationWithoutAMessageIsNotTold() {
        auto [alice, bob] = couple();
        const auto opened = alice.http().post("/api/v1/conversations", R"({"with":"@bob"})");
        const auto id = std::to_string(opened.is(201).json().number("id"));
        resume(alice, "{}");
        isResumed(alice);
        resume(bob, "{\"" + id + "\":0}");
        isResumed(bob);
    }

    void whatIsNoHaveIsRefused() {
        auto [alice, bob] = couple();
        const auto ack = alice.send(bob, "salut");
        refused(alice, "\"type\":\"resume\"", "bad_request");
        for (const auto* have :
             {"null", "[]", "\"x\"", "5", "{\"7\":\"5\"}", "{\"7\":-1}", "{\"7\":1.5}",
              "{\"7\":null}", "{\"x\":1}", "{\"\":1}", "{\"-7\":1}", "{\"1\":1,\"x\":1}"}) {
            refused(alice, std::string("\"type\":\"resume\",\"have\":") + have, "bad_request");
        }
        resume(alice, "{\"" + conversation(ack) + "\":1}");
        isResumed(alice);
    }

    void aConnectionResumesOnceAtATime() {
        auto [alice, bob] = couple();
        const auto ack = alice.send(bob, "salut");
        bob.connect();
        const auto frame = R"({"type":"resume","id":"x","have":{}})";
        for (int i = 0; i < 10; ++i) bob.frame(frame);
        int ended = 0;
        for (int answers = 0; answers < 10;) {
            const auto answer = bob.next();
            if (answer.is("type", "changes")) continue;
            ++answers;
            shows(answer, "id", "x");
            if (answer.is("type", "resumed")) {
                ++ended;
            } else {
                shows(answer, "code", "conflict");
            }
        }
        CPPUNIT_ASSERT(ended >= 1);
        resume(bob, "{\"" + conversation(ack) + "\":1}");
        isResumed(bob);
        bob.seesNothing();
    }

    void nothingIsMissedWhileResuming() {
        auto [alice, bob] = couple();
        const auto first = alice.send(bob, "1");
        std::int64_t known = 0;
        for (int round = 0; round < 10; ++round) {
            bob.connect();
            bob.frame(R"({"type":"resume","id":"back","have":{")" + conversation(first) +
                      "\":" + std::to_string(known) + "}}");
            const auto ack = alice.send(bob, "2");
            alice.send(bob, "3");
            // Either the answer held it or a live frame did: what is known has no gap.
            std::set<std::int64_t> live;
            for (bool resumed = false; !resumed || known < ack.number("rev") + 1;) {
                const auto frame = bob.next();
                resumed = resumed || frame.is("type", "resumed");
                if (frame.is("type", "changes")) {
                    CPPUNIT_ASSERT(!frame.flag("more"));
                    known = std::max(known, frame.number("rev"));
                } else if (frame.is("type", "dm")) {
                    live.insert(frame.number("rev"));
                }
                while (live.contains(known + 1)) ++known;
            }
        }
        shows(overview(bob, first.number("conversation")), "rev", known);
    }

    void aSlowReaderIsNeverCutOff() { resumesAll(300, 60, 1000); }
    void manyShortMessagesFitASmallOutbox() { resumesAll(1000, 60, 1); }

private:
    /// So many conversations with so many messages each, resumed over the smallest outbox: far more
    /// than the sockets hold, so that the daemon waits for the reader again and again.
    void resumesAll(int conversations, int messages, int characters) {
        auto alice = salon.person("alice");
        salon.stop();
        seed(alice.id(), conversations, messages, characters);
        restartWith("ws.outbox", "16KiB");
        RawWebSocket slow(salon.port(), alice.token(), 4096);
        shows(slow.next(), "type", "welcome");
        // Of every other one, all but the first message was missed.
        std::string have;
        for (int i = 2; i <= conversations; i += 2) {
            have += (have.empty() ? "\"" : ",\"") + std::to_string(i) + "\":1";
        }
        slow.send(textBytes(R"({"type":"resume","have":{)" + have + "}}"));
        std::set<std::int64_t> told;
        for (;;) {
            const auto frame = slow.next();
            if (frame.is("type", "resumed")) break;
            shows(frame, "type", "changes");
            CPPUNIT_ASSERT(told.insert(frame.number("conversation")).second);
            CPPUNIT_ASSERT(!frame.list("messages").empty());
            const auto last = frame.list("messages").back().number("seq");
            const bool known = frame.number("conversation") % 2 == 0;
            CPPUNIT_ASSERT_EQUAL(!known, frame.has("conversation_info"));
            CPPUNIT_ASSERT_EQUAL(known && frame.flag("more") ? frame.number("rev") : messages,
                                 last);
        }
        CPPUNIT_ASSERT_EQUAL(static_cast<std::size_t>(conversations), told.size());
    }

    /// Conversations 1 to `conversations` of this user, each with somebody else.
    void seed(std::int64_t user, int conversations, int messages, int characters) {
        const auto upTo = [](int last) {
            return "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " +
                   std::to_string(last) + ") ";
        };
        const auto me = std::to_string(user);
        const auto count = std::to_string(messages);
        execute("INSERT INTO user_account (id, username, folded, display_name, created_at) " +
                upTo(conversations) +
                "SELECT 1000 + i, 'peer' || i, 'peer' || i, 'Peer', 0 FROM n");
        execute("INSERT INTO conversation (id, kind, seq, rev, last_message, created_at) " +
                upTo(conversations) + "SELECT i, 1, " + count + ", " + count + ", i * " + count +
                ", 0 FROM n");
        execute("INSERT INTO direct_pair (low, high, conversation) " + upTo(conversations) +
                "SELECT " + me + ", 1000 + i, i FROM n");
        for (const auto& member : {me, std::string("1000 + i")}) {
            execute("INSERT INTO conversation_member (conversation, user_id, received_seq, "
                    "read_seq, moved_rev, joined_at) " +
                    upTo(conversations) + "SELECT i, " + member + ", 0, 0, 0, 0 FROM n");
        }
        execute(
            "INSERT INTO message (id, conversation, seq, rev, created_rev, sender, content, "
            "created_at, edited_at, deleted, reply_to, previous) " +
            upTo(conversations * messages) + "SELECT i, (i - 1 - (i - 1) % " + count + ") / " +
            count + " + 1, (i - 1) % " + count + " + 1, (i - 1) % " + count + " + 1, (i - 1) % " +
            count + " + 1, " + me + ", '" + std::string(static_cast<std::size_t>(characters), 'x') +
            "', 1, 0, 0, 0, CASE WHEN (i - 1) % " + count + " = 0 THEN 0 ELSE i - 1 END FROM n");
        execute("INSERT INTO message_mark (conversation, seq, message) "
                "SELECT conversation, seq, id FROM message WHERE seq % 32 = 0");
    }

    static std::string conversation(const Json& ack) {
        return std::to_string(ack.number("conversation"));
    }
    static void resume(Person& person, const std::string& have) {
        person.frame(R"({"type":"resume","id":"back","have":)" + have + "}");
    }
    static void isResumed(Person& person) {
        const auto frame = person.next();
        shows(frame, "type", "resumed");
        shows(frame, "id", "back");
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ResumeTest);
