#include "Load.h"

#include "Talk.h"

#include <cppunit/TestAssert.h>

#include <deque>
#include <exception>

namespace salon::wire {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int inFlight = 16;
/// A client that was told "try again later" does not try again at once.
constexpr auto again = std::chrono::milliseconds(20);
/// The longest that a daemon may leave everything unanswered, whatever its store does.
constexpr auto answerPatience = std::chrono::seconds(45);

const std::vector<std::string> names{"alice", "bob", "carol", "dave"};

} // namespace

/// One of them. Its own thread alone uses it while the load runs.
class Load::Writer {
public:
    Writer(Person person, std::vector<std::string> others, std::string padding)
        : _person(std::move(person)), _others(std::move(others)), _padding(std::move(padding)) {}

    Person& person() { return _person; }
    const Person& person() const { return _person; }
    std::size_t acknowledged() const { return _acks.size(); }
    int ending() const { return _ending; }

    void run(Progress& progress);
    void sendAgain();
    void isKept(const Messages& stored) const;

private:
    struct Refused {
        Clock::time_point due;
        std::string id;
    };

    void sendNew();
    void send(const std::string& id, const std::string& frame);
    void sendRefused();
    void note(const Json& frame, Progress& progress);
    void acknowledge(const Json& ack);
    void edit(const Json& ack);

    Person _person;
    std::vector<std::string> _others;
    std::string _padding; ///< the end of every new message
    std::size_t _count = 0;
    int _ending = 0;
    std::deque<Refused> _refused;
    std::map<std::string, std::string> _open;   ///< frames without an answer that counts, by id
    std::map<std::string, std::string> _sends;  ///< frames of new messages, by id
    std::map<std::string, Json> _acks;          ///< of new messages, by id
    std::map<std::int64_t, std::string> _edits; ///< content of an acknowledged edit, by message
    Messages _shown;                            ///< others' messages that came live
    Messages _shownEdits;
};

void Load::Writer::sendNew() {
    const auto id = _person.name() + "-" + std::to_string(++_count);
    const auto& to = _others[_count % _others.size()];
    const auto frame = "{\"type\":\"dm\",\"to\":\"@" + to + "\",\"content\":\"" + id + _padding +
                       "\",\"id\":\"" + id + "\"}";
    _sends.emplace(id, frame);
    send(id, frame);
}

void Load::Writer::send(const std::string& id, const std::string& frame) {
    _open.emplace(id, frame);
    _person.frame(frame);
}

void Load::Writer::sendRefused() {
    for (; !_refused.empty() && _refused.front().due <= Clock::now(); _refused.pop_front()) {
        _person.frame(_open.at(_refused.front().id));
    }
}

void Load::Writer::run(Progress& progress) {
    _refused.clear();
    // What an earlier connection left unanswered was sent again by verify().
    for (int i = 0; i < inFlight; ++i) sendNew();
    auto heard = Clock::now();
    while (!progress.abandoned && !(progress.finishing && _open.empty())) {
        if (_person.hears(again)) {
            const auto came = _person.incoming();
            if (came.opcode != Poco::Net::WebSocket::FRAME_OP_TEXT) {
                _ending = came.closeCode();
                return;
            }
            heard = Clock::now();
            note(Json::parse(came.payload), progress);
        }
        CPPUNIT_ASSERT_MESSAGE(_person.name() + " gets no answer at all",
                               Clock::now() - heard < answerPatience);
        sendRefused();
        while (!progress.finishing && _open.size() < inFlight) sendNew();
    }
    _person.vanish();
}

void Load::Writer::note(const Json& frame, Progress& progress) {
    if (!frame.has("id")) {
        if (frame.is("type", "dm")) _shown.emplace(frame.number("message"), frame);
        if (frame.is("type", "edited")) _shownEdits.emplace(frame.number("message"), frame);
        return;
    }
    // A daemon that stops in good order refuses what comes too late, one without its store all.
    const bool refused = frame.is("code", "unavailable");
    if (refused) {
        _refused.push_back({Clock::now() + again, frame.text("id")});
    } else {
        acknowledge(frame);
        edit(frame);
    }
    const std::lock_guard lock(progress.mutex);
    ++(refused ? progress.refusals : progress.acks);
    progress.changed.notify_all();
}

