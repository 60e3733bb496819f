#include "Deadline.h"
#include "Talk.h"

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <future>
#include <iostream>
#include <map>
#include <random>

using namespace salon::wire;

namespace {

/// Somebody who writes to the others without pause, and remembers what the daemon has promised.
class Writer {
public:
    Writer(Person person, std::vector<std::string> others)
        : _person(std::move(person)), _others(std::move(others)) {}

    Person& person() { return _person; }
    const Person& person() const { return _person; }
    const std::map<std::string, Json>& acks() const { return _acks; }
    /// Message id to its content after an acknowledged edit.
    const std::map<std::int64_t, std::string>& edits() const { return _edits; }
    /// How the last connection ended.
    int ending() const { return _ending; }

    /// Writes until the connection ends; counts the answers, and tells whoever waits for them.
    void write(std::atomic<int>& answers) {
        constexpr int atOnce = 16;
        for (int i = 0; i < atOnce; ++i) sendNew();
        for (;;) {
            const auto came = _person.incoming();
            if (came.opcode != Poco::Net::WebSocket::FRAME_OP_TEXT) {
                _ending = came.closeCode();
                answers = stopped;
                answers.notify_all();
                return;
            }
            const auto frame = Json::parse(came.payload);
            if (!frame.has("id")) continue; // somebody else's
            note(frame);
            ++answers;
            answers.notify_all();
            sendNew();
        }
    }

    /// Sends again what was not answered, and a little of what was.
    void writeAgain() {
        std::vector<std::string> ids;
        for (const auto& [id, frame] : _frames) {
            if (!_acks.contains(id) || ids.size() % 8 == 0) ids.push_back(id);
        }
        for (const auto& id : ids) {
            _person.frame(_frames.at(id));
            const auto ack = _person.sees("ack");
            shows(ack, "id", id);
            const auto [known, fresh] = _acks.emplace(id, ack);
            CPPUNIT_ASSERT_EQUAL(known->second.dump(), ack.dump());
        }
    }

    static constexpr int stopped = 1 << 30; ///< the answers are counted no more

private:
    void sendNew() {
        const auto id = _person.name() + "-" + std::to_string(++_count);
        const auto& to = _others[_count % _others.size()];
        const auto frame = "{\"type\":\"dm\",\"to\":\"@" + to + "\",\"content\":\"" + id +
                           "\",\"id\":\"" + id + "\"}";
        _frames.emplace(id, frame);
        _person.frame(frame);
    }

    void note(const Json& frame) {
        // A daemon that stops in good order may refuse what comes too late.
        if (frame.is("code", "unavailable")) return;
        CPPUNIT_ASSERT_EQUAL_MESSAGE(frame.dump(), std::string("ack"), frame.text("type"));
        const auto id = frame.text("id");
        if (id.starts_with("edit-")) {
            _edits.emplace(frame.number("message"), id);
            return;
        }
        _acks.emplace(id, frame);
        if (_count % 4 == 0) {
            _person.frame(
                "{\"type\":\"edit\",\"message\":" + std::to_string(frame.number("message")) +
                ",\"content\":\"edit-" + id + "\",\"id\":\"edit-" + id + "\"}");
        }
    }

    Person _person;
    std::vector<std::string> _others;
    std::size_t _count = 0;
    int _ending = 0;
    std::map<std::string, std::string> _frames; // by id
    std::map<std::string, Json> _acks;
    std::map<std::int64_t, std::string> _edits;
};

} // namespace

/// The daemon is killed while people write: what it has promised is kept, exactly once.
class CrashTest : public Talk {
    CPPUNIT_TEST_SUITE(CrashTest);
    CPPUNIT_TEST(whatWasAcknowledgedOutlivesKills);
    CPPUNIT_TEST(whatWasAcknowledgedOutlivesAnOrderlyStop);
    CPPUNIT_TEST_SUITE_END();

public:
    /// For as many minutes as SALON_TORTURE_MINUTES says, each twenty rounds with a new store; once
    /// without it.
    void whatWasAcknowledgedOutlivesKills() {
        const auto* const minutes = std::getenv("SALON_TORTURE_MINUTES");
        const salon::test::Deadline end(std::chrono::minutes(minutes ? std::atoi(minutes) : 0));
        std::mt19937 random(std::random_device{}());
        std::size_t kept = twentyKills(random);
        for (int rounds = 20; !end.passed(); rounds += 20) {
            std::cout << rounds << " kills, " << kept << " messages kept, each once" << std::endl;
            salon.end();
            setUp();
            kept += twentyKills(random);
        }
    }

    void whatWasAcknowledgedOutlivesAnOrderlyStop() {
        auto writers = four();
        for (int round = 0; round < 2; ++round) {
            writeUntil(writers, 300, [this] { CPPUNIT_ASSERT_EQUAL(0, salon.stop()); });
            for (auto& writer : writers) CPPUNIT_ASSERT_EQUAL(1001, writer.ending());
            salon.restart();
            verify(writers);
        }
    }

private:
    /// @returns how many messages were acknowledged
    std::size_t twentyKills(std::mt19937& random) {
        auto writers = four();
        for (int round = 0; round < 20; ++round) {
            const int moment = std::uniform_int_distribution(20, 800)(random);
            writeUntil(writers, moment, [this] { salon.kill(); });
            salon.restart();
            verify(writers);
        }
        std::size_t acknowledged = 0;
        for (const auto& writer : writers) acknowledged += writer.acks().size();
        return acknowledged;
    }

