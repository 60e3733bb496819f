#include "Talk.h"
#include "TemporaryFolder.h"

#include <filesystem>

using salon::wire::shows;

/// An extension (test/plugins/Censor.cpp) has a say in what is sent, and hears what was.
class HookTest : public salon::wire::Talk {
    CPPUNIT_TEST_SUITE(HookTest);
    CPPUNIT_TEST(aRefusedMessageIsStoredNowhere);
    CPPUNIT_TEST(aRewrittenMessageIsWhatEverybodySees);
    CPPUNIT_TEST(aRetryIsComparedWithWhatWasSentBeforeTheHook);
    CPPUNIT_TEST(editsAreAskedAboutToo);
    CPPUNIT_TEST(whatWasNotRewrittenIsNotSentBack);
    CPPUNIT_TEST(aHookThatThrowsStopsItsMessageAlone);
    CPPUNIT_TEST(aHookCannotMakeAMessageUnfit);
    CPPUNIT_TEST(whatWasSentIsHeardOnceAndInOrder);
    CPPUNIT_TEST_SUITE_END();

    salon::test::TemporaryFolder _plugins;

    salon::wire::Daemon::Defines defines() const override {
        // The extension beside the plugins that it belongs to.
        std::filesystem::remove_all(_plugins.path() / "lib");
        std::filesystem::create_directory(_plugins.path() / "lib");
        for (const auto* name :
             {"plugins/auth.so", "plugins/conversations.so", "test/plugins/lib/censor.so"}) {
            const std::filesystem::path built = std::filesystem::path(SALON_BUILD) / name;
            std::filesystem::create_symlink(built, _plugins.path() / "lib" / built.filename());
        }
        return {{"plugins.directory", (_plugins.path() / "lib").string()},
                {"plugins.load", "censor,auth,conversations"}};
    }

    static std::string dm(const salon::wire::Person& to, const std::string& content) {
        return R"("type":"dm","to":)" + std::to_string(to.id()) + R"(,"content":")" + content + '"';
    }

public:
    void aRefusedMessageIsStoredNowhere() {
        auto [alice, bob] = couple();
        const auto refused = alice.ask(dm(bob, "buy spam"));
        shows(refused, "code", "rejected");
        shows(refused, "message", "no spam in this house");
        bob.seesNothing();
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, count("SELECT COUNT(*) FROM message"));

        const auto ack = alice.send(bob, "salut");
        shows(ack, "seq", 1);
        post(alice, ack.number("conversation"), "over-http", "spam").isProblem(422, "rejected");
    }

    void aRewrittenMessageIsWhatEverybodySees() {
        auto [alice, bob] = couple();
        const auto ack = alice.send(bob, "merde");
        shows(bob.sees("dm"), "content", "m****");
        shows(ack, "content", "m****"); // the sender too, at once
        const auto page = messages(alice, ack.number("conversation"));
        CPPUNIT_ASSERT_EQUAL(std::string("m****"),
                             salon::wire::texts(page.list("messages"), "content"));
    }

    void aRetryIsComparedWithWhatWasSentBeforeTheHook() {
        auto [alice, bob] = couple();
        const auto first = alice.send(bob, "merde", "the-one");
        const auto again = alice.send(bob, "merde", "the-one");
        CPPUNIT_ASSERT_EQUAL(first.dump(), again.dump());
        shows(again, "content", "m****");
        alice.frame("{" + dm(bob, "m****") + R"(,"id":"the-one"})");
        alice.isRefused("conflict");
        bob.sees("dm");
        bob.seesNothing();
    }

    void editsAreAskedAboutToo() {
        auto [alice, bob] = couple();
        const auto ack = alice.send(bob, "salut");
        bob.sees("dm");
        refused(alice,
                R"("type":"edit","content":"spam","message":)" +
                    std::to_string(ack.number("message")),
                "rejected");
        bob.seesNothing();
        const auto edit =
            R"("type":"edit","content":"merde","message":)" + std::to_string(ack.number("message"));
        for (int i = 0; i < 2; ++i) shows(alice.ask(edit), "content", "m****");
        shows(bob.sees("edited"), "content", "m****");
        bob.seesNothing();
    }

    void whatWasNotRewrittenIsNotSentBack() {
        auto [alice, bob] = couple();
        const auto ack = alice.send(bob, "salut", "the-one");
        CPPUNIT_ASSERT(!ack.has("content"));
        const auto edit =
            R"("type":"edit","content":"hello","message":)" + std::to_string(ack.number("message"));
        CPPUNIT_ASSERT(!alice.ask(edit).has("content"));
        // Nor by a retry after an edit: the first result.
        CPPUNIT_ASSERT_EQUAL(ack.dump(), alice.send(bob, "salut", "the-one").dump());
    }

    void aHookThatThrowsStopsItsMessageAlone() {
        auto [alice, bob] = couple();
        refused(alice, dm(bob, "broken"), "internal");
        salon.logged("the censor stumbled");
        shows(alice.send(bob, "salut"), "seq", 1);
        shows(bob.sees("dm"), "content", "salut");
    }

    void aHookCannotMakeAMessageUnfit() {
        auto [alice, bob] = couple();
        refused(alice, dm(bob, "void"), "rejected");
        bob.seesNothing();
    }

    void whatWasSentIsHeardOnceAndInOrder() {
        auto [alice, bob] = couple();
        alice.send(bob, "trip");
        alice.send(bob, "one", "the-one");
        alice.send(bob, "one", "the-one");
        alice.send(bob, "two");
        salon.logged("content=two");
        const auto log = salon.log();
        const auto trip = log.find("content=trip");
        const auto one = log.find("content=one");
        const auto two = log.find("content=two");
        CPPUNIT_ASSERT_MESSAGE(log, trip != log.npos && trip < one && one < two);
        CPPUNIT_ASSERT_MESSAGE(log, log.find("content=one", one + 1) == log.npos);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(HookTest);
