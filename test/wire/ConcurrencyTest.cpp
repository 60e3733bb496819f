#include "Talk.h"

#include <future>

using namespace salon::wire;

/// Much at the same time: order and counts hold.
class ConcurrencyTest : public Talk {
    CPPUNIT_TEST_SUITE(ConcurrencyTest);
    CPPUNIT_TEST(whatOneConnectionSendsIsStoredInItsOrder);
    CPPUNIT_TEST(theOrderHoldsHoweverTheOtherIsNamed);
    CPPUNIT_TEST(twoSendersShareOneCount);
    CPPUNIT_TEST(firstMessagesOfBothAtOnceMakeOneConversation);
    CPPUNIT_TEST(everyChangeTakesTheNextRev);
    CPPUNIT_TEST(frameAndHttpSendersShareOneCount);
    CPPUNIT_TEST(conversationsOpenedAtOnceAreOne);
    CPPUNIT_TEST(aConversationDoesNotDisturbAnother);
    CPPUNIT_TEST_SUITE_END();

public:
    void whatOneConnectionSendsIsStoredInItsOrder() {
        auto [alice, bob] = couple();
        constexpr int count = 500;
        for (int i = 1; i <= count; ++i) alice.frame(dm("@bob", i));
        for (int i = 1; i <= count; ++i) {
            const auto ack = alice.next();
            shows(ack, "type", "ack");
            shows(ack, "id", "m" + std::to_string(i));
            shows(ack, "seq", i);
            shows(ack, "rev", i);
            const auto seen = bob.next();
            shows(seen, "seq", i);
            shows(seen, "content", std::to_string(i));
        }
    }

    void theOrderHoldsHoweverTheOtherIsNamed() {
        auto [alice, bob] = couple();
        const auto conversation = alice.send(bob, "0").number("conversation");
        bob.next();
        salon.stop();
        salon.restart();
        alice.connect();
        bob.connect();
        constexpr int count = 120;
        for (int i = 1; i <= count; ++i) {
            switch (i % 4) {
            case 0:
                alice.frame(dm("@bob", i));
                break;
            case 1:
                alice.frame(dm("@BOB", i));
                break;
            case 2:
                alice.frame(dm(std::to_string(bob.id()), i));
                break;
            default:
                alice.frame(
                    "{\"type\":\"message\",\"conversation\":" + std::to_string(conversation) +
                    ",\"content\":\"" + std::to_string(i) + "\"}");
            }
        }
        for (int i = 1; i <= count; ++i) {
            const auto seen = bob.next();
            shows(seen, "content", std::to_string(i));
            shows(seen, "seq", i + 1);
        }
    }

    void twoSendersShareOneCount() {
        auto [alice, bob] = couple();
        auto watcher = bob.elsewhere();
        watcher.connect();
        constexpr int each = 250;
        for (int i = 1; i <= each; ++i) {
            alice.frame(dm("@bob", i));
            bob.frame(dm("@alice", i));
        }
        for (int i = 1; i <= 2 * each; ++i) {
            const auto seen = watcher.next();
            shows(seen, "seq", i);
            shows(seen, "rev", i);
        }
        for (auto* person : {&alice, &bob}) {
            std::int64_t last = 0;
            for (int i = 1; i <= each; ++i) {
                const auto ack = person->sees("ack");
                shows(ack, "id", "m" + std::to_string(i));
                CPPUNIT_ASSERT(ack.number("seq") > last);
                last = ack.number("seq");
            }
        }
        shows(overview(bob, 1), "seq", 2 * each);
        shows(overview(bob, 1), "rev", 2 * each);
    }

    void firstMessagesOfBothAtOnceMakeOneConversation() {
        auto [alice, bob] = couple();
        for (int i = 1; i <= 10; ++i) {
            alice.frame(dm("@bob", i));
            bob.frame(dm("@alice", i));
        }
        for (int i = 1; i <= 10; ++i) {
            shows(alice.sees("ack"), "conversation", 1);
            shows(bob.sees("ack"), "conversation", 1);
        }
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, count("SELECT COUNT(*) FROM conversation"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, count("SELECT COUNT(*) FROM conversation_member"));
        shows(overview(alice, 1), "seq", 20);
    }

