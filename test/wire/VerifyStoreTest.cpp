#include "Talk.h"

using namespace salon::wire;

/// `salond --verify-store` names what does not hold, and where.
class VerifyStoreTest : public Talk {
    CPPUNIT_TEST_SUITE(VerifyStoreTest);
    CPPUNIT_TEST(aSoundStoreIsSoundAlsoWhileItIsWrittenTo);
    CPPUNIT_TEST(whatIsWrongIsNamed);
    CPPUNIT_TEST(aHeadFarBeyondItsMessagesIsNoTrouble);
    CPPUNIT_TEST(whatIsNoStoreIsASentence);
    CPPUNIT_TEST_SUITE_END();

    Daemon::Outcome verify() { return salon.runHere({"--verify-store"}); }

    void isSound() {
        const auto outcome = verify();
        CPPUNIT_ASSERT_EQUAL_MESSAGE(outcome.output + outcome.errors, 0, outcome.code);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(outcome.output, std::string::npos,
                                     outcome.output.find("WRONG"));
        CPPUNIT_ASSERT(outcome.output.find("ok     conversations: ") != std::string::npos);
        CPPUNIT_ASSERT(outcome.output.find("ok     directory: ") != std::string::npos);
    }
    void finds(const std::string& change, const std::string& sentence) {
        execute(change);
        const auto outcome = verify();
        CPPUNIT_ASSERT_EQUAL_MESSAGE(change + "\n" + outcome.output + outcome.errors, 1,
                                     outcome.code);
        CPPUNIT_ASSERT_MESSAGE("`" + sentence + "` is missing after " + change + ":\n" +
                                   outcome.output + outcome.errors,
                               outcome.output.find(sentence) != std::string::npos);
        CPPUNIT_ASSERT(outcome.output.find("WRONG  ") != std::string::npos);
        CPPUNIT_ASSERT(outcome.errors.find("the store has ") != std::string::npos);
    }

    /// Conversation 1: messages of seq 1 to 6, of which 2 is edited at rev 7 and 3 deleted at
    /// rev 8.
    void tell() {
        auto [alice, bob] = couple();
        std::vector<Json> acks;
        for (int i = 1; i <= 5; ++i) acks.push_back(alice.send(bob, "text " + std::to_string(i)));
        _first = acks.front().number("message");
        bob.ask(R"("type":"dm","to":"@alice","content":"yes","reply_to":)" +
                std::to_string(_first));
        alice.ask(R"("type":"edit","content":"better","message":)" +
                  std::to_string(acks[1].number("message")));
        alice.ask(R"("type":"delete","message":)" + std::to_string(acks[2].number("message")));
        bob.ask(R"("type":"read","conversation":1,"seq":4)");
    }

