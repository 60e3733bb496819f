#include "directory/UserRoutes.h"

#include "DirectoryFixture.h"

#include <cppunit/extensions/HelperMacros.h>

#include <memory>
#include <string>

using namespace salon::directory;
using namespace directorytest;

namespace {

class Search final : public salon::HttpRequest {
public:
    explicit Search(std::map<std::string, std::string> query) : _query(std::move(query)) {}
    std::string_view method() const override { return "GET"; }
    std::string_view path() const override { return "/api/v1/users"; }
    std::optional<std::string_view> header(std::string_view) const override { return {}; }
    std::string_view body() const override { return {}; }
    std::optional<std::string> query(std::string_view name) const override {
        const auto found = _query.find(std::string(name));
        return found == _query.end() ? std::nullopt : std::optional(found->second);
    }
    std::string_view segment(std::string_view name) const override {
        const auto found = _query.find(std::string(name));
        return found == _query.end() ? std::string_view() : found->second;
    }
    const std::string& address() const override { return _text; }
    const std::string& id() const override { return _text; }
    bool secure() const override { return false; }
    const salon::Principal& principal() const override { return _principal; }

private:
    std::map<std::string, std::string> _query;
    std::string _text;
    salon::Principal _principal{1, 1};
};

} // namespace

class UserRoutesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(UserRoutesTest);
    CPPUNIT_TEST(whoIsDisabledVanishesAtOnce);
    CPPUNIT_TEST(aPageIsFilledAlthoughSomeVanished);
    CPPUNIT_TEST(whoIsDisabledIsStillFoundById);
    CPPUNIT_TEST(withoutAccountsItIsUnavailable);
    CPPUNIT_TEST(whatIsNotUtf8IsRefused);
    CPPUNIT_TEST_SUITE_END();

    Hall hall;
    HeldTimers timers;
    KeptLog log;
    std::shared_ptr<auth::fixture::HeldTasks> queue = std::make_shared<auth::fixture::HeldTasks>();
    std::shared_ptr<salon::detail::ServiceSlot> slot =
        std::make_shared<salon::detail::ServiceSlot>();
    salon::ServiceRef<auth::Users> users{slot};
    Catalogue catalogue{hall.rooms.store, timers, log, users, queue};
    UserRoutes routes{hall.rooms.store, users, catalogue};

    std::int64_t person(const std::string& name) {
        const auto id = hall.person(name, name);
        catalogue.refresh(id);
        return id;
    }
    auth::fixture::Answer search(std::map<std::string, std::string> query) {
        auth::fixture::Answer answer;
        routes.search(Search(std::move(query)), answer.responder());
        return answer;
    }
    auth::fixture::Answer show(const std::string& id) {
        auth::fixture::Answer answer;
        routes.show(Search({{"user", id}}), answer.responder());
        return answer;
    }

public:
    void setUp() override {
        *slot->object.lock() = std::shared_ptr<auth::Users>(
            std::shared_ptr<void>(), static_cast<auth::Users*>(&hall.rooms.users));
    }

    void whoIsDisabledVanishesAtOnce() {
        const auto zoe = person("zoe");
        CPPUNIT_ASSERT(search({{"q", "zo"}}).holds("\"username\":\"zoe\""));
        hall.set(zoe, "disabled", "1"); // and nobody has told the directory yet
        CPPUNIT_ASSERT_EQUAL(std::string(R"({"users":[],"next":null})"),
                             search({{"q", "zo"}}).body());
    }

    void aPageIsFilledAlthoughSomeVanished() {
        for (const auto* name : {"ada", "adb", "adc", "add"}) {
            if (const auto id = person(name); name[2] == 'b' || name[2] == 'a') {
                hall.set(id, "disabled", "1");
            }
        }
        for (const auto* q : {"a", ""}) {
            const auto page = search({{"q", q}, {"limit", "2"}});
            CPPUNIT_ASSERT(page.holds("adc") && page.holds("add"));
            CPPUNIT_ASSERT(page.holds(R"("next":null)"));
        }
    }

    void whoIsDisabledIsStillFoundById() {
        const auto zoe = person("zoe");
        hall.set(zoe, "disabled", "1");
        CPPUNIT_ASSERT(show(std::to_string(zoe)).holds("\"username\":\"zoe\""));
        for (const auto* id : {"99", "0", "-1", "zoe", "1x", "", "99999999999999999999"}) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(id, 404, show(id).status());
        }
    }

    void withoutAccountsItIsUnavailable() {
        slot->object.lock()->reset();
        CPPUNIT_ASSERT_EQUAL(503, search({}).status());
        CPPUNIT_ASSERT_EQUAL(503, show("1").status());
    }

    void whatIsNotUtf8IsRefused() {
        CPPUNIT_ASSERT_EQUAL(400, search({{"q", "\xff"}}).status());
        CPPUNIT_ASSERT_EQUAL(400, search({{"after", "\xff"}}).status());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(UserRoutesTest);
