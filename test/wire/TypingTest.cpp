#include "Talk.h"

using namespace salon::wire;

/// Somebody is typing: told to the other, kept nowhere.
class TypingTest : public Talk {
    CPPUNIT_TEST_SUITE(TypingTest);
    CPPUNIT_TEST(theOtherIsTold);
    CPPUNIT_TEST(itIsKeptNowhere);
    CPPUNIT_TEST(whatIsNoTypingIsRefused);
    CPPUNIT_TEST_SUITE_END();

public:
    void theOtherIsTold() {
        auto [alice, bob] = couple();
        auto carol = connected("carol");
        auto aliceElsewhere = alice.elsewhere();
        auto bobElsewhere = bob.elsewhere();
        const auto conversation = alice.send(bob, "salut").number("conversation");
        alice.send(carol, "salut");
        carol.next();
        bob.next();
        aliceElsewhere.connect();
        bobElsewhere.connect();
        for (const bool on : {true, false}) {
            alice.frame(typing(conversation, on ? "true" : "false"));
            for (auto* person : {&bob, &bobElsewhere}) {
                const auto frame = person->next();
                shows(frame, "type", "typing");
                shows(frame, "conversation", conversation);
                shows(frame, "user", alice.id());
                CPPUNIT_ASSERT_EQUAL(on, frame.flag("on"));
                person->seesNothing();
            }
        }
        alice.frame(R"({"id":"x",)" + typing(conversation, "true").substr(1));
        CPPUNIT_ASSERT(!bob.next().has("id"));
        for (auto* person : {&alice, &aliceElsewhere, &carol}) person->seesNothing();
    }

    void itIsKeptNowhere() {
        auto [alice, bob] = couple();
        const auto conversation = alice.send(bob, "salut").number("conversation");
        const auto before = overview(bob, conversation).dump();
        alice.frame(typing(conversation, "true"));
        bob.sees("typing");
        CPPUNIT_ASSERT_EQUAL(before, overview(bob, conversation).dump());
        bob.connect();
        bob.frame(R"({"type":"resume","have":{")" + std::to_string(conversation) + "\":1}}");
        shows(bob.next(), "type", "resumed");
        bob.seesNothing();
    }

    void whatIsNoTypingIsRefused() {
        auto [alice, bob] = couple();
        auto carol = connected("carol");
        const auto conversation = std::to_string(alice.send(bob, "salut").number("conversation"));
        bob.next();
        const auto where = "\"type\":\"typing\",\"conversation\":" + conversation;
        refused(alice, where, "bad_request");
        for (const auto* bad : {"null", "1", "0", "\"true\"", "[]"}) {
            refused(alice, where + ",\"on\":" + bad, "bad_request");
        }
        for (const auto* bad : {"null", "0", "\"1\"", "1.5", "true"}) {
            refused(alice, std::string(R"("type":"typing","on":true,"conversation":)") + bad,
                    "bad_request");
        }
        refused(alice, R"("type":"typing","on":true)", "bad_request");
        refused(alice, R"("type":"typing","on":true,"conversation":999999)", "not_found");
        refused(carol, where + ",\"on\":true", "not_member");
        bob.seesNothing();
    }

private:
    static std::string typing(std::int64_t conversation, const std::string& on) {
        return "{\"type\":\"typing\",\"conversation\":" + std::to_string(conversation) +
               ",\"on\":" + on + "}";
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(TypingTest);