    std::vector<Writer> four() {
        const std::vector<std::string> names{"alice", "bob", "carol", "dave"};
        std::vector<Writer> writers;
        for (const auto& name : names) {
            auto others = names;
            std::erase(others, name);
            writers.emplace_back(salon.person(name), std::move(others));
        }
        return writers;
    }

    /// All write at once, until so many answers came; then `end` ends the daemon.
    template <class End> static void writeUntil(std::vector<Writer>& writers, int moment, End end) {
        std::atomic<int> answers = 0;
        std::vector<std::future<void>> busy;
        for (auto& writer : writers) {
            writer.person().connect();
            busy.push_back(
                std::async(std::launch::async, [&writer, &answers] { writer.write(answers); }));
        }
        for (int seen = answers; seen < moment; seen = answers) answers.wait(seen);
        end();
        for (auto& each : busy) each.get();
    }

    void verify(std::vector<Writer>& writers) {
        isWhole();
        const auto before = everything(writers);
        for (const auto& writer : writers) isKept(writer, before);
        for (auto& writer : writers) {
            writer.person().connect();
            writer.writeAgain();
        }
        isWhole();
        const auto after = everything(writers);
        std::size_t sent = 0;
        for (const auto& writer : writers) {
            isKept(writer, after);
            sent += writer.acks().size();
        }
        CPPUNIT_ASSERT_EQUAL(sent, after.size());
    }

    /// In every conversation seq and rev count up by one to the head.
    void isWhole() {
        CPPUNIT_ASSERT_EQUAL(
            std::int64_t{0},
            count("SELECT COUNT(*) FROM conversation c WHERE "
                  "(SELECT COUNT(*) FROM message m WHERE m.conversation = c.id) <> c.seq OR "
                  "(SELECT COUNT(DISTINCT seq) FROM message m WHERE m.conversation = c.id) "
                  "<> c.seq OR "
                  "(SELECT MAX(seq) FROM message m WHERE m.conversation = c.id) <> c.seq OR "
                  "(SELECT MIN(seq) FROM message m WHERE m.conversation = c.id) <> 1 OR "
                  "(SELECT MAX(id) FROM message m WHERE m.conversation = c.id) "
                  "<> c.last_message"));
        // A rev is the creation of a message or one change, never both, never none.
        CPPUNIT_ASSERT_EQUAL(
            std::int64_t{0},
            count("WITH r(c, rev) AS (SELECT conversation, created_rev FROM message UNION ALL "
                  "SELECT conversation, rev FROM message_change) "
                  "SELECT COUNT(*) FROM (SELECT id, rev AS head, "
                  "(SELECT COUNT(*) FROM r WHERE c = id) AS n, "
                  "(SELECT COUNT(DISTINCT r.rev) FROM r WHERE c = id) AS d, "
                  "(SELECT MAX(r.rev) FROM r WHERE c = id) AS most FROM conversation) AS heads "
                  "WHERE n <> head OR d <> head OR most <> head"));
        CPPUNIT_ASSERT_EQUAL(count("SELECT COUNT(*) FROM message"),
                             count("SELECT COUNT(DISTINCT message) FROM message_sent"));
    }

    /// What was acknowledged is there as it was acknowledged.
    static void isKept(const Writer& writer, const std::map<std::int64_t, Json>& stored) {
        for (const auto& [id, ack] : writer.acks()) {
            const auto found = stored.find(ack.number("message"));
            CPPUNIT_ASSERT_MESSAGE("lost: " + ack.dump(), found != stored.end());
            const auto& message = found->second;
            for (const auto* member : {"conversation", "seq"}) {
                shows(message, member, ack.number(member));
            }
            shows(message, "timestamp", ack.text("timestamp"));
            shows(message, "from", writer.person().id());
            // An edit may have been stored though the daemon died before it said so.
            if (!message.is("content", "edit-" + id)) {
                shows(message, "content", id);
                shows(message, "rev", ack.number("rev"));
            }
        }
        for (const auto& [message, content] : writer.edits()) {
            shows(stored.at(message), "content", content);
        }
    }

    /// All that the writers can read over HTTP, by message.
    static std::map<std::int64_t, Json> everything(const std::vector<Writer>& writers) {
        std::map<std::int64_t, Json> all;
        for (const auto& writer : writers) {
            const auto& person = writer.person();
            const auto list = person.http().get("/api/v1/conversations").is(200).json();
            for (const auto& conversation : list.list("conversations")) {
                std::int64_t seq = 0;
                for (bool more = true; more;) {
                    const auto page = messages(person, conversation.number("id"),
                                               "?limit=200&after=" + std::to_string(seq));
                    for (const auto& message : page.list("messages")) {
                        shows(message, "seq", ++seq);
                        all.insert_or_assign(message.number("id"), message);
                    }
                    more = page.flag("more");
                }
                shows(conversation, "seq", seq);
            }
        }
        return all;
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(CrashTest);
