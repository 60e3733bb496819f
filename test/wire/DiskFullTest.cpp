#include "Load.h"
#include "MariaServer.h"
#include "SmallDisk.h"
#include "Talk.h"

#include <filesystem>
#include <iostream>
#include <optional>
#include <system_error>

using namespace salon::wire;
using salon::test::MariaServer;

/// The disk is full, and has room again: what was promised is kept, the rest is said to be not
/// promised, and the daemon lives.
class DiskFullTest : public Talk {
    CPPUNIT_TEST_SUITE(DiskFullTest);
    CPPUNIT_TEST(aFullDiskRefusesAndAFreedOneGoesOn);
    CPPUNIT_TEST_SUITE_END();

    std::optional<salon::test::SmallDisk> _disk;
    std::optional<MariaServer> _server; ///< its data is on the disk

public:
    void setUp() override {
        const auto folder = salon.folder().path() / "disk";
        std::filesystem::create_directory(folder);
        const auto size = std::size_t{Daemon::onServer() ? 256U : 16U} << 20;
        try {
            _disk.emplace(folder, size);
        } catch (const std::system_error& problem) {
            if (problem.code() != std::errc::operation_not_permitted) throw;
            std::cerr << "left out, for it takes root: " << problem.what() << '\n';
            return;
        }
        auto all = defines();
        all["store.url"] = "sqlite:" + (folder / "salon.db").string();
        if (Daemon::onServer()) {
            _server.emplace(MariaServer::Setup{.folder = folder});
            all["store.url"] = _server->url(_server->createDatabase());
        }
        salon.start(all);
    }
    void tearDown() override {
        Talk::tearDown();
        _server.reset();
        _disk.reset();
    }

    void aFullDiskRefusesAndAFreedOneGoesOn() {
        if (!_disk) return;
        Load load(salon, 3000);
        load.start();
        load.waitForAcks(200);
        _disk->fill();
        // There may be room for some more in files that are there.
        load.waitForRefusals(100, std::chrono::seconds(60));
        if (!_server) CPPUNIT_ASSERT_EQUAL(200, load.readingStatus());
        salon.http().get("/health/live").is(200);
        _disk->free();
        // InnoDB ends itself when it has no room to undo something: then somebody starts it again.
        if (_server) _server->startIfEnded(std::chrono::seconds(5));
        load.waitForAcks(200, std::chrono::seconds(30));
        load.finish(std::chrono::seconds(30));
        load.verify();
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(DiskFullTest);
