#include "Deadline.h"
#include "Dialogue.h"

#include <string>
#include <vector>

using salon::wire::Json;
using salon::wire::Person;

/// Who is there, who is told, and who is not.
class PresenceTest : public salon::wire::Dialogue {
    CPPUNIT_TEST_SUITE(PresenceTest);
    CPPUNIT_TEST(aFriendComesAndGoes);
    CPPUNIT_TEST(whoReconnectsInTimeWasNeverAway);
    CPPUNIT_TEST(oneOfTwoConnectionsIsEnough);
    CPPUNIT_TEST(strangersAreNotTold);
    CPPUNIT_TEST(aNewConversationMakesNewFriends);
    CPPUNIT_TEST(aWatchIsAnsweredWithThePresentState);
    CPPUNIT_TEST(whoWatchesIsToldOfTheWatchedOnly);
    CPPUNIT_TEST(aWatchCanBeReplacedAndTakenBack);
    CPPUNIT_TEST(aStatusIsToldAndKept);
    CPPUNIT_TEST(aStatusWithoutAnIdIsAnsweredByItself);
    CPPUNIT_TEST(onesOtherDevicesFollow);
    CPPUNIT_TEST(theInvisibleAreOfflineToEverybody);
    CPPUNIT_TEST(theInvisibleComeAndGoUnseen);
    CPPUNIT_TEST(changesOfAMomentShareAFrame);
    CPPUNIT_TEST(afterAKilledDaemonItIsKnownWhoWasThere);
    CPPUNIT_TEST(afterAStopToo);
    CPPUNIT_TEST(whoAsksWrongIsTold);
    CPPUNIT_TEST_SUITE_END();

    salon::wire::Daemon::Defines defines() const override {
        return {{"presence.grace", "50ms"}, {"presence.max_watch", "5"}};
    }

    /// A person who heeds presence.
    Person somebody(const std::string& name) {
        auto person = salon.person(name);
        person.heedPresence();
        return person;
    }
    /// Two who share a direct conversation and are not connected.
    void befriend(const Person& one, const Person& other) {
        one.http()
            .post("/api/v1/conversations", "{\"with\":" + std::to_string(other.id()) + "}")
            .is(201);
    }
    /// What the next presence frame says, such as `2 online, 3 offline`; `+`: with a last_seen.
    static std::string news(Person& watcher) { return textOf(watcher.sees("presence")); }
    /// The same; what a watch has just answered may be told once more before it.
    static std::string newsAfter(const std::string& answered, Person& watcher) {
        const auto first = news(watcher);
        return first == answered ? news(watcher) : first;
    }
    static std::string textOf(const Json& frame) {
        CPPUNIT_ASSERT_EQUAL_MESSAGE(frame.dump(), std::string("presence"), frame.text("type"));
        std::string text;
        for (const auto& user : frame.list("users")) {
            if (!text.empty()) text += ", ";
            text += std::to_string(user.number("id")) + ' ' + user.text("status");
            if (!user.isNull("last_seen")) text += '+';
        }
        return text;
    }
    static std::string watch(Person& watcher, const std::string& users) {
        return textOf(watcher.ask(R"("type":"watch","users":)" + users));
    }
    static void choose(Person& person, const std::string& status) {
        const auto ack = person.ask(R"("type":"presence","status":")" + status + '"');
        CPPUNIT_ASSERT_EQUAL_MESSAGE(ack.dump(), std::string("ack"), ack.text("type"));
        CPPUNIT_ASSERT_EQUAL(status, ack.text("status"));
    }
    static Json profile(const Person& asker, const Person& of) {
        return asker.http().get("/api/v1/users/" + std::to_string(of.id())).is(200).json();
    }
    static std::string id(const Person& person) { return std::to_string(person.id()); }
    static void is(const std::string& expected, const std::string& actual) {
        CPPUNIT_ASSERT_EQUAL(expected, actual);
    }

public:
    void aFriendComesAndGoes() {
        auto alice = somebody("alice");
        auto bob = somebody("bob");
        befriend(alice, bob);
        bob.connect();
        CPPUNIT_ASSERT(profile(bob, alice).isNull("last_seen"));
        alice.connect();
        CPPUNIT_ASSERT(profile(bob, alice).flag("online"));
        is("1 online", news(bob));
        is("2 online", watch(alice, "[2]"));
        alice.close();
        const auto gone = bob.sees("presence");
        is("1 offline+", textOf(gone));
        const auto seen = profile(bob, alice);
        CPPUNIT_ASSERT(!seen.flag("online"));
        is(gone.list("users").front().text("last_seen"), seen.text("last_seen"));
    }

    void whoReconnectsInTimeWasNeverAway() {
        salon.stop();
        salon.start({{"presence.grace", "1h"}});
        auto alice = somebody("alice");
        auto bob = somebody("bob");
        auto carol = somebody("carol");
        befriend(alice, bob);
        befriend(carol, bob);
        bob.connect();
        alice.connect();
        is("1 online", news(bob));
        alice.vanish();
        alice.connect();
        alice.vanish();
        CPPUNIT_ASSERT(profile(bob, alice).flag("online"));
        CPPUNIT_ASSERT(profile(bob, alice).isNull("last_seen"));
        is("1 online, 3 offline", watch(bob, "[1,3]"));
        carol.connect();
        is("3 online", news(bob)); // and nothing about alice came before
    }

