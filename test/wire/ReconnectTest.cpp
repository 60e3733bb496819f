#include "Talk.h"

#include <atomic>
#include <future>
#include <map>
#include <optional>
#include <random>
#include <set>

using namespace salon::wire;

namespace {

/// What a client knows of one conversation, kept by the rules of the protocol alone.
class Replica {
public:
    struct Message {
        std::int64_t rev = 0;
        std::optional<std::string> content; ///< none when it was deleted
        bool operator==(const Message&) const = default;
    };

    /// A live frame: true unless something in between was missed.
    bool take(const Json& frame) {
        const auto rev = frame.number("rev");
        put(frame.number("message"), rev, frame);
        _ahead.insert(rev);
        goOn();
        return rev <= _rev;
    }
    /// A page of `changes`: all up to its rev is known.
    void takeChanges(const Json& frame) {
        for (const auto& message : frame.list("messages"))
            put(message.number("id"), message.number("rev"), message);
        _rev = std::max(_rev, frame.number("rev"));
        goOn();
    }
    std::int64_t rev() const { return _rev; }
    const std::map<std::int64_t, Message>& messages() const { return _messages; }

private:
    /// Live frames may come before the answer to `resume` that they follow upon.
    void goOn() {
        while (!_ahead.empty() && *_ahead.begin() <= _rev + 1) {
            _rev = std::max(_rev, *_ahead.begin());
            _ahead.erase(_ahead.begin());
        }
    }
    void put(std::int64_t id, std::int64_t rev, const Json& from) {
        auto& message = _messages[id];
        if (rev <= message.rev) return;
        message.rev = rev;
        const bool gone = from.is("type", "deleted") || from.isNull("content");
        message.content = gone ? std::nullopt : std::optional(from.text("content"));
    }
    std::map<std::int64_t, Message> _messages;
    std::int64_t _rev = 0;
    std::set<std::int64_t> _ahead; ///< revs of live frames beyond a gap
};

} // namespace

/// A bad line: it breaks again and again, and nothing is missing in the end.
class ReconnectTest : public Talk {
    CPPUNIT_TEST_SUITE(ReconnectTest);
    CPPUNIT_TEST(aHundredBreaksInAStreamLoseNothing);
    CPPUNIT_TEST_SUITE_END();

    static constexpr int breaks = 100;

    /// New messages, every fourth edited, every seventh deleted, until it is enough.
    static void stream(Person& alice, const std::atomic<bool>& enough) {
        for (int i = 1; !enough; ++i) {
            const auto ack =
                alice.ask(R"("type":"dm","to":"@bob","content":")" + std::to_string(i) + "\"");
            shows(ack, "type", "ack");
            const auto which = "\"message\":" + std::to_string(ack.number("message"));
            if (i % 4 == 0) alice.ask(R"("type":"edit","content":"again",)" + which);
            if (i % 7 == 0) alice.ask(R"("type":"delete",)" + which);
        }
    }

    /// Comes back and asks for what was missed, until there is no more of it.
    static void catchUp(Person& bob, const std::string& conversation, Replica& replica) {
        for (bool more = true; more;) {
            more = false;
            bob.frame(R"({"type":"resume","have":{")" + conversation +
                      "\":" + std::to_string(replica.rev()) + "}}");
            for (;;) {
                const auto frame = bob.next();
                if (frame.is("type", "resumed")) break;
                if (frame.is("type", "changes")) {
                    replica.takeChanges(frame);
                    more = frame.flag("more");
                } else {
                    replica.take(frame);
                }
            }
        }
    }

public:
    void aHundredBreaksInAStreamLoseNothing() {
        auto [alice, bob] = couple();
        const auto first = alice.send(bob, "salut");
        const auto conversation = std::to_string(first.number("conversation"));
        Replica replica;
        std::atomic<bool> enough = false;
        auto speaking =
            std::async(std::launch::async, [&, &speaker = alice] { stream(speaker, enough); });
        std::mt19937 random(std::random_device{}());
        try {
            for (int i = 0; i < breaks; ++i) {
                bob.vanish();
                bob.connect();
                catchUp(bob, conversation, replica);
                // Some live frames, then the line breaks in the middle of more.
                for (int frames = std::uniform_int_distribution(0, 12)(random); frames > 0;
                     --frames) {
                    CPPUNIT_ASSERT_MESSAGE("a live frame is missing", replica.take(bob.next()));
                }
            }
        } catch (...) {
            enough = true;
            speaking.wait();
            throw;
        }
        enough = true;
        speaking.get();
        bob.vanish();
        bob.connect();
        catchUp(bob, conversation, replica);

        std::map<std::int64_t, Replica::Message> stored;
        std::int64_t seq = 0;
        for (bool more = true; more;) {
            const auto page = messages(alice, first.number("conversation"),
                                       "?limit=200&after=" + std::to_string(seq));
            for (const auto& message : page.list("messages")) {
                shows(message, "seq", ++seq);
                stored[message.number("id")] = {message.number("rev"),
                                                message.isNull("content")
                                                    ? std::nullopt
                                                    : std::optional(message.text("content"))};
            }
            more = page.flag("more");
        }
        CPPUNIT_ASSERT(stored.size() > static_cast<std::size_t>(breaks));
        CPPUNIT_ASSERT_EQUAL(stored.size(), replica.messages().size());
        CPPUNIT_ASSERT(stored == replica.messages());
        salon.verifyStore();
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ReconnectTest);
