#include "session/Welcome.h"

#include "auth/AuthFixture.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>

using namespace salon::auth;
using namespace salon::auth::fixture;
using namespace std::chrono_literals;

namespace {

/// Writes down what happens to it, in order.
class Socket final : public salon::Connection {
public:
    Socket(Rooms& rooms, salon::Principal who) : _rooms(rooms), _who(who) {}
    salon::ConnectionId id() const override { return salon::ConnectionId{1}; }
    const salon::Principal& principal() const override { return _who; }
    void send(salon::SharedFrame frame) override { seen.emplace_back(frame.payload()); }
    void sendError(const salon::Error& error, std::string_view) override {
        seen.push_back("error " + error.message);
    }
    void subscribe(salon::Topic topic) override {
        _rooms.hub.online.insert(topic.handle);
        seen.emplace_back("subscribed");
    }
    void unsubscribe(salon::Topic) override {}
    void close(salon::Ending ending) override {
        seen.push_back("closed " + std::to_string(describe(ending).code));
    }
    void suspend(std::function<Continuation(salon::Session&)> load) override {
        seen.emplace_back("suspended");
        load (*_rooms.store.session)(*this);
    }

    std::vector<std::string> seen;

private:
    Rooms& _rooms;
    salon::Principal _who;
};

} // namespace

class WelcomeTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(WelcomeTest);
    CPPUNIT_TEST(itSubscribesAndThenGreets);
    CPPUNIT_TEST(whoIsKnownIsGreetedAtOnce);
    CPPUNIT_TEST(whoIsGoneOrDisabledIsClosed);
    CPPUNIT_TEST(theHeartbeatIsInSeconds);
    CPPUNIT_TEST_SUITE_END();

    Rooms rooms;

    std::vector<std::string> open(std::chrono::milliseconds heartbeat = 25s) {
        Welcome welcome(rooms.users, heartbeat);
        Socket socket(rooms, {1, 3});
        welcome.open(socket);
        return socket.seen;
    }

public:
    void setUp() override {
        CPPUNIT_ASSERT(
            AccountStore(*rooms.store.session).insert({"bob", "bob", "bob", "", "", "", 1}));
    }

    void itSubscribesAndThenGreets() {
        const auto seen = open();
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, seen.size());
        CPPUNIT_ASSERT_EQUAL(std::string("suspended"), seen[0]);
        CPPUNIT_ASSERT_EQUAL(std::string("subscribed"), seen[1]);
        CPPUNIT_ASSERT_EQUAL(
            std::string(R"({"type":"welcome","user":{"id":1,"username":"bob","display_name":"bob",)"
                        R"("avatar":null,"role":"user","online":true,"last_seen":null,)"
                        R"("email":null},"session":3,"heartbeat":25,"protocol":"salon.v1"})"),
            seen[2]);
    }

    void whoIsKnownIsGreetedAtOnce() {
        open();
        const auto seen = open();
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, seen.size());
        CPPUNIT_ASSERT_EQUAL(std::string("subscribed"), seen[0]);
    }

    void whoIsGoneOrDisabledIsClosed() {
        rooms.store.session->execute("UPDATE user_account SET disabled = 1");
        CPPUNIT_ASSERT_EQUAL(std::string("closed 4401"), open().back());
        CPPUNIT_ASSERT_EQUAL(std::string("closed 4401"), open().back());
        rooms.store.session->execute("DELETE FROM user_account");
        Rooms empty;
        Welcome welcome(empty.users, 25s);
        Socket socket(empty, {1, 3});
        welcome.open(socket);
        CPPUNIT_ASSERT_EQUAL(std::string("closed 4401"), socket.seen.back());
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, socket.seen.size());
    }

    void theHeartbeatIsInSeconds() {
        const std::pair<std::chrono::milliseconds, const char*> rows[] = {
            {1s, "1,"}, {500ms, "0.5,"}, {1250ms, "1.25,"}, {1001ms, "1.001,"}, {10min, "600,"}};
        for (const auto& [time, text] : rows) {
            CPPUNIT_ASSERT_MESSAGE(text, open(time).back().find(std::string(R"("heartbeat":)") +
                                                                text) != std::string::npos);
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(WelcomeTest);