void Load::Writer::acknowledge(const Json& ack) {
    CPPUNIT_ASSERT_EQUAL_MESSAGE(ack.dump(), std::string("ack"), ack.text("type"));
    const auto id = ack.text("id");
    CPPUNIT_ASSERT_EQUAL_MESSAGE("not asked, or answered before: " + ack.dump(), std::size_t{1},
                                 _open.erase(id));
    const auto message = ack.number("message");
    if (id.starts_with("edit-")) {
        _edits.emplace(message, id);
        return;
    }
    _acks.emplace(id, ack);
}

/// Every fourth of one's messages is edited.
void Load::Writer::edit(const Json& ack) {
    const auto id = ack.text("id");
    if (id.starts_with("edit-") || _acks.size() % 4 != 0) return;
    const auto edit = "edit-" + id;
    send(edit, "{\"type\":\"edit\",\"message\":" + std::to_string(ack.number("message")) +
                   ",\"content\":\"" + edit + "\",\"id\":\"" + edit + "\"}");
}

/// What was not answered, and a little of what was, which gets its first answer again.
void Load::Writer::sendAgain() {
    const auto ask = [this](const std::string& id, const std::string& frame) {
        _person.frame(frame);
        auto ack = _person.sees("ack");
        shows(ack, "id", id);
        return ack;
    };
    while (!_open.empty()) {
        const auto [id, frame] = *_open.begin();
        acknowledge(ask(id, frame));
    }
    std::size_t which = 0;
    for (const auto& [id, frame] : _sends) {
        if (++which % 16 != 0) continue;
        CPPUNIT_ASSERT_EQUAL(_acks.at(id).dump(), ask(id, frame).dump());
    }
}

void Load::Writer::isKept(const Messages& stored) const {
    const auto find = [&stored](std::int64_t id, const Json& said) {
        const auto found = stored.find(id);
        CPPUNIT_ASSERT_MESSAGE("lost: " + said.dump(), found != stored.end());
        for (const auto* member : {"conversation", "seq"}) {
            shows(found->second, member, said.number(member));
        }
        return found->second;
    };
    for (const auto& [id, ack] : _acks) {
        const auto message = find(ack.number("message"), ack);
        shows(message, "timestamp", ack.text("timestamp"));
        shows(message, "from", _person.id());
        // An edit may have been stored though nobody could say so.
        if (!message.is("content", "edit-" + id)) {
            shows(message, "content", id + _padding);
            shows(message, "rev", ack.number("rev"));
        }
    }
    for (const auto& [message, content] : _edits) shows(stored.at(message), "content", content);
    for (const auto& [number, frame] : _shown) {
        const auto message = find(number, frame);
        shows(message, "from", frame.number("from"));
        const auto content = frame.text("content");
        const auto id = content.substr(0, content.size() - _padding.size());
        if (!message.is("content", "edit-" + id)) shows(message, "content", content);
    }
    for (const auto& [id, frame] : _shownEdits) {
        shows(find(id, frame), "content", frame.text("content"));
    }
}

Load::Load(Daemon& daemon, std::size_t padding) : _daemon(daemon) {
    for (const auto& name : names) {
        auto others = names;
        std::erase(others, name);
        _writers.push_back(std::make_unique<Writer>(daemon.person(name), std::move(others),
                                                    std::string(padding, '.')));
    }
}

Load::~Load() {
    _progress.abandoned = true;
    for (auto& thread : _threads) thread.wait();
}

void Load::start() {
    _progress.finishing = false;
    _progress.ended = 0;
    for (auto& writer : _writers) writer->person().connect();
    for (auto& writer : _writers) {
        _threads.push_back(std::async(std::launch::async, [this, &writer = *writer] {
            const auto tellEnd = [this](bool failed) {
                const std::lock_guard lock(_progress.mutex);
                ++_progress.ended;
                _progress.failed = _progress.failed || failed;
                _progress.changed.notify_all();
            };
            try {
                writer.run(_progress);
            } catch (...) {
                tellEnd(true);
                throw;
            }
            tellEnd(false);
        }));
    }
}

