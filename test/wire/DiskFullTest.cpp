#include "SmallDisk.h"
#include "Talk.h"

#include <filesystem>
#include <iostream>
#include <optional>
#include <system_error>

using namespace salon::wire;

/// The disk is full, and has room again: what was promised is kept, the rest is said to be not
/// promised, and the daemon lives.
class DiskFullTest : public Talk {
    CPPUNIT_TEST_SUITE(DiskFullTest);
    CPPUNIT_TEST(aFullDiskRefusesAndAFreedOneGoesOn);
    CPPUNIT_TEST_SUITE_END();

    std::optional<salon::test::SmallDisk> _disk;
    std::string file() { return salon.folder().file("disk/salon.db"); }

    static std::string dm(int number) {
        const auto id = std::to_string(number);
        return R"({"type":"dm","to":"@bob","id":"m-)" + id + R"(","content":")" + id + " " +
               std::string(3000, 'x') + "\"}";
    }

public:
    void setUp() override {
        std::filesystem::create_directory(salon.folder().path() / "disk");
        try {
            _disk.emplace(salon.folder().path() / "disk", std::size_t{16} << 20);
        } catch (const std::system_error& problem) {
            if (problem.code() != std::errc::operation_not_permitted) throw;
            std::cerr << "left out, for it takes root: " << problem.what() << '\n';
            return;
        }
        salon.start({{"store.url", "sqlite:" + file()}, {"ws.rate", "1000000"}});
    }
    void tearDown() override {
        Talk::tearDown();
        _disk.reset();
    }

    void aFullDiskRefusesAndAFreedOneGoesOn() {
        if (!_disk) return;
        auto [alice, bob] = couple();
        std::map<int, Json> acks;
        std::int64_t conversation = 0;
        int number = 0;
        const auto tell = [&](int which) {
            alice.frame(dm(which));
            const auto answer = alice.next();
            if (answer.is("type", "ack")) {
                acks.emplace(which, answer);
                conversation = answer.number("conversation");
                return true;
            }
            shows(answer, "code", "unavailable");
            return false;
        };
        for (int i = 0; i < 20; ++i) CPPUNIT_ASSERT(tell(++number));
        _disk->fill();
        int refused = 0;
        // The log of SQLite may have room of its own for some more.
        for (int i = 0; i < 2000 && refused < 20; ++i) refused += tell(++number) ? 0 : 1;
        CPPUNIT_ASSERT_EQUAL_MESSAGE("the disk is not full", 20, refused);
        // What is there can be read, in the meantime.
        messages(bob, conversation, "?limit=1");
        salon.http().get("/health/live").is(200);

        _disk->free();
        // What was refused is sent again, what was acknowledged too: each is there once.
        for (int which = 1; which <= number; ++which) {
            const auto known = acks.find(which);
            const auto before = known == acks.end() ? std::string() : known->second.dump();
            acks.erase(which);
            CPPUNIT_ASSERT_MESSAGE("still refused", tell(which));
            if (!before.empty()) CPPUNIT_ASSERT_EQUAL(before, acks.at(which).dump());
        }
        shows(overview(bob, conversation), "seq", number);
        std::int64_t seq = 0;
        for (bool more = true; more;) {
            const auto page =
                messages(bob, conversation, "?limit=200&after=" + std::to_string(seq));
            for (const auto& message : page.list("messages")) shows(message, "seq", ++seq);
            more = page.flag("more");
        }
        CPPUNIT_ASSERT_EQUAL(std::int64_t{number}, seq);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(DiskFullTest);
