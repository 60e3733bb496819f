#include "store/DatabaseStore.h"

#include "store/PlainGroup.h"

#include <Poco/Exception.h>

#include <stdexcept>

namespace salon::store {

namespace {

/// As many as workers read at once, and some for the console and the timers.
constexpr std::size_t readersMost = 8;

} // namespace

void DatabaseStore::declare(Settings& settings) {
    settings.declare(
        {.key = "store.url",
         .standard = "sqlite:salon.db",
         .sentence = "Where everything is kept: `sqlite:` and the path of a file, which "
                     "is created when there is none.",
         .secret = true, // such addresses hold passwords, here by mistake
         .form = "sqlite: and the path of a file",
         .fits = [](const std::string& value) {
             constexpr std::string_view scheme = "sqlite:";
             const auto path = std::string_view(value).substr(
                 value.starts_with(scheme) ? scheme.size() : value.size());
             // SQLite takes such names for something else than a file.
             return !path.empty() && !path.starts_with(':') && !path.starts_with("file:");
         }});
    settings.declare({.key = "store.lane_queue",
                      .type = Setting::Type::integer,
                      .standard = "16384",
                      .sentence = "Writes that may wait for the database; further ones are refused "
                                  "as `unavailable`.",
                      .least = 16,
                      .most = 1048576});
}

DatabaseStore::DatabaseStore(const Configuration& configuration, Log& log, Metrics* metrics)
    : DatabaseStore(openDatabase(configuration.text("store.url"), log),
                    static_cast<std::size_t>(configuration.integer("store.lane_queue")), log,
                    metrics) {}

DatabaseStore::DatabaseStore(std::unique_ptr<Database> database, std::size_t laneQueue, Log& log,
                             Metrics* metrics)
    : _log(log), _metrics(metrics), _laneQueue(laneQueue), _database(std::move(database)),
      _readers(*_database, readersMost) {
    _plain = addGroup([] {
        return std::make_unique<PlainGroup>([](Write& write, Session& session) {
            return static_cast<PlainWrite&>(write).run(session);
        });
    });
    try {
        _database->createOwnTables(*_database->open(Database::Use::writer));
    } catch (const Poco::Exception& failure) {
        throw std::runtime_error("the database of store.url cannot be written (" +
                                 failure.displayText() + "); mend that and start again");
    }
}

DatabaseStore::~DatabaseStore() {
    stop();
}

void DatabaseStore::migrate(const std::string& plugin, const Migration* migrations) {
    const auto session = _database->open(Database::Use::writer);
    Migrator(*_database, _log).migrate(*session, plugin, migrations);
}

Result<void> DatabaseStore::writeOnce(const std::function<Result<void>(Session&)>& fn) {
    const auto session = _database->open(Database::Use::writer);
    _database->begin(*session);
    try {
        auto done = fn(*session);
        session->dropStatements();
        if (done) {
            _database->commit(*session);
        } else {
            _database->rollback(*session);
        }
        return done;
    } catch (...) {
        session->dropStatements();
        if (_database->inTransaction(*session)) _database->rollback(*session);
        throw;
    }
}

void DatabaseStore::start() {
    if (_state.load() != State::preparing) throw std::logic_error("the store was started before");
    for (std::size_t i = 0; i < _database->lanes(); ++i) {
        std::vector<std::unique_ptr<WriteGroup>> groups;
        groups.reserve(_makers.size());
        for (const auto& make : _makers) groups.push_back(make());
        const auto name = "lane-" + std::to_string(i);
        _lanes.push_back(
            std::make_unique<Lane>(name, *_database, std::move(groups), _laneQueue, _log,
                                   _metrics ? LaneMetrics::of(*_metrics, name) : LaneMetrics{}));
    }
    _database->start();
    _state.store(State::running, std::memory_order_release);
}

void DatabaseStore::stop() {
    if (_state.exchange(State::stopped) != State::running) return;
    for (const auto& lane : _lanes) lane->stop();
    _database->stop();
}

Store::Group DatabaseStore::addGroup(std::function<std::unique_ptr<WriteGroup>()> make) {
    if (_state.load() != State::preparing) {
        throw std::logic_error("a group of writes was added after the store had started");
    }
    _makers.push_back(std::move(make));
    return static_cast<Group>(_makers.size() - 1);
}

Result<void> DatabaseStore::submit(Group group, std::int64_t key, std::unique_ptr<Write> write) {
    return queue(group, key, write);
}

void DatabaseStore::submitPlain(std::int64_t key, std::unique_ptr<PlainWrite> plain) {
    std::unique_ptr<Write> write = std::move(plain);
    const auto queued = queue(_plain, key, write);
    if (!queued) write->finish(&queued.error());
}

Result<void> DatabaseStore::queue(Group group, std::int64_t key, std::unique_ptr<Write>& write) {
    switch (_state.load(std::memory_order_acquire)) {
    case State::preparing:
        return Error{Code::unavailable, "the server is starting; try again later"};
    case State::stopped:
        return Error{Code::unavailable, "the server is stopping; try again later"};
    case State::running:
        break;
    }
    if (group >= _makers.size()) throw std::logic_error("a write of a group that nobody added");
    const auto lane = static_cast<std::uint64_t>(key) % _lanes.size();
    switch (_lanes[lane]->submit(group, write)) {
    case Lane::Taken::full:
        return Error{Code::unavailable, "too many writes are waiting; try again later"};
    case Lane::Taken::stopping:
        return Error{Code::unavailable, "the server is stopping; try again later"};
    case Lane::Taken::yes:
        break;
    }
    return {};
}

} // namespace salon::store
