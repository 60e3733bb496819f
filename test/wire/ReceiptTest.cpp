#include "Talk.h"

using namespace salon::wire;

/// How far somebody has received and read a conversation.
class ReceiptTest : public Talk {
    CPPUNIT_TEST_SUITE(ReceiptTest);
    CPPUNIT_TEST(aReceiptGoesToEveryConnectionOfBoth);
    CPPUNIT_TEST(withAnIdItIsAcknowledgedBesides);
    CPPUNIT_TEST(readImpliesReceived);
    CPPUNIT_TEST(watermarksOnlyRise);
    CPPUNIT_TEST(watermarksAreClampedToTheHead);
    CPPUNIT_TEST(httpMovesThemToo);
    CPPUNIT_TEST(theStateOfMessagesFollows);
    CPPUNIT_TEST(theServerNeverMovesOneItself);
    CPPUNIT_TEST(theyTakeNoRevAndOutliveAKilledDaemon);
    CPPUNIT_TEST(whatIsNoReceiptIsRefused);
    CPPUNIT_TEST(whatIsNoReceiptIsRefusedByHttp);
    CPPUNIT_TEST_SUITE_END();

public:
    void aReceiptGoesToEveryConnectionOfBoth() {
        auto [alice, bob] = couple();
        const auto conversation = three(alice, bob);
        auto aliceElsewhere = alice.elsewhere();
        auto bobElsewhere = bob.elsewhere();
        aliceElsewhere.connect();
        bobElsewhere.connect();
        bob.frame(receipt("received", conversation, 2));
        for (auto* person : {&alice, &aliceElsewhere, &bob, &bobElsewhere}) {
            isReceipt(person->next(), conversation, bob, 2, 0);
            person->seesNothing();
        }
        bob.frame(receipt("read", conversation, 1));
        for (auto* person : {&alice, &aliceElsewhere, &bob, &bobElsewhere}) {
            isReceipt(person->next(), conversation, bob, 2, 1);
            person->seesNothing();
        }
    }