    void oneOfTwoConnectionsIsEnough() {
        auto alice = somebody("alice");
        auto bob = somebody("bob");
        befriend(alice, bob);
        alice.connect();
        auto elsewhere = alice.elsewhere();
        elsewhere.connect();
        bob.connect();
        is("1 online", watch(bob, "[1]"));
        alice.close();
        choose(elsewhere, "away");
        is("1 away", newsAfter("1 online", bob));
        elsewhere.close();
        is("1 offline+", news(bob));
    }

    void strangersAreNotTold() {
        auto alice = somebody("alice");
        auto bob = somebody("bob");
        auto carol = somebody("carol");
        befriend(bob, carol);
        bob.connect();
        alice.connect();
        carol.connect();
        is("3 online", news(bob));
        alice.close();
        choose(carol, "busy");
        is("3 busy", news(bob));
    }

    void aNewConversationMakesNewFriends() {
        auto alice = somebody("alice");
        auto bob = somebody("bob");
        alice.connect();
        bob.connect();
        is("1 online, 2 online", watch(bob, "[1,2]"));
        is("", watch(bob, "null"));
        alice.send(bob, "salut");
        bob.sees("dm");
        is("1 online", watch(bob, "null"));
        choose(alice, "away");
        is("1 away", newsAfter("1 online", bob));
    }

    void aWatchIsAnsweredWithThePresentState() {
        auto alice = somebody("alice");
        auto bob = somebody("bob");
        auto carol = somebody("carol");
        bob.connect();
        is("1 offline, 2 online, 3 offline, 999 offline", watch(bob, "[3,1,2,999,3]"));
        alice.connect();
        choose(alice, "busy");
        const auto answer = bob.ask(R"("type":"watch","users":[1])");
        is("1 busy", textOf(answer));
        CPPUNIT_ASSERT(answer.list("users").front().isNull("last_seen"));
        alice.close();
        is("1 offline+", news(bob));
        is("1 offline+", watch(bob, "[1]"));
    }

    void whoWatchesIsToldOfTheWatchedOnly() {
        auto alice = somebody("alice");
        auto bob = somebody("bob");
        auto carol = somebody("carol");
        befriend(alice, bob);
        bob.connect();
        is("3 offline", watch(bob, "[3]"));
        alice.connect();
        choose(alice, "away");
        carol.connect();
        is("3 online", news(bob));
        is("", watch(bob, "[]"));
        carol.close();
        is("1 away", watch(bob, "[1]"));
    }

    void aWatchCanBeReplacedAndTakenBack() {
        auto alice = somebody("alice");
        auto bob = somebody("bob");
        auto carol = somebody("carol");
        befriend(alice, bob);
        bob.connect();
        is("3 offline", watch(bob, "[3]"));
        is("1 offline", watch(bob, "null"));
        carol.connect();
        alice.connect();
        is("1 online", news(bob));
    }

    void aStatusIsToldAndKept() {
        auto alice = somebody("alice");
        auto bob = somebody("bob");
        befriend(alice, bob);
        alice.connect();
        bob.connect();
        is("1 online", watch(bob, "[1]"));
        for (const auto* status : {"away", "busy"}) {
            choose(alice, status);
            is(std::string("1 ") + status, newsAfter("1 online", bob));
        }
        alice.close();
        is("1 offline+", news(bob));
        const auto welcome = alice.connect();
        is("busy", welcome.object("user").text("status"));
        is("1 busy", news(bob));
        salon.kill();
        salon.restart();
        is("busy", alice.connect().object("user").text("status"));
        bob.connect();
        is("1 busy", watch(bob, "[1]"));
        CPPUNIT_ASSERT(!profile(bob, alice).has("status"));
        choose(alice, "online");
        is("1 online", newsAfter("1 busy", bob));
    }

    void aStatusWithoutAnIdIsAnsweredByItself() {
        auto alice = somebody("alice");
        alice.connect();
        for (const auto* status : {"away", "invisible", "online"}) {
            alice.frame(std::string(R"({"type":"presence","status":")") + status + "\"}");
            is(std::string("1 ") + status, news(alice));
        }
        alice.seesNothing();
    }

    void onesOtherDevicesFollow() {
        auto alice = somebody("alice");
        alice.connect();
        auto elsewhere = alice.elsewhere();
        elsewhere.heedPresence();
        elsewhere.connect();
        for (const auto* status : {"away", "invisible", "online"}) {
            choose(alice, status); // acknowledged, which is enough
            is(std::string("1 ") + status, news(elsewhere));
        }
        elsewhere.frame(R"({"type":"presence","status":"busy"})");
        is("1 busy", news(elsewhere));
        is("1 busy", news(alice));
        alice.seesNothing();
        elsewhere.seesNothing();
    }

