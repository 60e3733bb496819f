#include "Talk.h"

#include <algorithm>

using namespace salon::wire;

/// A long conversation read from anywhere: its messages are a chain with a mark at each 32nd.
class ChainTest : public Talk {
    CPPUNIT_TEST_SUITE(ChainTest);
    CPPUNIT_TEST(aPageAnywhereIsWhole);
    CPPUNIT_TEST(changesAnywhereAreWhole);
    CPPUNIT_TEST(unreadCountsOnlyOthersUndeletedMessages);
    CPPUNIT_TEST(aDatabaseFromBeforeTheChainIsGivenOne);
    CPPUNIT_TEST_SUITE_END();

    static constexpr std::int64_t length = 101; // marks at 32, 64, 96

    /// Sends that many; returns the last ack.
    static Json tell(Person& alice, const Person& bob) {
        std::vector<std::string> texts;
        for (std::int64_t i = 1; i <= length; ++i) texts.push_back("text-" + std::to_string(i));
        return sendAll(alice, bob, texts);
    }

    static void isPage(const Json& page, std::int64_t first, std::int64_t last) {
        CPPUNIT_ASSERT_EQUAL(counting(first, last), numbers(page.list("messages"), "seq"));
        for (const auto& message : page.list("messages")) {
            shows(message, "content", "text-" + std::to_string(message.number("seq")));
        }
    }

    static void isWhole(const Person& reader, std::int64_t conversation) {
        for (std::int64_t at = 0; at <= length + 1; at += at % 32 > 28 || at % 32 < 4 ? 1 : 5) {
            const auto number = std::to_string(at);
            isPage(messages(reader, conversation, "?limit=7&before=" + number),
                   std::max<std::int64_t>(1, at - 7), std::min(length, at - 1));
            isPage(messages(reader, conversation, "?limit=7&after=" + number), at + 1,
                   std::min(length, at + 7));
        }
        isPage(messages(reader, conversation, "?limit=200"), 1, length);
    }

public:
    void aPageAnywhereIsWhole() {
        auto [alice, bob] = couple();
        isWhole(bob, tell(alice, bob).number("conversation"));
    }

    void changesAnywhereAreWhole() {
        auto [alice, bob] = couple();
        const auto last = tell(alice, bob);
        const auto conversation = last.number("conversation");
        // Most of those in the middle are deleted: further ones are read in their place.
        const auto all = messages(bob, conversation, "?limit=200").list("messages");
        for (std::size_t i = 20; i < 80; ++i) {
            alice.ask(R"("type":"delete","message":)" + std::to_string(all.at(i).number("id")));
        }
        for (const std::int64_t since : {0, 15, 30, 70, 90, 101, 130}) {
            auto from = since;
            std::vector<std::int64_t> seen;
            for (bool more = true; more;) {
                const auto page =
                    bob.http()
                        .get(path(conversation, "/changes?limit=9&since=" + std::to_string(from)))
                        .is(200)
                        .json();
                for (const auto& message : page.list("messages")) {
                    CPPUNIT_ASSERT(message.number("rev") > from);
                    seen.push_back(message.number("seq"));
                }
                from = page.number("rev");
                more = page.flag("more");
            }
            CPPUNIT_ASSERT_EQUAL(std::int64_t{161}, from);
            std::sort(seen.begin(), seen.end());
            std::vector<std::int64_t> due;
            for (std::int64_t seq = 1; seq <= length; ++seq) {
                const bool deleted = seq > 20 && seq <= 80;
                // The deletion of seq 21 has rev 102.
                if (deleted ? seq + 81 > since : seq > since) due.push_back(seq);
            }
            CPPUNIT_ASSERT(due == seen);
        }
    }

    void unreadCountsOnlyOthersUndeletedMessages() {
        auto [alice, bob] = couple();
        const auto conversation = tell(alice, bob).number("conversation");
        bob.send(alice, "one of his own");
        shows(overview(bob, conversation), "unread", length);
        shows(overview(alice, conversation), "unread", std::int64_t{1});
        bob.ask(R"("type":"read","seq":30,"conversation":)" + std::to_string(conversation));
        shows(overview(bob, conversation), "unread", length - 30);
        const auto all = messages(bob, conversation, "?limit=200").list("messages");
        for (const auto i : {10, 40, 50}) {
            alice.ask(R"("type":"delete","message":)" +
                      std::to_string(all.at(static_cast<std::size_t>(i)).number("id")));
        }
        shows(overview(bob, conversation), "unread", length - 32);
    }

    void aDatabaseFromBeforeTheChainIsGivenOne() {
        auto [alice, bob] = couple();
        const auto conversation = tell(alice, bob).number("conversation");
        salon.kill();
        execute("CREATE UNIQUE INDEX message_seq ON message (conversation, seq)");
        if (salon.onServer()) {
            execute("ALTER TABLE message ADD COLUMN changed_rev BIGINT GENERATED ALWAYS AS "
                    "(NULLIF(rev, created_rev)) VIRTUAL");
            execute("CREATE INDEX message_changed ON message (conversation, changed_rev)");
        } else {
            execute("CREATE INDEX message_changed ON message (conversation, rev) "
                    "WHERE rev <> created_rev");
        }
        execute("ALTER TABLE message DROP COLUMN previous");
        execute("DROP TABLE message_mark");
        execute("DELETE FROM schema_version WHERE plugin = 'conversations' AND version > 2");
        salon.restart();
        isWhole(bob, conversation);
        const auto outcome = salon.runHere({"--verify-store"});
        CPPUNIT_ASSERT_EQUAL_MESSAGE(outcome.output + outcome.errors, 0, outcome.code);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ChainTest);
