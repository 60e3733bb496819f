#include "Deadline.h"
#include "MariaServer.h"
#include "Talk.h"

#include <Poco/Data/Session.h>

#include <future>
#include <map>
#include <set>

using namespace salon::wire;
using salon::test::MariaServer;

/// Two daemons on one database agree on everything that is stored.
class TwoDaemonsTest : public Talk {
    CPPUNIT_TEST_SUITE(TwoDaemonsTest);
    CPPUNIT_TEST(bothWriteInOneConversation);
    CPPUNIT_TEST(theSameIdAtBothIsOneMessage);
    CPPUNIT_TEST(aPairHasOneConversation);
    CPPUNIT_TEST(idsRiseWhereTheOtherMadeTheConversationMeanwhile);
    CPPUNIT_TEST(aUsernameIsGivenOnce);
    CPPUNIT_TEST(twoOfOneNameDoNotBothWrite);
    CPPUNIT_TEST_SUITE_END();

    /// A pair's place in the database, taken until it is removed: who wants to make the pair's
    /// conversation waits for that.
    class Obstacle {
    public:
        Obstacle(const std::string& database, const Person& one, const Person& other)
            : _session("MySQL", MariaServer::shared().pocoConnection(database)) {
            const auto [low, high] = std::minmax({one.id(), other.id()});
            _session.begin();
            _session << "INSERT INTO direct_pair (low, high, conversation) VALUES (" +
                            std::to_string(low) + ", " + std::to_string(high) + ", 0)",
                Poco::Data::Keywords::now;
        }
        void holdsSomebody() {
            const salon::test::Deadline deadline(salon::test::patience);
            int waiting = 0;
            while (waiting == 0) {
                CPPUNIT_ASSERT_MESSAGE("nobody waits", !deadline.passed());
                _session << "SELECT CAST(variable_value AS INTEGER) "
                            "FROM information_schema.global_status "
                            "WHERE variable_name = 'Innodb_row_lock_current_waits'",
                    Poco::Data::Keywords::into(waiting), Poco::Data::Keywords::now;
            }
        }
        void remove() { _session.rollback(); }

    private:
        Poco::Data::Session _session;
    };

    Daemon _other;
    std::string _database;

    Daemon::Defines defines() const override {
        auto all = Talk::defines();
        all["store.url"] = MariaServer::shared().url(_database);
        all["store.lanes"] = "2";
        return all;
    }

    static std::string dm(const std::string& to, const std::string& id) {
        return R"({"type":"dm","to":"@)" + to + R"(","content":"text )" + id + R"(","id":")" + id +
               "\"}";
    }
    /// Sends all at once; id to the `ack`.
    static std::map<std::string, Json> sendAtOnce(Person& from, const std::string& to,
                                                  const std::vector<std::string>& ids) {
        for (const auto& id : ids) from.frame(dm(to, id));
        std::map<std::string, Json> acks;
        while (acks.size() < ids.size()) {
            auto ack = from.sees("ack");
            const auto id = ack.text("id");
            acks.emplace(id, std::move(ack));
        }
        return acks;
    }
    static std::vector<std::string> ids(const std::string& prefix, int count) {
        std::vector<std::string> all;
        for (int i = 1; i <= count; ++i) all.push_back(prefix + std::to_string(i));
        return all;
    }
    void restartOther(const std::string& key, const std::string& value) {
        auto also = defines();
        also[key] = value;
        also["auth.key_file"] = salon.folder().file("salon.key");
        _other.stop();
        _other.start(also);
    }
    Person there(const std::string& name) {
        Person person(_other, name);
        person.connect();
        return person;
    }

