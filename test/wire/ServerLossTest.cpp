#include "Deadline.h"
#include "Load.h"
#include "MariaServer.h"
#include "Talk.h"

#include <thread>

using namespace salon::wire;
using salon::test::MariaServer;

/// The database server goes away and comes back: what was acknowledged is there, once, and the
/// daemon lives.
class ServerLossTest : public Talk {
    CPPUNIT_TEST_SUITE(ServerLossTest);
    CPPUNIT_TEST(aServerThatRestartsIsFoundAgain);
    CPPUNIT_TEST(aServerThatIsKilledIsFoundAgain);
    CPPUNIT_TEST(aServerThatHangsIsGivenUp);
    CPPUNIT_TEST(everyLaneFindsTheServerAgainByItself);
    CPPUNIT_TEST(aServerKilledUnderLoadIsBackAfterHalfAMinute);
    CPPUNIT_TEST(aServerThatHangsUnderLoadGoesOnAfterHalfAMinute);
    CPPUNIT_TEST(linksThatBreakLoseAndDoubleNothing);
    CPPUNIT_TEST(withoutAServerTheStartSaysSo);
    CPPUNIT_TEST(thePasswordIsShownNowhere);
    CPPUNIT_TEST_SUITE_END();

    /// Its own, as others must not lose theirs.
    std::unique_ptr<MariaServer> _server;
    std::string _database;

    Daemon::Defines defines() const override {
        auto all = Talk::defines();
        all["store.url"] = _server->url(_database);
        all["store.timeout"] = "1s";
        return all;
    }

    static std::string dm(const std::string& id) {
        return R"({"type":"dm","to":"@bob","content":"text )" + id + R"(","id":")" + id + "\"}";
    }
    /// The answer to it: its `ack`, or the word it was refused with.
    static Json answer(Person& person, const std::string& id) {
        for (;;) {
            auto frame = person.next();
            if (frame.has("id") && frame.is("id", id)) return frame;
        }
    }
    bool ready() const {
        const auto reply = salon.http().get("/health/ready");
        return reply.status == 200;
    }
    void waitUntilReady(bool wanted) const {
        const salon::test::Deadline deadline(std::chrono::seconds(60));
        while (ready() != wanted) {
            CPPUNIT_ASSERT_MESSAGE("/health/ready does not change", !deadline.passed());
            std::this_thread::yield();
        }
    }
    void lostAndFound(const std::function<void()>& lose, const std::function<void()>& find) {
        auto [alice, bob] = couple();
        const auto first = alice.send(bob, "before", "first");
        lose();
        alice.frame(dm("second"));
        shows(answer(alice, "second"), "code", "unavailable");
        waitUntilReady(false);
        salon.http().get("/health/live").is(200);
        alice.http().get("/api/v1/conversations").isProblem(503, "unavailable");
        find();
        waitUntilReady(true);
        // Nothing is doubled, whatever became of it then.
        alice.frame(dm("second"));
        const auto second = answer(alice, "second");
        shows(second, "type", "ack");
        shows(second, "seq", 2);
        alice.frame(dm("first").replace(dm("first").find("text first"), 10, "before"));
        CPPUNIT_ASSERT_EQUAL(first.dump(), answer(alice, "first").dump());
        CPPUNIT_ASSERT_EQUAL(std::size_t{2},
                             messages(bob, first.number("conversation")).list("messages").size());
        // Written, or read: whichever was tried first while the server was away.
        salon.logged("the database can be ");
        salon.verifyStore();
    }
    void awayUnderLoad(const std::function<void()>& lose, const std::function<void()>& find) {
        Load load(salon);
        load.start();
        load.waitForAcks(200);
        lose();
        const salon::test::Deadline end(std::chrono::seconds(30));
        load.waitForRefusals(20, std::chrono::seconds(20));
        waitUntilReady(false);
        CPPUNIT_ASSERT_EQUAL(503, load.readingStatus());
        load.goOn(std::chrono::milliseconds(end.milliseconds()));
        find();
        load.waitForAcks(200, std::chrono::seconds(60));
        waitUntilReady(true);
        load.finish(std::chrono::seconds(30));
        load.verify();
    }

public:
    void setUp() override {
        _server = std::make_unique<MariaServer>();
        _database = _server->createDatabase();
        Talk::setUp();
    }
    void tearDown() override {
        Talk::tearDown();
        _server.reset();
    }

    void aServerThatRestartsIsFoundAgain() {
        lostAndFound([this] { _server->stop(); }, [this] { _server->start(); });
    }

    void aServerThatIsKilledIsFoundAgain() {
        lostAndFound([this] { _server->kill(); }, [this] { _server->start(); });
    }

    void aServerThatHangsIsGivenUp() {
        lostAndFound([this] { _server->freeze(); }, [this] { _server->thaw(); });
    }

    void everyLaneFindsTheServerAgainByItself() {
        // Somebody of each lane: their ids are the keys of what they change of themselves.
        std::vector<Person> people;
        for (int i = 0; i < 12; ++i) people.push_back(salon.person("person" + std::to_string(i)));
        _server->stop();
        for (const auto& person : people) {
            person.http()
                .patch("/api/v1/users/me", R"({"display_name":"Another"})")
                .isProblem(503, "unavailable");
        }
        waitUntilReady(false);
        _server->start();
        waitUntilReady(true); // though nobody writes
    }

    void aServerKilledUnderLoadIsBackAfterHalfAMinute() {
        awayUnderLoad([this] { _server->kill(); }, [this] { _server->start(); });
    }

    void aServerThatHangsUnderLoadGoesOnAfterHalfAMinute() {
        awayUnderLoad([this] { _server->freeze(); }, [this] { _server->thaw(); });
    }

    void linksThatBreakLoseAndDoubleNothing() {
        Load load(salon);
        load.start();
        int broken = 0;
        for (int round = 0; round < 20; ++round) {
            load.waitForAcks(50);
            broken += _server->breakLinks(_database);
        }
        CPPUNIT_ASSERT_MESSAGE("no link was there to break", broken > 0);
        load.finish();
        load.verify();
    }

    void withoutAServerTheStartSaysSo() {
        _server->stop();
        const auto outcome = salon.runHere({}, defines());
        CPPUNIT_ASSERT_EQUAL(1, outcome.code);
        const auto place = "127.0.0.1:" + std::to_string(_server->port());
        for (const auto& part :
             {"the database server " + place, std::string("cannot be used"),
              std::string("start the server, or correct the host and the port")}) {
            CPPUNIT_ASSERT_MESSAGE(outcome.errors, outcome.errors.find(part) != std::string::npos);
        }
        _server->start();
        waitUntilReady(true);
    }

    void thePasswordIsShownNowhere() {
        const auto url = _server->url(_database);
        const auto from = url.find(':', 8) + 1;
        const auto password = url.substr(from, url.find('@') - from);
        auto wrong = defines();
        wrong["store.url"] = "mysql://nobody:" + password + "@" + url.substr(url.find('@') + 1);
        const auto outcome = salon.runHere({}, wrong);
        CPPUNIT_ASSERT_EQUAL(1, outcome.code);
        CPPUNIT_ASSERT(outcome.errors.find("check the user and the password") != std::string::npos);
        const auto log = salon.log();
        for (const auto& text : {outcome.errors, outcome.output, log}) {
            CPPUNIT_ASSERT(text.find(password) == std::string::npos);
            CPPUNIT_ASSERT(text.find(MariaServer::password()) == std::string::npos);
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ServerLossTest);
