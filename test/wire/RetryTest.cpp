#include "Talk.h"

using namespace salon::wire;

/// The same send again, over whatever way in: the first result, and nothing new.
class RetryTest : public Talk {
    CPPUNIT_TEST_SUITE(RetryTest);
    CPPUNIT_TEST(theSameFrameAgainGetsTheFirstAck);
    CPPUNIT_TEST(theSamePostAgainGetsTheFirstMessage);
    CPPUNIT_TEST(aRetryMayTakeAnotherWayIn);
    CPPUNIT_TEST(aRetryIsKnownAfterARestart);
    CPPUNIT_TEST(aRetryIsKnownAfterAnEdit);
    CPPUNIT_TEST(aRetryIsKnownAfterADelete);
    CPPUNIT_TEST(anIdForSomethingElseIsAConflict);
    CPPUNIT_TEST(anIdForSomethingElseIsAConflictAfterEditAndDelete);
    CPPUNIT_TEST(aDigestThatCollidesLeadsToNoStrangersConversation);
    CPPUNIT_TEST(anIdIsItsSendersOwn);
    CPPUNIT_TEST(idsAreComparedBytewise);
    CPPUNIT_TEST(aRefusedSendLeavesItsIdFree);
    CPPUNIT_TEST(aSendBehindItsRefusedTwinIsJudgedByItself);
    CPPUNIT_TEST(fiftyAtOnceStoreOneMessage);
    CPPUNIT_TEST(ofTwoContentsAtOnceOneWins);
    CPPUNIT_TEST_SUITE_END();

public:
    /// Whoever finds a text with a wanted digest would have both pairs share one conversation.
    void aDigestThatCollidesLeadsToNoStrangersConversation() {
        auto [alice, bob] = couple();
        auto mallory = salon.person("mallory");
        mallory.connect();
        mallory.send(alice, "hello", "x");
        mallory.send(bob, "the text that collides", "y");
        execute("UPDATE message_sent SET digest = (SELECT digest FROM (SELECT digest FROM "
                "message_sent WHERE message = 2) AS y) WHERE message = 1");
        mallory.frame(R"({"type":"dm","to":)" + std::to_string(bob.id()) +
                      R"(,"content":"the text that collides","id":"x"})");
        shows(mallory.sees("error"), "code", "conflict");
        const auto sent = mallory.send(bob, "for bob alone", "z");
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, sent.number("conversation"));
    }

    void theSameFrameAgainGetsTheFirstAck() {
        auto [alice, bob] = couple();
        auto elsewhere = alice.elsewhere();
        elsewhere.connect();
        const auto first = alice.send(bob, "salut", "x");
        alice.send(bob, "another", "y");
        for (int i = 0; i < 3; ++i) {
            CPPUNIT_ASSERT_EQUAL(first.dump(), alice.send(bob, "salut", "x").dump());
        }
        // Named in another way, and from another connection, it is the same.
        const std::string rest = R"(,"content":"salut","id":"x"})";
        elsewhere.frame(R"({"type":"dm","to":"@BOB")" + rest);
        shows(elsewhere.sees("ack"), "message", first.number("message"));
        elsewhere.frame("{\"type\":\"message\",\"conversation\":" +
                        std::to_string(first.number("conversation")) + rest);
        shows(elsewhere.sees("ack"), "message", first.number("message"));
        shows(bob.next(), "content", "salut");
        shows(bob.next(), "content", "another");
        bob.seesNothing();
        alice.seesNothing();
        shows(overview(alice, first.number("conversation")), "rev", 2);
    }

    void theSamePostAgainGetsTheFirstMessage() {
        auto [alice, bob] = couple();
        const auto conversation = alice.send(bob, "salut").number("conversation");
        const auto first = post(alice, conversation, "x", "ça va?").is(201).json();
        CPPUNIT_ASSERT_EQUAL(first.dump(),
                             post(alice, conversation, "x", "ça va?").is(200).json().dump());
        bob.next();
        shows(bob.next(), "message", first.number("id"));
        bob.seesNothing();
        shows(alice.next(), "message", first.number("id"));
        alice.seesNothing();
        shows(overview(alice, conversation), "seq", 2);
    }

    void aRetryMayTakeAnotherWayIn() {
        auto [alice, bob] = couple();
        const auto ack = alice.send(bob, "salut", "frame");
        const auto conversation = ack.number("conversation");
        isTheSame(ack, post(alice, conversation, "frame", "salut").is(200).json());
        const auto posted = post(alice, conversation, "post", "ça va?").is(201).json();
        alice.sees("dm");
        isTheSame(alice.send(bob, "ça va?", "post"), posted);
        bob.next();
        bob.next();
        bob.seesNothing();
        alice.seesNothing();
        shows(overview(alice, conversation), "rev", 2);
    }

    void aRetryIsKnownAfterARestart() {
        auto [alice, bob] = couple();
        const auto first = alice.send(bob, "salut", "x");
        const auto conversation = first.number("conversation");
        const auto posted = post(alice, conversation, "y", "ça va?").is(201).json();
        salon.stop();
        salon.restart();
        alice.connect();
        CPPUNIT_ASSERT_EQUAL(first.dump(), alice.send(bob, "salut", "x").dump());
        isTheSame(alice.send(bob, "ça va?", "y"), posted);
        isTheSame(first, post(alice, conversation, "x", "salut").is(200).json());
        post(alice, conversation, "x", "other").isProblem(409, "conflict");
        shows(overview(alice, conversation), "rev", 2);
    }

    void aRetryIsKnownAfterAnEdit() {
        auto [alice, bob] = couple();
        const auto first = alice.send(bob, "salut", "x");
        const auto edit = alice.ask(R"("type":"edit","content":"bonjour","message":)" +
                                    std::to_string(first.number("message")));
        shows(edit, "rev", 2);
        isFirst(alice, bob, first);
        const auto list = messages(alice, first.number("conversation")).list("messages");
        shows(list.at(0), "content", "bonjour");
    }

    void aRetryIsKnownAfterADelete() {
        auto [alice, bob] = couple();
        const auto first = alice.send(bob, "salut", "x");
        alice.ask(R"("type":"delete","message":)" + std::to_string(first.number("message")));
        isFirst(alice, bob, first);
        const auto list = messages(alice, first.number("conversation")).list("messages");
        CPPUNIT_ASSERT(list.at(0).flag("deleted"));
    }

    void anIdForSomethingElseIsAConflict() {
        auto [alice, bob] = couple();
        auto carol = connected("carol");
        const auto first = alice.send(bob, "salut", "x");
        const auto conversation = first.number("conversation");
        const auto other = alice.send(carol, "salut").number("conversation");
        const auto target = std::to_string(first.number("message"));
        isConflict(alice, R"("to":"@bob","content":"Salut")");
        isConflict(alice, R"("to":"@carol","content":"salut")");
        isConflict(alice, R"("to":"@bob","content":"salut","reply_to":)" + target);
        post(alice, conversation, "x", "salut ").isProblem(409, "conflict");
        post(alice, other, "x", "salut").isProblem(409, "conflict");
        post(alice, conversation, "x", "salut", ",\"reply_to\":" + target)
            .isProblem(409, "conflict");
        // A send that was a reply is none without it.
        alice.frame(R"({"type":"dm","to":"@bob","content":"oui","id":"y","reply_to":)" + target +
                    "}");
        alice.sees("ack");
        alice.frame(R"({"type":"dm","to":"@bob","content":"oui","id":"y"})");
        alice.isRefused("conflict");
        shows(overview(alice, conversation), "rev", 2);
        shows(overview(alice, other), "rev", 1);
        CPPUNIT_ASSERT_EQUAL(first.dump(), alice.send(bob, "salut", "x").dump());
    }

    void anIdForSomethingElseIsAConflictAfterEditAndDelete() {
        auto [alice, bob] = couple();
        const auto first = alice.send(bob, "salut", "x");
        const auto message = std::to_string(first.number("message"));
        alice.ask(R"("type":"edit","content":"bonjour","message":)" + message);
        isConflict(alice, R"("to":"@bob","content":"bonjour")");
        alice.ask(R"("type":"delete","message":)" + message);
        isConflict(alice, R"("to":"@bob","content":"bonjour")");
        post(alice, first.number("conversation"), "x", "bonjour").isProblem(409, "conflict");
    }

    void anIdIsItsSendersOwn() {
        auto [alice, bob] = couple();
        const auto first = alice.send(bob, "salut", "x");
        const auto second = bob.send(alice, "salut", "x");
        CPPUNIT_ASSERT(first.number("message") != second.number("message"));
        CPPUNIT_ASSERT_EQUAL(second.dump(), bob.send(alice, "salut", "x").dump());
    }

    void idsAreComparedBytewise() {
        auto [alice, bob] = couple();
        const std::vector<std::string> ids{"a",
                                           "A",
                                           "a ",
                                           " a",
                                           "\"a\\u0000\"",
                                           "\"a\\u0000b\"",
                                           "\"a\\u0000c\"",
                                           "\xc3\xa9",
                                           "e\xcc\x81",
                                           "\xc3\x89",
                                           "a%",
                                           "a'; --",
                                           "\"\\n\""};
        std::vector<Json> acks;
        const auto sendAs = [&alice = alice](const std::string& id) {
            const auto text = id.front() == '"' ? id : jsonString(id);
            alice.frame(R"({"type":"dm","to":"@bob","content":"salut","id":)" + text + "}");
            return alice.sees("ack");
        };
        for (const auto& id : ids) {
            acks.push_back(sendAs(id));
            shows(acks.back(), "seq", static_cast<std::int64_t>(acks.size()));
        }
        for (int again = 0; again < 2; ++again) {
            for (std::size_t i = 0; i < ids.size(); ++i) {
                CPPUNIT_ASSERT_EQUAL(acks[i].dump(), sendAs(ids[i]).dump());
            }
            salon.kill();
            salon.restart();
            alice.connect();
        }
    }

    void aRefusedSendLeavesItsIdFree() {
        auto [alice, bob] = couple();
        alice.frame(R"({"type":"dm","to":"@bob","content":" ","id":"x"})");
        alice.isRefused("bad_request");
        alice.frame(R"({"type":"dm","to":"@bob","content":"salut","reply_to":99,"id":"x"})");
        alice.isRefused("not_found");
        alice.frame(R"({"type":"dm","to":"@nobody","content":"salut","id":"x"})");
        alice.isRefused("not_found");
        shows(alice.send(bob, "salut", "x"), "seq", 1);
        const auto conversation = std::int64_t{1};
        post(alice, conversation, "y", "").isProblem(400, "bad_request");
        shows(post(alice, conversation, "y", "salut").is(201).json(), "seq", 2);
    }

    void aSendBehindItsRefusedTwinIsJudgedByItself() {
        auto [alice, bob] = couple();
        alice.send(bob, "salut");
        for (int i = 0; i < 20; ++i) {
            const auto id = jsonString("x" + std::to_string(i));
            const std::string start = R"({"type":"dm","to":"@bob","content":"yo","id":)" + id;
            alice.frame(start + ",\"reply_to\":99}");
            alice.frame(start + "}");
            alice.isRefused("not_found");
            const auto ack = alice.next();
            shows(ack, "type", "ack");
            // Likewise the true retry behind a false one.
            alice.frame(R"({"type":"dm","to":"@bob","content":"no","id":)" + id + "}");
            alice.frame(start + "}");
            alice.isRefused("conflict");
            CPPUNIT_ASSERT_EQUAL(ack.dump(), alice.next().dump());
        }
    }

    void fiftyAtOnceStoreOneMessage() {
        auto [alice, bob] = couple();
        auto elsewhere = alice.elsewhere();
        elsewhere.connect();
        const std::string frame = R"({"type":"dm","to":"@bob","content":"salut","id":"x"})";
        for (int i = 0; i < 25; ++i) {
            alice.frame(frame);
            elsewhere.frame(frame);
        }
        const auto first = alice.sees("ack");
        for (int i = 1; i < 25; ++i) {
            CPPUNIT_ASSERT_EQUAL(first.dump(), alice.sees("ack").dump());
        }
        for (int i = 0; i < 25; ++i) {
            CPPUNIT_ASSERT_EQUAL(first.dump(), elsewhere.sees("ack").dump());
        }
        shows(bob.next(), "message", first.number("message"));
        bob.seesNothing();
        shows(overview(alice, first.number("conversation")), "seq", 1);
        const auto conversation = first.number("conversation");
        CPPUNIT_ASSERT_EQUAL(messages(alice, conversation).dump(),
                             messages(bob, conversation).dump());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, count("SELECT COUNT(*) FROM message"));
        salon.verifyStore();
    }

    void ofTwoContentsAtOnceOneWins() {
        auto [alice, bob] = couple();
        auto elsewhere = alice.elsewhere();
        elsewhere.connect();
        const std::string start = R"({"type":"dm","to":"@bob","id":"x","content":)";
        for (int i = 0; i < 20; ++i) {
            alice.frame(start + "\"one\"}");
            elsewhere.frame(start + "\"two\"}");
        }
        const auto winner = bob.next();
        const bool one = winner.is("content", "one");
        auto& right = one ? alice : elsewhere;
        auto& wrong = one ? elsewhere : alice;
        for (int i = 0; i < 20; ++i) {
            shows(right.sees("ack"), "message", winner.number("message"));
            shows(wrong.sees("error"), "code", "conflict");
        }
        bob.seesNothing();
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, count("SELECT COUNT(*) FROM message"));
    }

private:
    static void isTheSame(const Json& ack, const Json& message) {
        shows(message, "id", ack.number("message"));
        for (const auto* member : {"conversation", "seq", "rev"}) {
            shows(message, member, ack.number(member));
        }
        shows(message, "timestamp", ack.text("timestamp"));
    }

    /// The send of "salut" as "x" again, both ways, is answered as if nothing had come after it.
    static void isFirst(Person& alice, const Person& bob, const Json& first) {
        const auto conversation = first.number("conversation");
        CPPUNIT_ASSERT_EQUAL(first.dump(), alice.send(bob, "salut", "x").dump());
        const auto again = post(alice, conversation, "x", "salut").is(200).json();
        isTheSame(first, again);
        shows(again, "content", "salut");
        CPPUNIT_ASSERT(again.isNull("edited_at"));
        CPPUNIT_ASSERT(!again.flag("deleted"));
        shows(overview(alice, conversation), "seq", 1);
        shows(overview(alice, conversation), "rev", 2);
    }

    static void isConflict(Person& alice, const std::string& members) {
        alice.frame("{\"type\":\"dm\",\"id\":\"x\"," + members + "}");
        shows(alice.isRefused("conflict"), "id", "x");
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(RetryTest);
