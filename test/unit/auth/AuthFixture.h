#pragma once

#include "Entrance.h"
#include "password/Password.h"

#include "salon/Bus.h"
#include "salon/Http.h"
#include "salon/Hub.h"
#include "salon/Log.h"
#include "salon/Store.h"
#include "salon/Tasks.h"

#include <Poco/Data/Session.h>
#include <cppunit/TestAssert.h>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

// The rooms around the plugin, small and on one thread: what is queued runs when the test says so.

namespace salon::auth::fixture {

/// SQLite in memory with the plugin's schema; writes are made and finished at once.
class InlineStore final : public Store {
public:
    InlineStore();
    Dialect dialect() const override { return Dialect::sqlite; }
    void readWith(const std::function<void(Session&)>& fn) override { fn(*session); }
    Group addGroup(std::function<std::unique_ptr<WriteGroup>()>) override { return 0; }
    Result<void> submit(Group, std::int64_t, std::unique_ptr<Write>) override { return {}; }

    std::optional<Session> session;
    std::optional<Error> refusal; ///< what every write is refused with

protected:
    void submitPlain(std::int64_t key, std::unique_ptr<PlainWrite> write) override;
};

class HeldTasks final : public TaskQueue {
public:
    bool post(std::function<void()> task) override;
    void run();

    std::size_t capacity = 1000;
    std::vector<std::function<void()>> waiting;
};

class SilentHub final : public Hub {
public:
    void publish(Topic, SharedFrame, ConnectionId) override {}
    void send(ConnectionId, SharedFrame) override {}
    void close(ConnectionId, Ending) override {}
    void closeSession(std::int64_t user, std::int64_t session, Ending ending) override {
        CPPUNIT_ASSERT(ending == Ending::sessionEnded);
        closed.emplace_back(user, session);
    }
    bool reaches(Topic topic) const override { return online.contains(topic.handle); }
    void whenRoom(ConnectionId, std::function<void()>) override {}

    std::set<std::uint64_t> online;
    std::vector<std::pair<std::int64_t, std::int64_t>> closed; ///< user and session
};

class Request final : public HttpRequest {
public:
    explicit Request(std::string json, std::string from = "203.0.113.7")
        : _body(std::move(json)), _address(std::move(from)) {}
    std::string_view method() const override { return "POST"; }
    std::string_view path() const override { return "/"; }
    std::optional<std::string_view> header(std::string_view name) const override;
    std::string_view body() const override { return _body; }
    std::optional<std::string> query(std::string_view) const override { return std::nullopt; }
    std::string_view segment(std::string_view) const override { return pathId; }
    const std::string& address() const override { return _address; }
    const std::string& id() const override { return _id; }
    bool secure() const override { return overHttps; }
    const Principal& principal() const override { return who; }

    std::map<std::string, std::string, std::less<>> headers{{"Content-Type", "application/json"},
                                                            {"Host", "chat.example.org"}};
    std::string pathId; ///< the path's `{id}`
    bool overHttps = false;
    Principal who;

private:
    std::string _body;
    std::string _id = "request";
    std::string _address;
};

/// Keeps the one answer of a request.
class Answer {
public:
    Answer();
    Responder responder() const;
    bool given() const;
    int status() const;
    const std::string& body() const;
    bool holds(std::string_view text) const { return body().find(text) != std::string::npos; }
    std::optional<std::string> header(std::string_view name) const;
    /// A string member of the body; empty when there is none.
    std::string text(std::string_view member) const;
    /// What `Set-Cookie` puts into salon_refresh; nullopt when there is none.
    std::optional<std::string> cookie() const;

private:
    class Kept;
    std::shared_ptr<Kept> _sink;
};

class SilentLog final : public Log {
public:
    void write(LogLevel, std::string_view sentence, Fields) override {
        lines.emplace_back(sentence);
    }
    bool enabled(LogLevel) const override { return true; }

    std::vector<std::string> lines;
};

/// Keeps what is told.
template <class E> class Listener final : public detail::Channel {
public:
    bool heard() const override { return true; }
    Result<void> ask(void*) override { return {}; }
    void tell(std::shared_ptr<const void> event) override {
        told.push_back(*std::static_pointer_cast<const E>(event));
    }
    std::vector<E> told;
};

/// All of it together.
struct Rooms {
    explicit Rooms(Options options = {});
    std::int64_t count(const char* sql);
    /// A login's whole result, without a login.
    Ticket enter(std::int64_t user);
    void execute(const std::string& sql);

    InlineStore store;
    HeldTasks hashers;
    SilentHub hub;
    UserDirectory users{hub};
    Sessions sessions{hub};
    Tokens tokens;
    LoginLimit limit;
    RegistrationLimit refusals;
    Entrance entrance;
};

/// Checks tokens as the plugin's authenticator does.
class Authority final : public Authenticator {
public:
    explicit Authority(Rooms& rooms) : _rooms(rooms) {}
    Result<Principal> authenticate(std::string_view token) override;

private:
    Rooms& _rooms;
};

/// Light work, so that tests are quick.
constexpr PasswordHash::Cost quick{64, 1, 1};

} // namespace salon::auth::fixture