public:
    void setUp() override {
        _database = MariaServer::shared().createDatabase();
        Talk::setUp();
        auto also = defines();
        also["auth.key_file"] = salon.folder().file("salon.key");
        _other.start(also);
    }
    void tearDown() override {
        const int code = _other.running() ? _other.stop() : 0;
        _other.end();
        Talk::tearDown();
        MariaServer::shared().dropDatabase(_database);
        CPPUNIT_ASSERT_EQUAL(0, code);
    }

    void bothWriteInOneConversation() {
        auto alice = connected("alice");
        const auto bobHere = salon.person("bob");
        auto bob = there("bob");
        constexpr int each = 400;
        auto ofAlice = std::async(std::launch::async,
                                  [&] { return sendAtOnce(alice, "bob", ids("a", each)); });
        const auto ofBob = sendAtOnce(bob, "alice", ids("b", each));
        const auto acks = ofAlice.get();

        std::set<std::int64_t> seqs;
        std::set<std::int64_t> revs;
        std::int64_t conversation = 0;
        for (const auto* some : {&acks, &ofBob}) {
            for (const auto& [id, ack] : *some) {
                seqs.insert(ack.number("seq"));
                revs.insert(ack.number("rev"));
                conversation = ack.number("conversation");
            }
        }
        CPPUNIT_ASSERT_EQUAL(std::size_t{2 * each}, seqs.size());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2 * each}, *seqs.rbegin());
        CPPUNIT_ASSERT_EQUAL(std::size_t{2 * each}, revs.size());
        for (std::int64_t after = 0; after < 2 * each; after += 200) {
            const auto query = "?limit=200&after=" + std::to_string(after);
            CPPUNIT_ASSERT_EQUAL(messages(alice, conversation, query).dump(),
                                 messages(bob, conversation, query).dump());
        }
        salon.verifyStore();
    }

    void theSameIdAtBothIsOneMessage() {
        auto here = connected("alice");
        salon.person("bob");
        auto elsewhere = there("alice");
        const auto all = ids("same", 200);
        auto first = std::async(std::launch::async, [&] { return sendAtOnce(here, "bob", all); });
        const auto others = sendAtOnce(elsewhere, "bob", all);
        const auto acks = first.get();
        for (const auto& [id, ack] : acks) {
            CPPUNIT_ASSERT_EQUAL(ack.dump(), others.at(id).dump());
        }
        const auto head = overview(here, acks.begin()->second.number("conversation"));
        shows(head, "seq", 200);
        salon.verifyStore();
    }

    void aPairHasOneConversation() {
        auto alice = connected("alice");
        constexpr int peers = 20;
        std::vector<Person> others;
        for (int i = 1; i <= peers; ++i) others.push_back(there("peer" + std::to_string(i)));
        for (int i = 1; i <= peers; ++i)
            alice.frame(dm("peer" + std::to_string(i), std::to_string(i)));
        for (auto& other : others) other.frame(dm("alice", "hello"));
        std::map<std::string, std::int64_t> conversations;
        for (int i = 1; i <= peers; ++i) {
            const auto ack = alice.sees("ack");
            conversations[ack.text("id")] = ack.number("conversation");
        }
        for (int i = 1; i <= peers; ++i) {
            const auto ack = others[static_cast<std::size_t>(i) - 1].sees("ack");
            shows(ack, "conversation", conversations.at(std::to_string(i)));
        }
        salon.verifyStore();
    }

    void idsRiseWhereTheOtherMadeTheConversationMeanwhile() {
        restartOther("store.lanes", "1");
        auto alice = there("alice");
        const auto bob = salon.person("bob");
        const auto carol = salon.person("carol");
        const auto dora = salon.person("dora");
        auto eve = connected("eve");
        // The lane waits with bob's; so the other three are one batch.
        Obstacle first(_database, alice, bob);
        alice.frame(dm("bob", "1"));
        first.holdsSomebody();
        for (const auto* name : {"carol", "dora", "eve"}) alice.frame(dm(name, name));
        alice.ask(R"("type":"ping")");
        Obstacle second(_database, alice, dora);
        first.remove();
        // It has ids for carol's, and has not come to eve's.
        second.holdsSomebody();
        const auto earlier = eve.send(alice, "hello");
        second.remove();
        for (int i = 0; i < 3; ++i) alice.sees("ack");
        const auto later = alice.sees("ack");
        shows(later, "id", "eve");
        shows(later, "conversation", earlier.number("conversation"));
        CPPUNIT_ASSERT(later.number("message") > earlier.number("message"));
        salon.verifyStore();
    }

    void aUsernameIsGivenOnce() {
        for (int i = 0; i < 10; ++i) {
            const auto body = R"({"username":"name)" + std::to_string(i) +
                              R"(","password":"correct horse battery"})";
            const auto ask = [&body](Daemon& daemon) {
                return daemon.http().post("/api/v1/auth/register", body).status;
            };
            auto one = std::async(std::launch::async, [&] { return ask(salon); });
            const auto other = ask(_other);
            CPPUNIT_ASSERT_EQUAL(201 + 409, one.get() + other);
        }
        salon.verifyStore();
    }

    void twoOfOneNameDoNotBothWrite() {
        auto named = defines();
        named["store.node"] = "one";
        named["store.lanes"] = "1";
        named["auth.key_file"] = salon.folder().file("salon.key");
        _other.stop();
        _other.start(named);
        auto alice = there("alice");
        Daemon third;
        third.start(named);
        alice.frame(R"({"type":"presence","status":"busy","id":"1"})");
        const auto reply = third.http().post(
            "/api/v1/auth/login", R"({"login":"alice","password":"correct horse battery staple"})");
        // The one whose lane's row was moved by the other says so, and stores nothing.
        const bool stored = alice.next().is("type", "ack");
        CPPUNIT_ASSERT(!stored || reply.status == 503);
        (stored ? third : _other).logged("writes to this database under the same name");
        third.kill();
        third.end();
        salon.verifyStore();
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(TwoDaemonsTest);