    void theInvisibleAreOfflineToEverybody() {
        auto alice = somebody("alice");
        auto bob = somebody("bob");
        befriend(alice, bob);
        alice.connect();
        bob.connect();
        alice.send(bob, "salut");
        is("1 online", watch(bob, "[1]"));
        choose(alice, "invisible");
        is("1 offline", newsAfter("1 online", bob));
        is("1 offline", watch(bob, "[1]"));
        CPPUNIT_ASSERT(!profile(bob, alice).flag("online"));
        CPPUNIT_ASSERT(profile(bob, alice).isNull("last_seen"));
        const auto found = bob.http().get("/api/v1/users?q=alice").is(200).json();
        CPPUNIT_ASSERT(!found.list("users").front().flag("online"));
        const auto list = bob.http().get("/api/v1/conversations").is(200).json();
        CPPUNIT_ASSERT(!list.list("conversations").front().object("peer").flag("online"));
        const auto own = alice.http().get("/api/v1/users/me").is(200).json();
        CPPUNIT_ASSERT(own.flag("online"));
        is("invisible", own.text("status"));
    }

    void theInvisibleComeAndGoUnseen() {
        auto alice = somebody("alice");
        auto bob = somebody("bob");
        auto carol = somebody("carol");
        befriend(alice, bob);
        befriend(carol, bob);
        alice.connect();
        bob.connect();
        is("1 online", watch(bob, "[1]"));
        alice.close();
        is("1 offline+", newsAfter("1 online", bob));
        const auto seen = profile(bob, alice).text("last_seen");
        alice.connect();
        is("1 online", news(bob));
        choose(alice, "invisible");
        is("1 offline+", news(bob));
        is(seen, profile(bob, alice).text("last_seen"));
        alice.close();
        alice.connect();
        CPPUNIT_ASSERT(!profile(bob, alice).flag("online"));
        is("1 offline+, 3 offline", watch(bob, "[1,3]"));
        carol.connect();
        is("3 online", news(bob));
        carol.close();
        is("3 offline+", news(bob)); // by now alice's going would have been told
        is(seen, profile(bob, alice).text("last_seen"));
        salon.kill();
        salon.restart();
        is(seen, profile(bob, alice).text("last_seen"));
    }

    void changesOfAMomentShareAFrame() {
        auto alice = somebody("alice");
        auto bob = somebody("bob");
        auto carol = somebody("carol");
        for (auto* person : {&alice, &bob, &carol}) person->connect();
        is("1 online, 3 online", watch(bob, "[1,3]"));
        const salon::test::Deadline deadline(salon::test::patience);
        for (int i = 0;; ++i) {
            const std::string status = i % 2 == 0 ? "away" : "busy";
            for (auto* person : {&alice, &carol}) {
                person->frame(R"({"type":"presence","status":")" + status + "\"}");
            }
            const auto first = news(bob);
            if (first.find(", ") != std::string::npos) return;
            news(bob); // the machine was slow: each by itself
            CPPUNIT_ASSERT(!deadline.passed());
        }
    }

    void afterAKilledDaemonItIsKnownWhoWasThere() { restarted(true); }
    void afterAStopToo() { restarted(false); }

    void whoAsksWrongIsTold() {
        auto alice = somebody("alice");
        auto bob = somebody("bob");
        bob.connect();
        for (const auto* members :
             {R"("type":"presence")", R"("type":"presence","status":"offline")",
              R"("type":"presence","status":null)", R"("type":"presence","status":1)",
              R"("type":"presence","status":"AWAY")", R"("type":"watch")",
              R"("type":"watch","users":"1")", R"("type":"watch","users":{})",
              R"("type":"watch","users":[0])", R"("type":"watch","users":["1"])",
              R"("type":"watch","users":[1,null])", R"("type":"watch","users":[1.5])",
              R"("type":"watch","users":[1,2,3,4,5,6])",
              R"("type":"watch","users":[1,1,1,1,1,1])"}) {
            const auto error = bob.ask(members);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(members, std::string("error"), error.text("type"));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(members, std::string("bad_request"), error.text("code"));
        }
        // What was refused has changed nothing.
        is("1 offline", watch(bob, "[1]"));
        bob.ask(R"("type":"watch","users":[0])");
        alice.connect();
        is("1 online", news(bob));
    }

private:
    void restarted(bool killed) {
        auto alice = somebody("alice");
        auto bob = somebody("bob");
        befriend(alice, bob);
        bob.connect();
        is("1 offline", watch(bob, "[1]"));
        alice.connect();
        is("1 online", news(bob));
        // The store knows as much only a moment later, and what is told is no promise of that.
        choose(alice, "away");
        is("1 away", news(bob));
        if (killed) {
            salon.kill();
        } else {
            CPPUNIT_ASSERT_EQUAL(0, salon.stop());
        }
        salon.restart();
        const auto seen = profile(bob, alice);
        CPPUNIT_ASSERT(!seen.flag("online"));
        CPPUNIT_ASSERT(!seen.isNull("last_seen"));
        bob.connect();
        is("1 offline+", watch(bob, "[1]"));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(PresenceTest);