    std::int64_t _first = 0;

public:
    void aSoundStoreIsSoundAlsoWhileItIsWrittenTo() {
        tell();
        isSound();
        auto carol = connected("carol");
        auto dave = connected("dave");
        for (int i = 0; i < 300; ++i) {
            carol.frame(R"({"type":"dm","to":"@dave","content":"x","id":")" + std::to_string(i) +
                        "\"}");
        }
        isSound();
        for (int i = 0; i < 300; ++i) carol.sees("ack");
        salon.stop();
        isSound();
    }

    void whatIsWrongIsNamed() {
        tell();
        // Everybody can be found by now.
        salon.stop();
        const auto one = "conversation 1: ";
        const auto first = "message " + std::to_string(_first);
        struct {
            std::string change;
            std::string sentence;
            std::string back;
        } const cases[] = {
            {"UPDATE message SET seq = 99 WHERE seq = 6",
             one + std::string("seq 6 to 98 are missing"),
             "UPDATE message SET seq = 6 WHERE seq = 99"},
            {"UPDATE conversation SET seq = 7",
             one + std::string("its head has seq 7, its newest message 6"),
             "UPDATE conversation SET seq = 6"},
            {"UPDATE conversation SET rev = 9",
             one + std::string("its head has rev 9, where 6 messages and 2 changes make 8"),
             "UPDATE conversation SET rev = 8"},
            {"UPDATE conversation SET last_message = last_message - 1",
             one + std::string("its head names message "),
             "UPDATE conversation SET last_message = last_message + 1"},
            {"UPDATE message SET previous = 0 - previous WHERE seq = 5",
             " as the one before it, which is ",
             "UPDATE message SET previous = 0 - previous WHERE seq = 5"},
            {"INSERT INTO message_mark (conversation, seq, message) VALUES (1, 32, 77)",
             one + std::string("the mark of seq 32 is at message 77"), "DELETE FROM message_mark"},
            {"INSERT INTO message_mark (conversation, seq, message) VALUES (1, 32, 77)",
             one + std::string("1 of its messages are marked, where 0 should be"),
             "DELETE FROM message_mark"},
            {"UPDATE message SET rev = 4, created_rev = 4 WHERE seq = 5",
             one + std::string("rev 5 is missing"),
             "UPDATE message SET rev = 5, created_rev = 5 WHERE seq = 5"},
            {"UPDATE message SET rev = 4, created_rev = 4 WHERE seq = 5",
             one + std::string("rev 4 is given twice"),
             "UPDATE message SET rev = 5, created_rev = 5 WHERE seq = 5"},
            {"UPDATE message SET rev = 50 WHERE seq = 2", "has rev 50, which is not between",
             "UPDATE message SET rev = 7 WHERE seq = 2"},
            {"UPDATE message SET conversation = 7 WHERE seq = 6", "conversation 7: message ",
             "UPDATE message SET conversation = 1 WHERE seq = 6"},
            {"UPDATE message SET sender = 9 WHERE seq = 1",
             first + " is of user 9, who is no member",
             "UPDATE message SET sender = 1 WHERE seq = 1"},
            {"UPDATE message SET reply_to = id WHERE seq = 4", "which is not before it",
             "UPDATE message SET reply_to = 0 WHERE seq = 4"},
            {"UPDATE message SET content = 'x' WHERE seq = 3",
             "is deleted and still has its content",
             "UPDATE message SET content = '' WHERE seq = 3"},
            {"UPDATE message_change SET seq = 5 WHERE rev = 7",
             one + std::string("the change of rev 7 says that seq was 5 then, where it was 6"),
             "UPDATE message_change SET seq = 6 WHERE rev = 7"},
            {"UPDATE message_change SET message = " + std::to_string(_first) + " WHERE rev = 7",
             one + std::string("rev 7 is a change of ") + first,
             "UPDATE message_change SET message = (SELECT id FROM message WHERE seq = 2) "
             "WHERE rev = 7"},
            {"UPDATE message SET rev = 8 WHERE seq = 2",
             "was changed at rev 8, which is no change of",
             "UPDATE message SET rev = 7 WHERE seq = 2"},
            {"UPDATE message_sent SET sender = 8 WHERE sender = 2",
             "an id of user 8 leads to message ",
             "UPDATE message_sent SET sender = 2 WHERE sender = 8"},
            {"UPDATE message_sent SET message = 3 - message WHERE sender = 2",
             "which does not exist",
             "UPDATE message_sent SET message = 3 - message WHERE sender = 2"},
            {"UPDATE conversation_member SET received_seq = 7 WHERE user_id = 2",
             one + std::string("the member 2 has received up to seq 7, beyond the head's 6"),
             "UPDATE conversation_member SET received_seq = 4 WHERE user_id = 2"},
            {"UPDATE conversation_member SET received_seq = 3 WHERE user_id = 2",
             one + std::string("the member 2 has read up to seq 4 and received up to 3"),
             "UPDATE conversation_member SET received_seq = 4 WHERE user_id = 2"},
            {"UPDATE conversation_member SET moved_rev = 9 WHERE user_id = 2",
             one + std::string("a watermark of the member 2 moved at rev 9, beyond the head's 8"),
             "UPDATE conversation_member SET moved_rev = 8 WHERE user_id = 2"},
            {"UPDATE conversation_member SET conversation = 3 WHERE user_id = 2",
             "conversation 3: the member 2 is of this conversation, which does not exist",
             "UPDATE conversation_member SET conversation = 1 WHERE user_id = 2"},
            {"UPDATE direct_pair SET conversation = 5",
             "the pair of users 1 and 2 has the conversation 5, which does not exist",
             "UPDATE direct_pair SET conversation = 1"},
            {"UPDATE direct_pair SET high = 3",
             one + std::string("no pair of users has its two members"),
             "UPDATE direct_pair SET high = 2"},
            {"UPDATE conversation SET kind = 5", one + std::string("it is of no known kind"),
             "UPDATE conversation SET kind = 1"},
            {"UPDATE directory_word SET word = 'zoe' WHERE word = 'bob'",
             "the word \"zoe\" is not as this person's name gives it",
             "UPDATE directory_word SET word = 'bob' WHERE word = 'zoe'"},
            {"UPDATE directory_word SET word = 'zoe' WHERE word = 'bob'",
             "user 2: cannot be found by \"bob\"",
             "UPDATE directory_word SET word = 'bob' WHERE word = 'zoe'"},
            {"UPDATE directory_person SET user_id = 9 WHERE user_id = 2",
             "user 2: the word \"bob\" is of nobody who can be found",
             "UPDATE directory_person SET user_id = 2 WHERE user_id = 9"},
        };
        for (const auto& each : cases) {
            finds(each.change, each.sentence);
            execute(each.back);
        }
        isSound();
    }

    void aHeadFarBeyondItsMessagesIsNoTrouble() {
        tell();
        salon.stop();
        finds("UPDATE conversation SET rev = 9000000000000000000, seq = 9000000000000000000",
              "its head has rev 9000000000000000000, where 6 messages and 2 changes make 8");
        finds("UPDATE conversation SET rev = -1, seq = -1", "rev 1 is beyond the head's -1");
    }

    void whatIsNoStoreIsASentence() {
        salon.stop();
        execute("DELETE FROM schema_version WHERE plugin = 'presence'");
        auto outcome = verify();
        CPPUNIT_ASSERT_EQUAL(1, outcome.code);
        CPPUNIT_ASSERT(outcome.errors.find("version 0 of the tables of plugin presence") !=
                       std::string::npos);
        outcome = salon.runHere(
            {"--verify-store"},
            {{"store.url", "sqlite:" + (salon.folder().path() / "none.db").string()}});
        CPPUNIT_ASSERT_EQUAL(1, outcome.code);
        CPPUNIT_ASSERT(outcome.errors.find("there is no such file") != std::string::npos);
        CPPUNIT_ASSERT(!std::filesystem::exists(salon.folder().path() / "none.db"));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(VerifyStoreTest);
