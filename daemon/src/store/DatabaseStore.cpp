#include "store/DatabaseStore.h"

#include "store/lane/PlainGroup.h"
#include "store/mysql/MysqlUrl.h"

#include <Poco/Exception.h>

#include <pthread.h>

#include <algorithm>
#include <cctype>
#include <stdexcept>
#include <string_view>

namespace salon::store {

namespace {

/// Threads beside the workers that read: the plugins' own queues, the watch.
constexpr std::size_t otherReaders = 6;
/// How often a server that nobody reads from or writes to is asked whether it is there.
constexpr auto askInterval = std::chrono::seconds(5);
constexpr auto retryInterval = std::chrono::seconds(1);

bool isUrl(const std::string& value) {
    constexpr std::string_view scheme = "sqlite:";
    if (value.starts_with(MysqlUrl::scheme)) {
        try {
            MysqlUrl::parse(value);
            return true;
        } catch (const std::runtime_error&) {
            return false;
        }
    }
    const auto path =
        std::string_view(value).substr(value.starts_with(scheme) ? scheme.size() : value.size());
    // SQLite takes such names for something else than a file.
    return !path.empty() && !path.starts_with(':') && !path.starts_with("file:");
}

Options optionsOf(const Configuration& configuration) {
    return {configuration.text("store.url"),
            static_cast<std::size_t>(configuration.integer("store.lanes")),
            configuration.text("store.node"), configuration.duration("store.timeout")};
}

bool isNode(const std::string& value) {
    constexpr std::size_t most = 64;
    return value.size() <= most && std::all_of(value.begin(), value.end(), [](unsigned char c) {
               return std::isalnum(c) != 0 || c == '.' || c == '_' || c == '-';
           });
}

} // namespace

void DatabaseStore::declare(Settings& settings) {
    settings.declare(
        {.key = "store.url",
         .standard = "sqlite:salon.db",
         .sentence = "Where everything is kept: `sqlite:` and the path of a file, which is created "
                     "when there is none, or the address of a database on a MariaDB or MySQL "
                     "server.",
         .secret = true, // it may hold a password
         .form = "sqlite: and the path of a file, or " + std::string(MysqlUrl::form),
         .fits = isUrl});
    settings.declare({.key = "store.lane_queue",
                      .type = Setting::Type::integer,
                      .standard = "16384",
                      .sentence =
                          "Writes that may wait in each lane for the database; further ones "
                          "are refused as `unavailable`.",
                      .least = 16,
                      .most = 1048576});
    settings.declare({.key = "store.lanes",
                      .type = Setting::Type::integer,
                      .standard = "4",
                      .sentence = "Connections that write to a database server at the same time; "
                                  "SQLite has one.",
                      .least = 1,
                      .most = 64});
    settings.declare({.key = "store.node",
                      .standard = "",
                      .sentence = "The name by which this daemon marks its transactions on a "
                                  "database server that several daemons share, different for each "
                                  "of them; without one each start makes one up.",
                      .form = "at most 64 letters, digits and . _ -",
                      .fits = isNode});
    settings.declare({.key = "store.timeout",
                      .type = Setting::Type::duration,
                      .standard = "10s",
                      .sentence = "How long a database server may take to answer before the "
                                  "connection is given up as lost.",
                      .least = 1000,
                      .most = 600'000});
}

std::optional<std::string> DatabaseStore::obstacle(const Configuration& configuration) {
    return obstacleTo(optionsOf(configuration));
}

std::string DatabaseStore::place(const Configuration& configuration) {
    return placeOf(configuration.text("store.url"));
}

DatabaseStore::DatabaseStore(const Configuration& configuration, Log& log, Metrics* metrics)
    : DatabaseStore(openDatabase(optionsOf(configuration), log),
                    static_cast<std::size_t>(configuration.integer("store.lane_queue")), log,
                    metrics,
                    static_cast<std::size_t>(configuration.integer("net.workers")) + otherReaders) {
}

std::unique_ptr<DatabaseStore> DatabaseStore::existing(const Configuration& configuration,
                                                       Log& log) {
    auto options = optionsOf(configuration);
    options.existing = true;
    return std::unique_ptr<DatabaseStore>(
        new DatabaseStore(openDatabase(options, log), 0, log, nullptr, 1, Looking()));
}

DatabaseStore::DatabaseStore(std::unique_ptr<Database> database, std::size_t laneQueue, Log& log,
                             Metrics* metrics, std::size_t readers)
    : DatabaseStore(std::move(database), laneQueue, log, metrics, readers, Looking()) {
    try {
        _database->createOwnTables(*_database->open(Database::Use::writer));
    } catch (const Poco::Exception& failure) {
        throw std::runtime_error("the database of store.url cannot be written (" +
                                 failure.displayText() + "); mend that and start again");
    }
}

DatabaseStore::DatabaseStore(std::unique_ptr<Database> database, std::size_t laneQueue, Log& log,
                             Metrics* metrics, std::size_t readers, Looking)
    : _log(log), _metrics(metrics), _laneQueue(laneQueue), _database(std::move(database)),
      _readers(*_database, readers, [this] { _availability.doubt(); }) {
    _plain = addGroup([] {
        return std::make_unique<PlainGroup>([](Write& write, Session& session) {
            return static_cast<PlainWrite&>(write).run(session);
        });
    });
}

DatabaseStore::~DatabaseStore() {
    stop();
}

void DatabaseStore::migrate(const std::string& plugin, const Migration* migrations) {
    const auto session = _database->open(Database::Use::schema);
    Migrator(*_database, _log).migrate(*session, plugin, migrations);
}

std::optional<std::string> DatabaseStore::outdated(Session& session, const std::string& plugin,
                                                   const Migration* migrations) {
    return Migrator(*_database, _log).outdated(session, plugin, migrations);
}

void DatabaseStore::checkOnce(const std::function<void(Session&)>& fn) {
    const auto session = _database->open(Database::Use::check);
    session->executeOnce("BEGIN");
    fn(*session);
    session->dropStatements();
    session->executeOnce("ROLLBACK");
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
    _database->start();
    for (std::size_t i = 0; i < _database->lanes(); ++i) {
        std::vector<std::unique_ptr<WriteGroup>> groups;
        groups.reserve(_makers.size());
        for (const auto& make : _makers) groups.push_back(make());
        const auto name = "lane-" + std::to_string(i);
        _lanes.push_back(std::make_unique<Lane>(
            name, _database->laneName(i), *_database, std::move(groups), _laneQueue, _availability,
            _log, _metrics ? LaneMetrics::of(*_metrics, name) : LaneMetrics{}));
    }
    _watch = std::thread([this] { watch(); });
    _state.store(State::running, std::memory_order_release);
}

void DatabaseStore::stop() {
    if (_state.exchange(State::stopped) != State::running) return;
    _availability.end();
    _watch.join();
    for (const auto& lane : _lanes) lane->stop();
    _database->stop();
}

/// Finds out that a server is gone when nobody else does, and that a database is back: what nobody
/// believes to work, nobody may use. Each lane's probe is a write like all others, which stores
/// nothing.
void DatabaseStore::watch() {
    class Probe final : public PlainWrite {
        bool run(Session&) override { return true; }
        void finish(const Error*) override {}
    };
    pthread_setname_np(pthread_self(), "store");
    bool readable = true;
    while (!_availability.ended()) {
        if (_database->remote()) {
            _availability.waitForLoss(askInterval);
            if (_availability.ended()) return;
            readable = canBeRead(readable);
        } else {
            _availability.waitForLoss(std::chrono::hours(1));
        }
        if (_availability.well()) continue;
        _availability.pause(retryInterval);
        if (_availability.ended()) return;
        for (const auto& lane : _lanes) {
            std::unique_ptr<Write> probe = std::make_unique<Probe>();
            lane->submit(_plain, probe); // a lane that is full has others to find out by
        }
    }
}

bool DatabaseStore::canBeRead(bool before) {
    try {
        _readers.use([](Session& session) { session.first<std::int64_t>("SELECT 1"); });
        if (!before) {
            _availability.found();
            _log.information("the database can be read again");
        }
        return true;
    } catch (const std::exception& failure) {
        if (before) {
            _availability.lost();
            _log.error("the database cannot be read", {{"reason", describe(failure)}});
        }
        return false;
    }
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

std::size_t DatabaseStore::laneOf(std::int64_t key, std::size_t lanes) {
    const auto mixed = (static_cast<std::uint64_t>(key) ^ static_cast<std::uint64_t>(key) >> 32) *
                       0x9e3779b97f4a7c15;
    return static_cast<std::size_t>(mixed >> 32) % lanes;
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
    switch (_lanes[laneOf(key, _lanes.size())]->submit(group, write)) {
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
