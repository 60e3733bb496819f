#include "Talk.h"

using namespace salon::wire;

/// A message from one person to another: who may be named how, and who sees what.
class DirectMessageTest : public Talk {
    CPPUNIT_TEST_SUITE(DirectMessageTest);
    CPPUNIT_TEST(theOtherIsNamedByIdDigitsOrUsername);
    CPPUNIT_TEST(nobodyElseCanBeNamed);
    CPPUNIT_TEST(whatNamesNobodyIsABadRequest);
    CPPUNIT_TEST(aSendWithoutAnIdIsAnsweredByItsOwnFrame);
    CPPUNIT_TEST(aSendWithAnIdIsAcknowledgedThereAndShownElsewhere);
    CPPUNIT_TEST(anIdIsAStringOf1To64Bytes);
    CPPUNIT_TEST(aMessageByHttpReachesEveryConnectionOfBoth);
    CPPUNIT_TEST(allWaysOfSeeingAMessageAgree);
    CPPUNIT_TEST(aReplyNamesAMessageOfItsConversation);
    CPPUNIT_TEST(aReplyToSomethingElseIsRefused);
    CPPUNIT_TEST(aMessageFrameMayNameTheConversation);
    CPPUNIT_TEST(aMessageFrameIsRefusedWhereItsSenderIsNoMember);
    CPPUNIT_TEST(aStrangerPostsNothing);
    CPPUNIT_TEST(anHttpMessageNeedsAProperBody);
    CPPUNIT_TEST(bothSidesWriteInOneConversation);
    CPPUNIT_TEST_SUITE_END();

public:
    void theOtherIsNamedByIdDigitsOrUsername() {
        auto [alice, bob] = couple();
        const auto id = std::to_string(bob.id());
        std::int64_t seq = 0;
        for (const auto& to : {id, '"' + id + '"', std::string("\"@bob\""), std::string("\"@BoB\""),
                               std::string("\"\\u0040bob\"")}) {
            const auto ack = alice.ask("\"type\":\"dm\",\"content\":\"salut\",\"to\":" + to);
            shows(ack, "type", "ack");
            shows(ack, "seq", ++seq);
            shows(bob.next(), "message", ack.number("message"));
        }
    }

    void nobodyElseCanBeNamed() {
        auto [alice, bob] = couple();
        const std::string dm = "\"type\":\"dm\",\"content\":\"salut\",\"to\":";
        refused(alice, dm + std::to_string(alice.id()), "bad_request");
        refused(alice, dm + "\"@alice\"", "bad_request");
        refused(alice, dm + "\"@ALICE\"", "bad_request");
        refused(alice, dm + "999999", "not_found");
        refused(alice, dm + "\"999999\"", "not_found");
        refused(alice, dm + "\"@nobody\"", "not_found");
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, count("SELECT COUNT(*) FROM message"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, count("SELECT COUNT(*) FROM conversation"));
        alice.seesNothing();
        bob.seesNothing();
    }

    void whatNamesNobodyIsABadRequest() {
        auto [alice, bob] = couple();
        const std::string dm = "\"type\":\"dm\",\"content\":\"salut\"";
        refused(alice, dm, "bad_request");
        for (const auto* to : {"null", "true", "0", "-1", "2.0", "1e0", "\"\"", "\"@\"", "\"bob\"",
                               "\"+2\"", "\" 2\"", "\"2 \"", "\"2x\"", "\"-1\"", "\"0\"",
                               "\"99999999999999999999\"", "[2]", "{\"id\":2}"}) {
            refused(alice, dm + ",\"to\":" + to, "bad_request");
        }
        alice.seesNothing();
        bob.seesNothing();
    }

    void aSendWithoutAnIdIsAnsweredByItsOwnFrame() {
        auto [alice, bob] = couple();
        auto elsewhere = alice.elsewhere();
        elsewhere.connect();
        alice.frame(R"({"type":"dm","to":"@bob","content":"salut"})");
        const auto own = alice.next();
        shows(own, "type", "dm");
        CPPUNIT_ASSERT(!own.has("id"));
        CPPUNIT_ASSERT_EQUAL(own.dump(), bob.next().dump());
        CPPUNIT_ASSERT_EQUAL(own.dump(), elsewhere.next().dump());
        alice.seesNothing();
        elsewhere.seesNothing();
        bob.seesNothing();

        // Without an id nothing tells a retry from another message.
        alice.frame(R"({"type":"dm","to":"@bob","content":"salut"})");
        shows(alice.next(), "seq", 2);
    }

    void aSendWithAnIdIsAcknowledgedThereAndShownElsewhere() {
        auto [alice, bob] = couple();
        auto aliceElsewhere = alice.elsewhere();
        auto bobElsewhere = bob.elsewhere();
        aliceElsewhere.connect();
        bobElsewhere.connect();
        const auto ack = alice.send(bob, "salut", "first");
        shows(ack, "id", "first");
        for (auto* person : {&aliceElsewhere, &bob, &bobElsewhere}) {
            const auto dm = person->next();
            shows(dm, "type", "dm");
            shows(dm, "message", ack.number("message"));
            CPPUNIT_ASSERT(!dm.has("id"));
            person->seesNothing();
        }
        alice.seesNothing();
    }