    void everyChangeTakesTheNextRev() {
        auto [alice, bob] = couple();
        auto watcher = bob.elsewhere();
        constexpr int messages = 40;
        for (int i = 1; i <= messages; ++i) alice.frame(dm("@bob", i));
        std::vector<std::int64_t> ids;
        for (int i = 1; i <= messages; ++i) ids.push_back(alice.sees("ack").number("message"));
        watcher.connect();
        // While bob writes and reads on, alice edits and deletes.
        for (int i = 1; i <= messages; ++i) {
            const auto message =
                ",\"message\":" + std::to_string(ids[static_cast<std::size_t>(i) - 1]);
            alice.frame(R"({"type":"edit","content":"edited","id":"e")" + message + "}");
            bob.frame(dm("@alice", i));
            bob.frame("{\"type\":\"read\",\"conversation\":1,\"seq\":" + std::to_string(i) + "}");
            if (i % 2 == 0) alice.frame(R"({"type":"delete","id":"d")" + message + "}");
        }
        constexpr std::int64_t head = messages + messages + messages + messages / 2;
        for (std::int64_t rev = messages + 1; rev <= head;) {
            const auto seen = watcher.next();
            if (seen.is("type", "receipt")) continue;
            shows(seen, "rev", rev++);
        }
        shows(overview(bob, 1), "rev", head);
        shows(overview(bob, 1), "seq", 2 * messages);
        CPPUNIT_ASSERT_EQUAL(std::size_t{80},
                             Talk::messages(bob, 1, "?limit=200").list("messages").size());
    }

    void frameAndHttpSendersShareOneCount() {
        auto [alice, bob] = couple();
        alice.send(bob, "0");
        const auto http = bob.http();
        const auto posts = [&http](const std::string& name) {
            std::vector<std::int64_t> seqs;
            for (int i = 0; i < 40; ++i) {
                const auto id = jsonString(name + std::to_string(i));
                const auto reply =
                    http.post(path(1, "/messages"), "{\"content\":\"http\",\"id\":" + id + "}");
                seqs.push_back(reply.is(201).json().number("seq"));
            }
            return seqs;
        };
        auto one = std::async(std::launch::async, posts, "one");
        auto other = std::async(std::launch::async, posts, "other");
        for (int i = 1; i <= 100; ++i) alice.frame(dm("@bob", i));
        for (auto* seqs : {&one, &other}) {
            std::int64_t last = 1;
            for (const auto seq : seqs->get()) {
                CPPUNIT_ASSERT(seq > last);
                last = seq;
            }
        }
        for (std::int64_t seq = 1; seq <= 181; ++seq) shows(bob.next(), "seq", seq);
        shows(overview(bob, 1), "rev", 181);
    }

    void conversationsOpenedAtOnceAreOne() {
        auto [alice, bob] = couple();
        const auto open = [](const Http& http, const std::string& with) {
            return http.post("/api/v1/conversations", "{\"with\":" + jsonString(with) + "}");
        };
        std::vector<std::future<Reply>> replies;
        for (int i = 0; i < 8; ++i) {
            const bool mine = i % 2 == 0;
            replies.push_back(std::async(std::launch::async, open, (mine ? alice : bob).http(),
                                         mine ? "@bob" : "@alice"));
        }
        int made = 0;
        for (auto& each : replies) {
            const auto reply = each.get();
            if (reply.status == 201) ++made;
            shows(reply.json(), "id", 1);
            if (reply.status != 201) reply.is(200);
        }
        CPPUNIT_ASSERT_EQUAL(1, made);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, count("SELECT COUNT(*) FROM conversation"));
    }

    void aConversationDoesNotDisturbAnother() {
        auto [alice, bob] = couple();
        auto carol = connected("carol");
        constexpr int each = 150;
        for (int i = 1; i <= each; ++i) {
            alice.frame(dm(i % 2 == 0 ? "@bob" : "@carol", i));
            if (i % 10 == 0) alice.frame(dm("@nobody", 1000 + i)); // refused between them
        }
        for (auto* person : {&bob, &carol}) {
            for (int seq = 1; seq <= each / 2; ++seq) {
                const auto seen = person->next();
                shows(seen, "seq", seq);
                shows(seen, "rev", seq);
                shows(seen, "content", std::to_string(person == &bob ? 2 * seq : 2 * seq - 1));
            }
            person->seesNothing();
        }
        for (int i = 0; i < each / 10; ++i) shows(alice.sees("error"), "code", "not_found");
        for (int i = 0; i < each; ++i) alice.sees("ack");
    }

private:
    static std::string dm(const std::string& to, int number) {
        const auto text = std::to_string(number);
        return "{\"type\":\"dm\",\"to\":" + jsonString(to) + ",\"content\":\"" + text +
               "\",\"id\":\"m" + text + "\"}";
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ConcurrencyTest);
