#include "Talk.h"

using namespace salon::wire;

/// Messages that are changed and deleted: who may, who is told, what stays.
class EditTest : public Talk {
    CPPUNIT_TEST_SUITE(EditTest);
    CPPUNIT_TEST(anEditIsAcknowledgedThereAndShownElsewhere);
    CPPUNIT_TEST(anEditWithoutAnIdIsAnsweredByItsOwnFrame);
    CPPUNIT_TEST(anEditByHttpReachesEveryConnectionOfBoth);
    CPPUNIT_TEST(aDeletedMessageKeepsItsPlace);
    CPPUNIT_TEST(aDeleteIsShownAsAnEditIs);
    CPPUNIT_TEST(theSameContentAgainTakesNoRev);
    CPPUNIT_TEST(aSecondDeleteTakesNoRev);
    CPPUNIT_TEST(aDeletedMessageCannotBeEdited);
    CPPUNIT_TEST(onlyItsSenderMayChangeAMessage);
    CPPUNIT_TEST(aModeratorMayDeleteWhereHeIsAMember);
    CPPUNIT_TEST(strangersChangeNothing);
    CPPUNIT_TEST(thereMustBeSuchAMessage);
    CPPUNIT_TEST(theContentKeepsToTheRules);
    CPPUNIT_TEST(theWindowForEditingEnds);
    CPPUNIT_TEST(aDayIsTheWindowUnlessItIsSet);
    CPPUNIT_TEST(changesOutliveAKilledDaemon);
    CPPUNIT_TEST_SUITE_END();

public:
    void anEditIsAcknowledgedThereAndShownElsewhere() {
        auto [alice, bob] = couple();
        auto elsewhere = alice.elsewhere();
        const auto sent = sendAll(alice, bob, {"salut", "ça va?"});
        bob.connect();
        elsewhere.connect();
        const auto ack = alice.ask(edit(sent, "bonjour"));
        shows(ack, "type", "ack");
        for (const auto* member : {"conversation", "message", "seq"}) {
            shows(ack, member, sent.number(member));
        }
        shows(ack, "rev", 3);
        shows(ack, "timestamp", sent.text("timestamp"));
        CPPUNIT_ASSERT(isTime(ack.text("edited_at")));
        CPPUNIT_ASSERT(ack.text("edited_at") >= ack.text("timestamp"));
        for (auto* person : {&bob, &elsewhere}) {
            const auto edited = person->next();
            shows(edited, "type", "edited");
            for (const auto* member : {"conversation", "message", "seq", "rev"}) {
                shows(edited, member, ack.number(member));
            }
            shows(edited, "content", "bonjour");
            shows(edited, "edited_at", ack.text("edited_at"));
            CPPUNIT_ASSERT(!edited.has("id"));
            person->seesNothing();
        }
        alice.seesNothing();
        const auto message = messages(bob, sent.number("conversation")).list("messages").at(1);
        shows(message, "content", "bonjour");
        shows(message, "seq", 2);
        shows(message, "rev", 3);
        shows(message, "timestamp", sent.text("timestamp"));
        shows(message, "edited_at", ack.text("edited_at"));
        CPPUNIT_ASSERT(!message.flag("deleted"));
    }

    void anEditWithoutAnIdIsAnsweredByItsOwnFrame() {
        auto [alice, bob] = couple();
        auto elsewhere = alice.elsewhere();
        elsewhere.connect();
        const auto sent = alice.send(bob, "salut");
        elsewhere.next();
        bob.next();
        for (const auto* type : {"edited", "deleted"}) {
            alice.frame("{" + (std::string("edited") == type ? edit(sent, "bonjour") : gone(sent)) +
                        "}");
            const auto own = alice.next();
            shows(own, "type", type);
            CPPUNIT_ASSERT_EQUAL(own.dump(), elsewhere.next().dump());
            CPPUNIT_ASSERT_EQUAL(own.dump(), bob.next().dump());
        }
        for (auto* person : {&alice, &elsewhere, &bob}) person->seesNothing();
        // An id is only echoed: it need not be a string.
        alice.frame("{" + gone(sent) + ",\"id\":5}");
        shows(alice.sees("ack"), "id", 5);
    }