    void anIdIsAStringOf1To64Bytes() {
        auto [alice, bob] = couple();
        const std::string e = "\xc3\xa9";
        std::string wide;
        for (int i = 0; i < 32; ++i) wide += e;
        const auto dm = [](const std::string& id) {
            return R"({"type":"dm","to":"@bob","content":"salut","id":)" + id + "}";
        };
        const std::vector<std::string> bad{
            "\"\"", jsonString(std::string(65, 'x')), jsonString(wide + "x"), "5", "true", "[]",
            "{}"};
        for (const auto& id : bad) {
            alice.frame(dm(id));
            alice.isRefused("bad_request");
        }
        const auto conversation = alice.send(bob, "salut", "x").number("conversation");
        alice.send(bob, "salut", std::string(64, 'x'));
        alice.send(bob, "salut", wide);
        const auto where = path(conversation, "/messages");
        for (const auto& id : bad) {
            alice.http()
                .post(where, R"({"content":"salut","id":)" + id + "}")
                .isProblem(400, "bad_request");
        }
        const auto missing = alice.http().post(where, R"({"content":"salut"})");
        shows(missing.isProblem(400, "bad_request").json().list("errors").at(0), "field", "id");
        post(alice, conversation, std::string(64, 'y'), "salut").is(201);
        shows(overview(alice, conversation), "seq", 4);
        shows(bob.next(), "seq", 1);
    }

    void aMessageByHttpReachesEveryConnectionOfBoth() {
        auto [alice, bob] = couple();
        auto elsewhere = alice.elsewhere();
        elsewhere.connect();
        const auto conversation = alice.send(bob, "salut").number("conversation");
        elsewhere.next();
        bob.next();
        const auto message = post(alice, conversation, "by-http", "ça va?").is(201).json();
        shows(message, "seq", 2);
        for (auto* person : {&alice, &elsewhere, &bob}) {
            const auto dm = person->next();
            shows(dm, "type", "dm");
            shows(dm, "message", message.number("id"));
            shows(dm, "content", "ça va?");
            shows(dm, "from", alice.id());
            shows(dm, "to", bob.id());
            person->seesNothing();
        }
    }

    void allWaysOfSeeingAMessageAgree() {
        auto [alice, bob] = couple();
        const auto ack = alice.send(bob, "salut");
        const auto dm = bob.sees("dm");
        const auto conversation = ack.number("conversation");
        const auto message = messages(bob, conversation).list("messages").at(0);
        CPPUNIT_ASSERT(isTime(ack.text("timestamp")));
        for (const auto* member : {"conversation", "seq", "rev"}) {
            shows(dm, member, ack.number(member));
            shows(message, member, ack.number(member));
        }
        shows(ack, "seq", 1);
        shows(ack, "rev", 1);
        shows(dm, "message", ack.number("message"));
        shows(message, "id", ack.number("message"));
        shows(dm, "timestamp", ack.text("timestamp"));
        shows(message, "timestamp", ack.text("timestamp"));
        shows(message, "from", alice.id());
        shows(message, "content", "salut");
        shows(message, "state", "sent");
        CPPUNIT_ASSERT(!message.flag("deleted"));
        CPPUNIT_ASSERT(message.isNull("edited_at"));
        CPPUNIT_ASSERT(message.isNull("reply_to"));
        CPPUNIT_ASSERT(!dm.has("reply_to"));
        const auto posted = post(alice, conversation, "by-http", "ça va?").is(201).json();
        const auto stored = messages(alice, conversation).list("messages").at(1);
        CPPUNIT_ASSERT_EQUAL(stored.dump(), posted.dump());
    }

    void aReplyNamesAMessageOfItsConversation() {
        auto [alice, bob] = couple();
        const auto first = alice.send(bob, "salut");
        const auto conversation = first.number("conversation");
        const auto target = std::to_string(first.number("message"));
        bob.sees("dm");
        bob.ask(R"("type":"dm","to":"@alice","content":"salut!","reply_to":)" + target);
        shows(alice.sees("dm"), "reply_to", first.number("message"));
        const auto posted =
            post(alice, conversation, "by-http", "ça va?", ",\"reply_to\":" + target);
        shows(posted.is(201).json(), "reply_to", first.number("message"));
        shows(bob.sees("dm"), "reply_to", first.number("message"));
        alice.ask("\"type\":\"message\",\"conversation\":" + std::to_string(conversation) +
                  ",\"content\":\"alors?\",\"reply_to\":" + target);
        shows(bob.sees("dm"), "reply_to", first.number("message"));
        const auto none = alice.ask(R"("type":"dm","to":"@bob","content":"-","reply_to":null)");
        shows(none, "type", "ack");
        CPPUNIT_ASSERT(!bob.sees("dm").has("reply_to"));
        const auto list = messages(alice, conversation).list("messages");
        CPPUNIT_ASSERT(list.at(0).isNull("reply_to"));
        for (std::size_t i = 1; i < 4; ++i) {
            shows(list.at(i), "reply_to", first.number("message"));
        }
        CPPUNIT_ASSERT(list.at(4).isNull("reply_to"));
    }

