#include "Dialogue.h"

/// The shortest story that passes through everything: accounts over HTTP, sockets, a durable
/// message.
class SmokeTest : public salon::wire::Dialogue {
    CPPUNIT_TEST_SUITE(SmokeTest);
    CPPUNIT_TEST(aDirectMessageIsAcknowledgedAndSeen);
    CPPUNIT_TEST(anAcknowledgedMessageOutlivesAKilledDaemon);
    CPPUNIT_TEST(aStrangerGetsNoWebSocket);
    CPPUNIT_TEST_SUITE_END();

public:
    void aDirectMessageIsAcknowledgedAndSeen() {
        auto alice = salon.person("alice");
        auto bob = salon.person("bob");
        alice.connect();
        bob.connect();

        const auto ack = alice.send(bob, "salut");
        const auto dm = bob.sees("dm");

        CPPUNIT_ASSERT_EQUAL(std::string("salut"), dm.text("content"));
        CPPUNIT_ASSERT_EQUAL(alice.id(), dm.number("from"));
        CPPUNIT_ASSERT_EQUAL(bob.id(), dm.number("to"));
        for (const auto* member : {"conversation", "message", "seq", "rev"}) {
            CPPUNIT_ASSERT_EQUAL(ack.number(member), dm.number(member));
        }
        CPPUNIT_ASSERT_EQUAL(ack.text("timestamp"), dm.text("timestamp"));
        alice.seesNothing();
        bob.seesNothing();
    }

    void anAcknowledgedMessageOutlivesAKilledDaemon() {
        auto alice = salon.person("alice");
        auto bob = salon.person("bob");
        alice.connect();
        const auto first = alice.send(bob, "salut", "the-first");

        salon.kill();
        salon.restart();
        alice.connect();
        const auto again = alice.send(bob, "salut", "the-first");

        CPPUNIT_ASSERT_EQUAL(first.dump(), again.dump());
        CPPUNIT_ASSERT_EQUAL(first.number("seq") + 1, alice.send(bob, "ça va?").number("seq"));
    }

    void aStrangerGetsNoWebSocket() {
        auto alice = salon.person("alice");
        const auto refusal = alice.knock({.way = salon::wire::Handshake::Way::none});
        refusal.isProblem(401, "unauthorized");
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SmokeTest);