    void anEditByHttpReachesEveryConnectionOfBoth() {
        auto [alice, bob] = couple();
        const auto sent = alice.send(bob, "salut");
        bob.next();
        const auto message =
            alice.http().patch(where(sent), R"({"content":"bonjour"})").is(200).json();
        shows(message, "id", sent.number("message"));
        shows(message, "content", "bonjour");
        shows(message, "rev", 2);
        CPPUNIT_ASSERT_EQUAL(
            messages(alice, sent.number("conversation")).list("messages").at(0).dump(),
            message.dump());
        const auto deleted = alice.http().del(where(sent)).is(200).json();
        CPPUNIT_ASSERT(deleted.flag("deleted"));
        CPPUNIT_ASSERT(deleted.isNull("content"));
        for (auto* person : {&alice, &bob}) {
            const auto edited = person->next();
            shows(edited, "type", "edited");
            shows(edited, "content", "bonjour");
            shows(edited, "edited_at", message.text("edited_at"));
            shows(person->next(), "type", "deleted");
            person->seesNothing();
        }
    }

    void aDeletedMessageKeepsItsPlace() {
        auto [alice, bob] = couple();
        alice.send(bob, "one");
        const auto sent = alice.send(bob, "two");
        alice.send(bob, "three");
        shows(alice.ask(gone(sent)), "rev", 4);
        const auto list = messages(bob, sent.number("conversation")).list("messages");
        CPPUNIT_ASSERT_EQUAL(std::string("1 2 3"), numbers(list, "seq"));
        CPPUNIT_ASSERT(list.at(1).flag("deleted"));
        CPPUNIT_ASSERT(list.at(1).isNull("content"));
        shows(list.at(1), "from", alice.id());
        shows(list.at(1), "rev", 4);
        shows(alice.send(bob, "four"), "seq", 4);
        // Nothing of it is left in the store.
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0},
                             count("SELECT COUNT(*) FROM message WHERE content = 'two'"));
    }

    void aDeleteIsShownAsAnEditIs() {
        auto [alice, bob] = couple();
        auto elsewhere = alice.elsewhere();
        elsewhere.connect();
        const auto sent = alice.send(bob, "salut");
        bob.next();
        elsewhere.next();
        const auto ack = alice.ask(gone(sent));
        shows(ack, "type", "ack");
        shows(ack, "message", sent.number("message"));
        shows(ack, "seq", 1);
        shows(ack, "rev", 2);
        for (auto* person : {&bob, &elsewhere}) {
            const auto deleted = person->next();
            shows(deleted, "type", "deleted");
            for (const auto* member : {"conversation", "message", "seq", "rev"}) {
                shows(deleted, member, ack.number(member));
            }
            CPPUNIT_ASSERT(!deleted.has("content"));
            person->seesNothing();
        }
        alice.seesNothing();
    }

    void theSameContentAgainTakesNoRev() {
        auto [alice, bob] = couple();
        const auto sent = alice.send(bob, "salut");
        shows(alice.ask(edit(sent, "salut")), "rev", 1);
        shows(alice.ask(edit(sent, "bonjour")), "rev", 2);
        bob.next();
        bob.next();
        for (int i = 0; i < 2; ++i) {
            const auto again = alice.ask(edit(sent, "bonjour"));
            shows(again, "type", "ack");
            shows(again, "rev", 2);
        }
        alice.frame("{" + edit(sent, "bonjour") + "}");
        shows(alice.next(), "rev", 2);
        const auto reply = alice.http().patch(where(sent), R"({"content":"bonjour"})").is(200);
        shows(reply.json(), "rev", 2);
        bob.seesNothing();
        alice.seesNothing();
        shows(overview(bob, sent.number("conversation")), "rev", 2);
        shows(alice.ask(edit(sent, "salut")), "rev", 3);
    }

    void aSecondDeleteTakesNoRev() {
        auto [alice, bob] = couple();
        const auto sent = alice.send(bob, "salut");
        alice.ask(gone(sent));
        bob.next();
        bob.next();
        shows(alice.ask(gone(sent)), "rev", 2);
        alice.frame("{" + gone(sent) + "}");
        shows(alice.next(), "type", "deleted");
        shows(alice.http().del(where(sent)).is(200).json(), "rev", 2);
        bob.seesNothing();
        alice.seesNothing();
        shows(overview(bob, sent.number("conversation")), "rev", 2);
    }

    void aDeletedMessageCannotBeEdited() {
        auto [alice, bob] = couple();
        const auto sent = alice.send(bob, "salut");
        alice.ask(gone(sent));
        refused(alice, edit(sent, "bonjour"), "conflict");
        refused(alice, edit(sent, "salut"), "conflict");
        alice.http().patch(where(sent), R"({"content":"bonjour"})").isProblem(409, "conflict");
        shows(overview(alice, sent.number("conversation")), "rev", 2);
    }

    void onlyItsSenderMayChangeAMessage() {
        auto [alice, bob] = couple();
        const auto sent = alice.send(bob, "salut");
        bob.next();
        refused(bob, edit(sent, "bonjour"), "forbidden");
        refused(bob, edit(sent, "salut"), "forbidden");
        refused(bob, gone(sent), "forbidden");
        bob.http().patch(where(sent), R"({"content":"bonjour"})").isProblem(403, "forbidden");
        bob.http().del(where(sent)).isProblem(403, "forbidden");
        alice.seesNothing();
        shows(overview(alice, sent.number("conversation")), "rev", 1);
    }

    void aModeratorMayDeleteWhereHeIsAMember() {
        auto [alice, bob] = couple();
        auto carol = salon.person("carol");
        const auto first = alice.send(bob, "one");
        const auto second = alice.send(bob, "two");
        makeRole(bob, "moderator");
        makeRole(carol, "admin");
        for (auto* person : {&alice, &bob, &carol}) person->connect();
        refused(bob, edit(first, "eins"), "forbidden");
        shows(bob.ask(gone(first)), "type", "ack");
        shows(alice.next(), "type", "deleted");
        refused(carol, gone(second), "not_member");
        carol.http().del(where(second)).isProblem(403, "not_member");
        bob.http().del(where(second)).is(200);
        shows(alice.next(), "type", "deleted");
        // And the other way round he is anybody.
        makeRole(bob, "user");
        alice.connect();
        bob.connect();
        refused(bob, gone(alice.send(bob, "three")), "forbidden");
    }

    void strangersChangeNothing() {
        auto [alice, bob] = couple();
        auto carol = connected("carol");
        const auto sent = alice.send(bob, "salut");
        refused(carol, edit(sent, "bonjour"), "not_member");
        refused(carol, gone(sent), "not_member");
        carol.http().patch(where(sent), R"({"content":"x"})").isProblem(403, "not_member");
        carol.http().del(where(sent)).isProblem(403, "not_member");
        salon.http().del(where(sent)).isProblem(401, "unauthorized");
        shows(overview(alice, sent.number("conversation")), "rev", 1);
    }

    void thereMustBeSuchAMessage() {
        auto [alice, bob] = couple();
        refused(alice, R"("type":"edit","message":999999,"content":"x")", "not_found");
        refused(alice, R"("type":"delete","message":999999)", "not_found");
        refused(alice, R"("type":"edit","content":"x")", "bad_request");
        refused(alice, R"("type":"delete")", "bad_request");
        for (const auto* bad : {"null", "\"1\"", "0", "-1", "1.5", "[]"}) {
            refused(alice, std::string(R"("type":"delete","message":)") + bad, "bad_request");
        }
        alice.http().del("/api/v1/messages/999999").isProblem(404, "not_found");
        alice.http()
            .patch("/api/v1/messages/999999", R"({"content":"x"})")
            .isProblem(404, "not_found");
        alice.http().del("/api/v1/messages/abc").isProblem(404, "not_found");
        alice.http().del("/api/v1/messages/0").isProblem(404, "not_found");
        alice.http().get("/api/v1/messages/1").isProblem(405, "method_not_allowed");
    }

    void theContentKeepsToTheRules() {
        auto [alice, bob] = couple();
        const auto sent = alice.send(bob, "salut");
        refused(alice, "\"type\":\"edit\",\"message\":1", "bad_request");
        refused(alice, R"("type":"edit","message":1,"content":null)", "bad_request");
        refused(alice, edit(sent, ""), "bad_request");
        refused(alice, edit(sent, " \n"), "bad_request");
        refused(alice, edit(sent, "\x7f"), "bad_request");
        refused(alice, edit(sent, std::string(4001, 'x')), "too_large");
        const auto patch = [&alice = alice, &sent](const std::string& body) {
            return alice.http().patch(where(sent), body);
        };
        patch("{}").isProblem(400, "bad_request");
        patch(R"({"content":5})").isProblem(400, "bad_request");
        patch(R"({"content":"\u0000"})").isProblem(400, "bad_request");
        patch("{\"content\":" + jsonString(std::string(4001, 'x')) + "}")
            .isProblem(413, "too_large");
        shows(overview(alice, sent.number("conversation")), "rev", 1);
        alice.ask(edit(sent, "a\r\nb"));
        shows(messages(bob, sent.number("conversation")).list("messages").at(0), "content", "a\nb");
    }

    void theWindowForEditingEnds() {
        auto [alice, bob] = couple();
        const auto old = alice.send(bob, "salut");
        salon.kill();
        execute("UPDATE message SET created_at = created_at - 61000");
        restartWith("conversations.edit_window", "1m");
        alice.connect();
        bob.connect();
        refused(alice, edit(old, "bonjour"), "forbidden");
        alice.http().patch(where(old), R"({"content":"bonjour"})").isProblem(403, "forbidden");
        shows(alice.ask(edit(old, "salut")), "rev", 1); // it is so already
        shows(alice.ask(gone(old)), "rev", 2);          // deleting is always possible
        shows(alice.ask(edit(alice.send(bob, "new"), "newer")), "type", "ack");
    }

    void aDayIsTheWindowUnlessItIsSet() {
        auto [alice, bob] = couple();
        const auto first = alice.send(bob, "one");
        const auto second = alice.send(bob, "two");
        salon.kill();
        execute("UPDATE message SET created_at = created_at - 24 * 3600 * 1000 + "
                "CASE seq WHEN 1 THEN 60000 ELSE 0 END");
        salon.restart();
        alice.connect();
        shows(alice.ask(edit(first, "eins")), "type", "ack");
        refused(alice, edit(second, "zwei"), "forbidden");
    }

    void changesOutliveAKilledDaemon() {
        auto [alice, bob] = couple();
        const auto first = alice.send(bob, "one");
        const auto second = alice.send(bob, "two");
        const auto ack = alice.ask(edit(first, "eins"));
        alice.ask(gone(second));
        salon.kill();
        salon.restart();
        const auto list = messages(alice, first.number("conversation")).list("messages");
        shows(list.at(0), "content", "eins");
        shows(list.at(0), "edited_at", ack.text("edited_at"));
        CPPUNIT_ASSERT(list.at(1).flag("deleted"));
        alice.connect();
        shows(alice.ask(edit(first, "un")), "rev", 5);
    }

private:
    static std::string edit(const Json& sent, const std::string& content) {
        return "\"type\":\"edit\",\"content\":" + jsonString(content) +
               ",\"message\":" + std::to_string(sent.number("message"));
    }
    static std::string gone(const Json& sent) {
        return R"("type":"delete","message":)" + std::to_string(sent.number("message"));
    }
    static std::string where(const Json& sent) {
        return "/api/v1/messages/" + std::to_string(sent.number("message"));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(EditTest);