    void withAnIdItIsAcknowledgedBesides() {
        auto [alice, bob] = couple();
        const auto conversation = three(alice, bob);
        const auto ack = bob.ask(members("read", conversation, 2));
        shows(ack, "type", "ack");
        shows(ack, "conversation", conversation);
        shows(ack, "received", 2);
        shows(ack, "read", 2);
        isReceipt(bob.next(), conversation, bob, 2, 2);
        isReceipt(alice.next(), conversation, bob, 2, 2);
        // Once more nothing moves: an ack, and nothing to the other.
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2},
                             bob.ask(members("read", conversation, 2)).number("read"));
        bob.seesNothing();
        alice.seesNothing();
    }

    void readImpliesReceived() {
        auto [alice, bob] = couple();
        const auto conversation = three(alice, bob);
        bob.frame(receipt("received", conversation, 1));
        isReceipt(alice.next(), conversation, bob, 1, 0);
        bob.frame(receipt("read", conversation, 2));
        isReceipt(alice.next(), conversation, bob, 2, 2);
        bob.frame(receipt("received", conversation, 3));
        isReceipt(alice.next(), conversation, bob, 3, 2);
    }

    void watermarksOnlyRise() {
        auto [alice, bob] = couple();
        const auto conversation = three(alice, bob);
        bob.frame(receipt("read", conversation, 2));
        alice.next();
        bob.next();
        for (const auto& [type, seq] :
             {std::pair{"read", 1}, {"received", 1}, {"read", 0}, {"received", 2}, {"read", 2}}) {
            bob.frame(receipt(type, conversation, seq));
            isReceipt(bob.next(), conversation, bob, 2, 2); // how it stands
            bob.seesNothing();
        }
        bob.http().put(path(conversation, "/receipts"), R"({"received":1,"read":1})").is(204);
        bob.seesNothing();
        alice.seesNothing();
    }

    void watermarksAreClampedToTheHead() {
        auto [alice, bob] = couple();
        const auto conversation = three(alice, bob);
        bob.frame(receipt("received", conversation, 1000));
        isReceipt(alice.next(), conversation, bob, 3, 0);
        bob.frame(receipt("read", conversation, 9223372036854775807));
        isReceipt(alice.next(), conversation, bob, 3, 3);
        // What comes later is not read in advance.
        alice.send(bob, "four");
        shows(messages(alice, conversation).list("messages").at(3), "state", "sent");
    }

    void httpMovesThemToo() {
        auto [alice, bob] = couple();
        const auto conversation = three(alice, bob);
        const auto where = path(conversation, "/receipts");
        const auto reply = bob.http().put(where, R"({"received":2})").is(204);
        CPPUNIT_ASSERT(reply.body.empty());
        for (auto* person : {&alice, &bob}) isReceipt(person->next(), conversation, bob, 2, 0);
        bob.http().put(where, R"({"read":1,"received":null})").is(204);
        for (auto* person : {&alice, &bob}) isReceipt(person->next(), conversation, bob, 2, 1);
        bob.http().put(where, R"({"read":3,"received":1})").is(204);
        for (auto* person : {&alice, &bob}) isReceipt(person->next(), conversation, bob, 3, 3);
        bob.http().put(where, R"({"read":99,"received":99})").is(204);
        alice.seesNothing();
        bob.seesNothing();
    }

    void theStateOfMessagesFollows() {
        auto [alice, bob] = couple();
        const auto conversation = three(alice, bob);
        CPPUNIT_ASSERT_EQUAL(std::string("sent sent sent"), states(alice, conversation));
        bob.ask(members("received", conversation, 2));
        CPPUNIT_ASSERT_EQUAL(std::string("received received sent"), states(alice, conversation));
        bob.ask(members("read", conversation, 1));
        CPPUNIT_ASSERT_EQUAL(std::string("read received sent"), states(alice, conversation));
        CPPUNIT_ASSERT_EQUAL(std::string("read received sent"), states(bob, conversation));
        // One's own watermark says nothing of one's own messages.
        alice.ask(members("read", conversation, 3));
        CPPUNIT_ASSERT_EQUAL(std::string("read received sent"), states(alice, conversation));
        bob.ask(members("read", conversation, 3));
        CPPUNIT_ASSERT_EQUAL(std::string("read read read"), states(alice, conversation));
        bob.send(alice, "salut");
        CPPUNIT_ASSERT_EQUAL(std::string("read read read sent"), states(bob, conversation));
        const auto page = bob.ask(R"("type":"dm_history","with":"@alice")");
        CPPUNIT_ASSERT_EQUAL(std::string("read read read sent"),
                             texts(page.list("messages"), "state"));
        shows(overview(bob, conversation).object("last_message"), "state", "sent");
    }

    void theServerNeverMovesOneItself() {
        auto [alice, bob] = couple();
        const auto conversation = three(alice, bob);
        messages(bob, conversation);
        changes(bob, conversation, 0);
        bob.ask(R"("type":"dm_history","with":"@alice")");
        bob.send(alice, "salut");
        for (const auto& receipt : overview(bob, conversation).list("receipts")) {
            shows(receipt, "received", 0);
            shows(receipt, "read", 0);
        }
        shows(alice.next(), "type", "dm");
        alice.seesNothing();
    }

    void theyTakeNoRevAndOutliveAKilledDaemon() {
        auto [alice, bob] = couple();
        const auto conversation = three(alice, bob);
        bob.ask(members("received", conversation, 3));
        bob.ask(members("read", conversation, 2));
        shows(overview(alice, conversation), "rev", 3);
        salon.kill();
        salon.restart();
        CPPUNIT_ASSERT_EQUAL(std::string("read read received"), states(alice, conversation));
        bob.connect();
        const auto ack = bob.ask(members("read", conversation, 1));
        shows(ack, "received", 3);
        shows(ack, "read", 2);
        shows(overview(alice, conversation), "rev", 3);
    }

    void whatIsNoReceiptIsRefused() {
        auto [alice, bob] = couple();
        auto carol = connected("carol");
        const auto conversation = three(alice, bob);
        const auto where = ",\"conversation\":" + std::to_string(conversation);
        for (const std::string type : {"\"type\":\"read\"", "\"type\":\"received\""}) {
            refused(bob, type + where, "bad_request");
            refused(bob, type + ",\"seq\":1", "bad_request");
            for (const auto* bad : {"null", "-1", "\"1\"", "1.5", "true"}) {
                refused(bob, type + where + ",\"seq\":" + bad, "bad_request");
                refused(bob, type + ",\"seq\":1,\"conversation\":" + bad, "bad_request");
            }
            refused(bob, type + ",\"seq\":1,\"conversation\":999999", "not_found");
            refused(carol, type + where + ",\"seq\":1", "not_member");
        }
        alice.seesNothing();
        bob.seesNothing();
    }

    void whatIsNoReceiptIsRefusedByHttp() {
        auto [alice, bob] = couple();
        const auto carol = salon.person("carol");
        const auto conversation = three(alice, bob);
        const auto where = path(conversation, "/receipts");
        for (const auto* bad :
             {"{}", "[]", R"({"seq":1})", R"({"read":null})", R"({"read":"1"})", R"({"read":-1})",
              R"({"received":1.5})", R"({"read":1,"received":true})"}) {
            bob.http().put(where, bad).isProblem(400, "bad_request");
        }
        carol.http().put(where, R"({"read":1})").isProblem(403, "not_member");
        carol.http().put(path(999999, "/receipts"), R"({"read":1})").isProblem(404, "not_found");
        salon.http().put(where, R"({"read":1})").isProblem(401, "unauthorized");
        alice.seesNothing();
    }

private:
    /// Three messages from alice, that bob has seen. @returns the conversation
    static std::int64_t three(Person& alice, Person& bob) {
        const auto ack = sendAll(alice, bob, {"one", "two", "three"});
        for (int i = 0; i < 3; ++i) bob.sees("dm");
        return ack.number("conversation");
    }
    static std::string members(const std::string& type, std::int64_t conversation,
                               std::int64_t seq) {
        return "\"type\":" + jsonString(type) +
               ",\"conversation\":" + std::to_string(conversation) +
               ",\"seq\":" + std::to_string(seq);
    }
    static std::string receipt(const std::string& type, std::int64_t conversation,
                               std::int64_t seq) {
        return "{" + members(type, conversation, seq) + "}";
    }
    static void isReceipt(const Json& frame, std::int64_t conversation, const Person& user,
                          std::int64_t received, std::int64_t read) {
        shows(frame, "type", "receipt");
        shows(frame, "conversation", conversation);
        shows(frame, "user", user.id());
        shows(frame, "received", received);
        shows(frame, "read", read);
        CPPUNIT_ASSERT(!frame.has("id"));
    }
    static std::string states(const Person& reader, std::int64_t conversation) {
        return texts(messages(reader, conversation).list("messages"), "state");
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ReceiptTest);
