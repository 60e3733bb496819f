#include "store/lane/Writer.h"

#include <algorithm>
#include <random>
#include <stdexcept>
#include <thread>
#include <utility>

namespace salon::store {

namespace {

constexpr int conflictsMost = 8; ///< tries of a batch that others are in the way of
constexpr int duplicatesMost = 2;
/// Each costs the whole wait for a lock, and all other writes of the lane wait as long.
constexpr int locksMost = 2;
/// A session that rested longer is asked whether it is there, for what fails before the transaction
/// is not tried again. A busy lane never rests so long.
constexpr auto restMost = std::chrono::milliseconds(10);

/// Whoever tries again at once meets the same others.
void pause(int conflicts) {
    static thread_local std::minstd_rand random{std::random_device{}()};
    const auto most = 1000 << std::min(conflicts, 6);
    std::this_thread::sleep_for(
        std::chrono::microseconds(std::uniform_int_distribution(100, most)(random)));
}

} // namespace

Writer::Writer(Database& database, std::string lane, Availability& availability, Log& log,
               Histogram commit)
    : _database(database), _lane(std::move(lane)), _log(log), _commit(commit),
      _availability(availability) {
    session();
    _database.begin(*_session);
    const auto row = _session->first<std::int64_t>("SELECT batch FROM lane WHERE name = ?", _lane);
    if (row) {
        _batch = std::get<0>(*row);
    } else {
        _session->execute("INSERT INTO lane (name, batch) VALUES (?, 0)", _lane);
        _batch = 0;
    }
    _database.commit(*_session);
}

Writer::~Writer() {
    if (_away) _availability.found();
}

Session& Writer::session() {
    if (!_session) _session = _database.open(Database::Use::writer);
    _used = std::chrono::steady_clock::now();
    return *_session;
}

void Writer::refresh() {
    if (!_session || std::chrono::steady_clock::now() - _used < restMost) return;
    if (!_database.alive(*_session)) giveUp();
}

Writer::Verdict Writer::write(std::span<const Part> parts) {
    int conflicts = 0;
    int duplicates = 0;
    int locks = 0;
    bool relinked = false;
    for (;;) {
        const auto tried = attempt(parts);
        tell(parts, tried == Try::committed ? &WriteGroup::committed : &WriteGroup::rolledBack);
        switch (tried) {
        case Try::committed:
            back();
            return Verdict::committed;
        case Try::writeFailed:
            return Verdict::writeFailed;
        case Try::duplicate:
            if (++duplicates == duplicatesMost) return Verdict::writeFailed;
            break;
        case Try::conflict:
            if (++conflicts == conflictsMost) return Verdict::storeFailed;
            pause(conflicts);
            break;
        case Try::locked:
            if (++locks == locksMost) return away(), Verdict::storeFailed;
            break;
        case Try::lost:
            if (std::exchange(relinked, true)) return away(), Verdict::storeFailed;
            break;
        case Try::storeFailed:
            return away(), Verdict::storeFailed;
        case Try::storeDown:
            return away(), Verdict::storeDown;
        }
    }
}

Writer::Try Writer::tryOf(Database::Failure failure) {
    switch (failure) {
    case Database::Failure::duplicate:
        return Try::duplicate;
    case Database::Failure::conflict:
        return Try::conflict;
    case Database::Failure::locked:
        return Try::locked;
    case Database::Failure::store:
        return Try::storeFailed;
    case Database::Failure::session:
        return Try::lost;
    case Database::Failure::write:
        break;
    }
    return Try::writeFailed;
}

/// One transaction, which is over in every case.
Writer::Try Writer::attempt(std::span<const Part> parts) {
    const auto begun = begin();
    if (begun != Try::committed) return begun;
    try {
        for (const auto& part : parts) part.group->apply(*_session, part.writes);
    } catch (...) {
        return tryOf(end());
    }
    return commit();
}

Writer::Try Writer::commit() {
    try {
        const HistogramTimer timer(_commit);
        _database.commit(*_session);
    } catch (...) {
        const auto tried = tryOf(end());
        switch (learnFate()) {
        case Fate::happened:
            break;
        case Fate::undone:
            return tried;
        case Fate::unknown:
            return Try::storeDown;
        }
    }
    ++*_batch;
    return Try::committed;
}

/// Whether the transaction is open and the row moved. What fails here is no write's fault, and the
/// next one would fail as well, after another timeout.
Writer::Try Writer::begin() {
    const bool rested = _session != nullptr;
    try {
        _database.begin(session());
        moveRow();
        return Try::committed;
    } catch (...) {
        const auto tried = tryOf(end());
        if (tried == Try::conflict || tried == Try::locked) return tried;
        // A link that was lost while nobody used it is worth a new one.
        return tried == Try::lost && rested ? tried : Try::storeDown;
    }
}

void Writer::moveRow() {
    if (!_batch) _batch = _database.settledBatch(*_session, _lane).value_or(0);
    const auto moved = _session->execute("UPDATE lane SET batch = ? WHERE name = ? AND batch = ?",
                                         *_batch + 1, _lane, *_batch);
    if (moved == 1) return;
    if (_session->first<std::int64_t>("SELECT batch FROM lane WHERE name = ?", _lane)) {
        throw std::runtime_error("another salond writes to this database under the same name; stop "
                                 "one of the two and restart this one");
    }
    // Swept away as the row of one that is no more.
    _session->execute("INSERT INTO lane (name, batch) VALUES (?, ?)", _lane, *_batch + 1);
}

Writer::Fate Writer::learnFate() {
    for (int attempt = 0; attempt < 2; ++attempt) {
        try {
            const auto row = _database.settledBatch(session(), _lane);
            // Without a row nothing is known.
            if (!row) break;
            return *row == *_batch + 1 ? Fate::happened : Fate::undone;
        } catch (...) {
            end();
            giveUp();
        }
    }
    _batch.reset();
    return Fate::unknown;
}

void Writer::giveUp() {
    if (!_session) return;
    _database.bury(*_session);
    _session.reset();
}

void Writer::undo() {
    if (!_session) return;
    // Rows gathered for a bulk and not yet executed are in the statements.
    _session->dropStatements();
    try {
        // SQLite has rolled back by itself after some failures.
        if (_database.inTransaction(*_session)) _database.rollback(*_session);
    } catch (...) {
        giveUp();
    }
}

/// Called while an exception is handled: ends what it left open, and the session when it must.
Database::Failure Writer::end() {
    auto failure = Database::Failure::write;
    try {
        throw;
    } catch (const std::exception& known) {
        failure = _database.classify(known);
    } catch (...) {
        // No database throws such a thing.
    }
    _reason = describeCurrent();
    if (failure == Database::Failure::session) giveUp();
    undo();
    return failure;
}

bool Writer::failed() {
    const auto failure = end();
    if (failure == Database::Failure::write) return false;
    away();
    return true;
}

void Writer::away() {
    if (!_away) {
        _log.error("the database cannot be written", {{"lane", _lane}, {"reason", _reason}});
        _availability.lost();
    }
    _away = true;
}

void Writer::back() {
    if (!std::exchange(_away, false)) return;
    _availability.found();
    _log.information("the database can be written again", {{"lane", _lane}});
}

void Writer::tell(std::span<const Part> parts, void (WriteGroup::*what)()) {
    for (const auto& part : parts) {
        try {
            (part.group->*what)();
        } catch (...) {
            _log.error("a write group failed after its transaction",
                       {{"lane", _lane}, {"reason", describeCurrent()}});
        }
    }
}

} // namespace salon::store