    void aReplyToSomethingElseIsRefused() {
        auto [alice, bob] = couple();
        auto carol = connected("carol");
        const auto foreign = std::to_string(carol.send(alice, "salut").number("message"));
        const std::string dm = R"("type":"dm","to":"@bob","content":"salut","reply_to":)";
        refused(alice, dm + foreign, "not_found"); // before there is a conversation, and after
        const auto conversation = alice.send(bob, "salut").number("conversation");
        refused(alice, dm + foreign, "not_found");
        refused(alice, dm + "999999", "not_found");
        for (const auto* bad : {"0", "-1", "\"1\"", "1.5", "true", "[]"}) {
            refused(alice, dm + bad, "bad_request");
        }
        post(alice, conversation, "by-http", "salut", ",\"reply_to\":" + foreign)
            .isProblem(404, "not_found");
        post(alice, conversation, "by-http", "salut", ",\"reply_to\":\"1\"")
            .isProblem(400, "bad_request");
        shows(overview(alice, conversation), "seq", 1);
    }

    void aMessageFrameMayNameTheConversation() {
        auto [alice, bob] = couple();
        const auto conversation = alice.send(bob, "salut").number("conversation");
        bob.sees("dm");
        const auto ack = alice.ask("\"type\":\"message\",\"content\":\"yo\",\"conversation\":" +
                                   std::to_string(conversation));
        shows(ack, "type", "ack");
        shows(ack, "seq", 2);
        const auto dm = bob.next();
        shows(dm, "type", "dm");
        shows(dm, "conversation", conversation);
        shows(dm, "to", bob.id());
        bob.seesNothing();
    }

    void aMessageFrameIsRefusedWhereItsSenderIsNoMember() {
        auto [alice, bob] = couple();
        auto carol = connected("carol");
        const auto conversation = std::to_string(alice.send(bob, "salut").number("conversation"));
        const std::string frame = R"("type":"message","content":"yo")";
        refused(carol, frame + ",\"conversation\":" + conversation, "not_member");
        refused(carol, frame + ",\"conversation\":999999", "not_found");
        refused(carol, frame + ",\"room\":\"general\"", "not_found");
        refused(carol, frame, "bad_request");
        for (const auto* bad : {"null", "\"1\"", "0", "-1", "1.5", "true"}) {
            refused(carol, frame + ",\"conversation\":" + bad, "bad_request");
        }
        for (const auto* bad : {"5", "true", "[]"}) {
            refused(carol, frame + ",\"room\":" + bad, "bad_request");
        }
        bob.sees("dm");
        bob.seesNothing();
        carol.seesNothing();
    }

    void aStrangerPostsNothing() {
        auto [alice, bob] = couple();
        const auto carol = salon.person("carol");
        const auto conversation = alice.send(bob, "salut").number("conversation");
        post(carol, conversation, "x", "yo").isProblem(403, "not_member");
        post(carol, 999999, "x", "yo").isProblem(404, "not_found");
        for (const auto* segment : {"abc", "0", "-1", "1.0", "99999999999999999999"}) {
            carol.http()
                .post(std::string("/api/v1/conversations/") + segment + "/messages",
                      R"({"id":"x","content":"yo"})")
                .isProblem(404, "not_found");
        }
        salon.http()
            .post(path(conversation, "/messages"), R"({"id":"x","content":"yo"})")
            .isProblem(401, "unauthorized");
        shows(overview(alice, conversation), "seq", 1);
    }

    void anHttpMessageNeedsAProperBody() {
        auto [alice, bob] = couple();
        const auto conversation = alice.send(bob, "salut").number("conversation");
        const auto where = path(conversation, "/messages");
        for (const auto* body : {"", "{", "[]", "5", "null", "\"x\"", "{\"id\":\"x\"}"}) {
            alice.http()
                .call("POST", where, body, {{"Content-Type", "application/json"}})
                .isProblem(400, "bad_request");
        }
        alice.http()
            .call("POST", where, "id=x&content=yo",
                  {{"Content-Type", "application/x-www-form-urlencoded"}})
            .isProblem(415, "unsupported_media_type");
        alice.http().put(where, "{}").isProblem(405, "method_not_allowed");
        // Unknown members are ignored.
        post(alice, conversation, "x", "yo", ",\"colour\":\"blue\"").is(201);
    }

    void bothSidesWriteInOneConversation() {
        auto [alice, bob] = couple();
        const auto first = alice.send(bob, "salut");
        const auto second = bob.send(alice, "salut!");
        shows(second, "conversation", first.number("conversation"));
        shows(second, "seq", 2);
        shows(second, "rev", 2);
        CPPUNIT_ASSERT(second.number("message") > first.number("message"));
        shows(alice.sees("dm"), "to", alice.id());
        shows(bob.sees("dm"), "to", bob.id());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(DirectMessageTest);
