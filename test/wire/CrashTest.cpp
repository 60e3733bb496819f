#include "Deadline.h"
#include "Load.h"
#include "Talk.h"

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <random>

using namespace salon::wire;

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
        Load load(salon);
        for (int round = 0; round < 3; ++round) {
            load.start();
            load.waitForAcks(300);
            CPPUNIT_ASSERT_EQUAL(0, salon.stop());
            for (const int ending : load.lose()) CPPUNIT_ASSERT_EQUAL(1001, ending);
            salon.restart();
            load.verify();
        }
    }

private:
    /// @returns how many messages were acknowledged
    std::size_t twentyKills(std::mt19937& random) {
        Load load(salon);
        for (int round = 0; round < 20; ++round) {
            load.start();
            load.waitForAcks(std::uniform_int_distribution(20, 800)(random));
            salon.kill();
            load.lose();
            salon.restart();
            load.verify();
        }
        return load.acknowledged();
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(CrashTest);