void Load::waitFor(const std::string& what, int Progress::*number, int count,
                   std::chrono::milliseconds within) {
    std::unique_lock lock(_progress.mutex);
    const int target = _progress.*number + count;
    _progress.changed.wait_until(lock, test::Deadline(within).at(), [&] {
        return _progress.*number >= target || _progress.ended > 0;
    });
    const bool reached = _progress.*number >= target;
    const bool failed = _progress.failed;
    const bool ended = _progress.ended > 0;
    const auto missing = std::to_string(target - _progress.*number);
    lock.unlock();
    if (failed) {
        _progress.abandoned = true;
        join();
    }
    CPPUNIT_ASSERT_MESSAGE("a connection has ended by itself", !ended);
    CPPUNIT_ASSERT_MESSAGE(missing + " " + what + " are missing", reached);
}

void Load::waitForAcks(int count, std::chrono::milliseconds within) {
    waitFor("acknowledgements", &Progress::acks, count, within);
}

void Load::waitForRefusals(int count, std::chrono::milliseconds within) {
    waitFor("refusals", &Progress::refusals, count, within);
}

void Load::goOn(std::chrono::milliseconds time) {
    bool ended = false;
    {
        std::unique_lock lock(_progress.mutex);
        ended = _progress.changed.wait_until(lock, test::Deadline(time).at(),
                                             [this] { return _progress.ended > 0; });
    }
    if (ended) waitFor("acknowledgements", &Progress::acks, 0, time);
}

void Load::join() {
    auto threads = std::exchange(_threads, {});
    std::exception_ptr failure;
    for (auto& thread : threads) {
        try {
            thread.get();
        } catch (...) {
            _progress.abandoned = true;
            if (!failure) failure = std::current_exception();
        }
    }
    if (failure) std::rethrow_exception(failure);
}

std::vector<int> Load::lose() {
    join();
    std::vector<int> endings;
    for (const auto& writer : _writers) endings.push_back(writer->ending());
    return endings;
}

void Load::finish(std::chrono::milliseconds within) {
    _progress.finishing = true;
    {
        std::unique_lock lock(_progress.mutex);
        const auto all = static_cast<int>(_writers.size());
        const bool done = _progress.changed.wait_until(lock, test::Deadline(within).at(), [&] {
            return _progress.ended == all || _progress.failed;
        });
        if (!done) _progress.abandoned = true;
    }
    const bool abandoned = _progress.abandoned;
    join();
    CPPUNIT_ASSERT_MESSAGE("not everything is acknowledged", !abandoned);
}

std::size_t Load::acknowledged() const {
    std::size_t all = 0;
    for (const auto& writer : _writers) all += writer->acknowledged();
    return all;
}

int Load::refusals() {
    const std::lock_guard lock(_progress.mutex);
    return _progress.refusals;
}

int Load::readingStatus() const {
    return _writers.front()->person().http().get("/api/v1/conversations").status;
}

void Load::verify() {
    _daemon.verifyStore();
    const auto before = everything();
    for (const auto& writer : _writers) writer->isKept(before);
    for (auto& writer : _writers) {
        writer->person().connect();
        writer->sendAgain();
    }
    _daemon.verifyStore();
    const auto after = everything();
    for (const auto& writer : _writers) writer->isKept(after);
    CPPUNIT_ASSERT_EQUAL(acknowledged(), after.size());
}

/// All that they can read over HTTP. Both sides of a conversation must read the same, byte for
/// byte, in the order of seq without a gap.
Load::Messages Load::everything() const {
    Messages all;
    std::map<std::int64_t, std::string> sides; // by conversation
    for (const auto& writer : _writers) {
        const auto http = writer->person().http();
        const auto list = http.get("/api/v1/conversations").is(200).json();
        for (const auto& conversation : list.list("conversations")) {
            const auto id = conversation.number("id");
            const auto path = "/api/v1/conversations/" + std::to_string(id) + "/messages?limit=200";
            std::string side;
            std::int64_t seq = 0;
            for (bool more = true; more;) {
                const auto page = http.get(path + "&after=" + std::to_string(seq)).is(200).json();
                for (const auto& message : page.list("messages")) {
                    shows(message, "seq", ++seq);
                    side += message.dump() + '\n';
                    all.emplace(message.number("id"), message);
                }
                more = page.flag("more");
            }
            shows(conversation, "seq", seq);
            const auto [other, first] = sides.emplace(id, side);
            if (!first) CPPUNIT_ASSERT_EQUAL(other->second, side);
        }
    }
    return all;
}

} // namespace salon::wire
