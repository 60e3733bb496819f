#include "CuttingProxy.h"
#include "Load.h"
#include "MariaServer.h"
#include "Talk.h"

#include <random>

using namespace salon::wire;
using salon::test::CuttingProxy;
using salon::test::MariaServer;
using Cut = CuttingProxy::Cut;

/// The way to the database server breaks at any byte, in the middle of transactions: every promise
/// is kept, and nothing is stored twice.
class LinkLossTest : public Talk {
    CPPUNIT_TEST_SUITE(LinkLossTest);
    CPPUNIT_TEST(cutAnywhereNothingIsLostOrDoubled);
    CPPUNIT_TEST(aCommitWhoseAnswerIsLostHasHappenedOnce);
    CPPUNIT_TEST(aCommitThatNeverArrivesIsMadeAgain);
    CPPUNIT_TEST_SUITE_END();

    std::unique_ptr<CuttingProxy> _proxy;
    std::string _database;
    std::mt19937 _random{std::random_device{}()};

    Daemon::Defines defines() const override {
        auto all = Talk::defines();
        auto url = MariaServer::shared().url(_database);
        const auto port = std::to_string(MariaServer::shared().port());
        url.replace(url.rfind(port), port.size(), std::to_string(_proxy->port()));
        all["store.url"] = url;
        all["store.timeout"] = "1s";
        all["store.lanes"] = "2";
        return all;
    }

    std::size_t upTo(std::size_t most) {
        return std::uniform_int_distribution<std::size_t>(0, most)(_random);
    }
    /// Silence is the rarest, as it costs a timeout each time.
    Cut::How anyHow() {
        const auto number = upTo(9);
        return number < 5 ? Cut::How::close : number < 9 ? Cut::How::reset : Cut::How::silence;
    }
    /// Under load, round after round; each begins when the one before is overcome.
    template <class Make> void cutAndVerify(int rounds, Make make) {
        Load load(salon);
        load.start();
        load.waitForAcks(100);
        for (int round = 0; round < rounds; ++round) {
            _proxy->cut(make());
            CPPUNIT_ASSERT_MESSAGE("nothing was cut", _proxy->waitForCut(std::chrono::seconds(30)));
            load.waitForAcks(40, std::chrono::seconds(30));
        }
        load.finish(std::chrono::seconds(30));
        load.verify();
    }

public:
    void setUp() override {
        _database = MariaServer::shared().createDatabase();
        _proxy = std::make_unique<CuttingProxy>(MariaServer::shared().port());
        Talk::setUp();
    }
    void tearDown() override {
        Talk::tearDown();
        _proxy.reset();
        MariaServer::shared().dropDatabase(_database);
    }

    void cutAnywhereNothingIsLostOrDoubled() {
        cutAndVerify(60, [this] {
            // A transaction of this load is some kilobytes there, and some hundred bytes back.
            return upTo(1) == 0 ? Cut{Cut::Direction::toServer, "", upTo(6000), anyHow()}
                                : Cut{Cut::Direction::fromServer, "", upTo(400), anyHow()};
        });
    }

    void aCommitWhoseAnswerIsLostHasHappenedOnce() {
        // An answer is eleven bytes: none of it, or a part.
        cutAndVerify(30, [this] {
            return Cut{Cut::Direction::fromServer,
                       "\x03"
                       "COMMIT",
                       upTo(1) * upTo(10), anyHow()};
        });
    }

    void aCommitThatNeverArrivesIsMadeAgain() {
        cutAndVerify(30, [this] {
            return Cut{Cut::Direction::toServer,
                       "\x03"
                       "COMMIT",
                       upTo(6), anyHow()};
        });
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(LinkLossTest);
