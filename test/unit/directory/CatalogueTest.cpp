#include "directory/Catalogue.h"

#include "DirectoryFixture.h"
#include "directory/DirectoryStore.h"

#include <cppunit/extensions/HelperMacros.h>

#include <memory>
#include <string>

using namespace salon::directory;
using namespace directorytest;

class CatalogueTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(CatalogueTest);
    CPPUNIT_TEST(aNewcomerCanBeFound);
    CPPUNIT_TEST(whoIsDisabledCannot);
    CPPUNIT_TEST(whatCannotBeWrittenIsWrittenLater);
    CPPUNIT_TEST(aStartMendsWhatWasMissed);
    CPPUNIT_TEST(aStartWithNothingMissedWritesNothing);
    CPPUNIT_TEST(aStartGoesOnWhenTheStoreIsBack);
    CPPUNIT_TEST(aStartGoesOnWhenTheQueueHasRoom);
    CPPUNIT_TEST(withoutAccountsNothingIsTouched);
    CPPUNIT_TEST_SUITE_END();

    Hall hall;
    HeldTimers timers;
    KeptLog log;
    std::shared_ptr<auth::fixture::HeldTasks> queue = std::make_shared<auth::fixture::HeldTasks>();
    std::shared_ptr<salon::detail::ServiceSlot> slot =
        std::make_shared<salon::detail::ServiceSlot>();
    Catalogue catalogue{hall.rooms.store, timers, log, salon::ServiceRef<auth::Users>(slot), queue};

    void runAll() {
        while (!queue->waiting.empty()) queue->run();
    }
    std::size_t found(const std::string& prefix) {
        return DirectoryStore(hall.session()).find(prefix, {}, 100).size();
    }

public:
    void setUp() override {
        *slot->object.lock() = std::shared_ptr<auth::Users>(
            std::shared_ptr<void>(), static_cast<auth::Users*>(&hall.rooms.users));
    }

    void aNewcomerCanBeFound() {
        catalogue.refresh(hall.person("zoe", "Anna Bell"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, found("anna"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, found("zo"));
    }

    void whoIsDisabledCannot() {
        const auto zoe = hall.person("zoe", "Anna Bell");
        catalogue.refresh(zoe);
        hall.rooms.users.find(hall.session(), zoe); // memory has her as she was
        hall.set(zoe, "disabled", "1");
        catalogue.refresh(zoe);
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, found("anna"));
        hall.set(zoe, "disabled", "0");
        catalogue.refresh(zoe);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, found("anna"));
    }

    void whatCannotBeWrittenIsWrittenLater() {
        const auto zoe = hall.person("zoe", "Anna Bell");
        const auto bob = hall.person("bob", "Bob");
        hall.rooms.store.refusal = salon::Error{salon::Code::unavailable, "full"};
        catalogue.refresh(zoe);
        catalogue.refresh(bob);
        timers.run();
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, timers.waiting.size());
        hall.rooms.store.refusal.reset();
        timers.run();
        CPPUNIT_ASSERT(timers.waiting.empty());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, found("anna"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, found("bob"));
    }

    void aStartMendsWhatWasMissed() {
        const auto zoe = hall.person("zoe", "Anna Bell");
        const auto bob = hall.person("bob", "Bob");
        const auto eve = hall.person("eve", "Eve");
        const auto joe = hall.person("joe", "Joe");
        for (const auto user : {zoe, bob, eve}) catalogue.refresh(user);
        hall.set(zoe, "display_name", "Anna Smith");
        hall.set(bob, "disabled", "1");
        const Listing ghost{"ghost", "ghost"};
        DirectoryStore(hall.session()).put(joe + 5, &ghost);
        catalogue.begin();
        runAll();
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, found("smith"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, found("bell"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, found("bob"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, found("eve"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, found("joe"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, found("ghost"));
        CPPUNIT_ASSERT_EQUAL(std::string("the directory was completed 4"), log.lines.back());
    }

    void aStartWithNothingMissedWritesNothing() {
        for (int i = 0; i < 1500; ++i) hall.person("user-" + std::to_string(i), "User");
        catalogue.begin();
        runAll();
        CPPUNIT_ASSERT_EQUAL(std::string("the directory was completed 1500"), log.lines.back());
        const auto before = hall.rooms.count("SELECT total_changes()");
        Catalogue next(hall.rooms.store, timers, log, salon::ServiceRef<auth::Users>(slot), queue);
        next.begin();
        runAll();
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, log.lines.size());
        CPPUNIT_ASSERT_EQUAL(before, hall.rooms.count("SELECT total_changes()"));
    }

    void aStartGoesOnWhenTheStoreIsBack() {
        hall.person("zoe", "Anna Bell");
        hall.rooms.store.refusal = salon::Error{salon::Code::unavailable, "full"};
        catalogue.begin();
        runAll();
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, found("anna"));
        hall.rooms.store.refusal.reset();
        timers.run();
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, found("anna"));
    }

    void aStartGoesOnWhenTheQueueHasRoom() {
        hall.person("zoe", "Anna Bell");
        queue->capacity = 0; // of searches that wait
        catalogue.begin();
        queue->capacity = 1000;
        timers.run();
        runAll();
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, found("anna"));
    }

    void withoutAccountsNothingIsTouched() {
        const auto zoe = hall.person("zoe", "Anna Bell");
        catalogue.refresh(zoe);
        slot->object.lock()->reset();
        catalogue.refresh(zoe);
        catalogue.begin();
        runAll();
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, found("anna"));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(CatalogueTest);
