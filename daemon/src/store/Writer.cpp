#include "store/Writer.h"

#include <stdexcept>

namespace salon::store {

Writer::Writer(Database& database, std::string lane, Log& log, Histogram commit)
    : _database(database), _lane(std::move(lane)), _log(log), _commit(commit) {
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

Session& Writer::session() {
    if (!_session) _session = _database.open(Database::Use::writer);
    return *_session;
}

Writer::Verdict Writer::write(std::span<const Part> parts) {
    if (!begin()) {
        tell(parts, &WriteGroup::rolledBack);
        return Verdict::storeDown;
    }
    try {
        for (const auto& part : parts) part.group->apply(*_session, part.writes);
    } catch (...) {
        const bool store = failed();
        tell(parts, &WriteGroup::rolledBack);
        return store ? Verdict::storeFailed : Verdict::writeFailed;
    }
    auto verdict = Verdict::committed;
    try {
        const HistogramTimer timer(_commit);
        _database.commit(*_session);
    } catch (...) {
        const bool store = failed();
        switch (learnFate()) {
        case Fate::happened:
            break;
        case Fate::undone:
            verdict = store ? Verdict::storeFailed : Verdict::writeFailed;
            break;
        case Fate::unknown:
            verdict = Verdict::storeDown;
            break;
        }
    }
    if (verdict == Verdict::committed) {
        ++*_batch;
        back();
    }
    tell(parts, verdict == Verdict::committed ? &WriteGroup::committed : &WriteGroup::rolledBack);
    return verdict;
}

/// Whether the transaction is open and the row moved. What fails here is no write's fault, and the
/// next one would fail as well, after another timeout.
bool Writer::begin() {
    try {
        _database.begin(session());
        moveRow();
        return true;
    } catch (...) {
        if (!failed()) away();
        return false;
    }
}

void Writer::moveRow() {
    if (!_batch) _batch = readRow();
    const auto moved = _session->execute("UPDATE lane SET batch = ? WHERE name = ? AND batch = ?",
                                         *_batch + 1, _lane, *_batch);
    if (moved != 1) {
        throw std::runtime_error("another salond writes to this database; stop one of the two and "
                                 "restart this one");
    }
}

std::int64_t Writer::readRow() {
    const auto row = session().first<std::int64_t>("SELECT batch FROM lane WHERE name = ?", _lane);
    if (!row) throw std::runtime_error("the row of " + _lane + " is gone from the table lane");
    return std::get<0>(*row);
}

Writer::Fate Writer::learnFate() {
    for (int attempt = 0; attempt < 2; ++attempt) {
        try {
            return readRow() == *_batch + 1 ? Fate::happened : Fate::undone;
        } catch (...) {
            failed();
            _session.reset();
        }
    }
    _batch.reset();
    return Fate::unknown;
}

void Writer::undo() {
    if (!_session) return;
    // Rows gathered for a bulk and not yet executed are in the statements.
    _session->dropStatements();
    try {
        // SQLite has rolled back by itself after some failures.
        if (_database.inTransaction(*_session)) _database.rollback(*_session);
    } catch (...) {
        _session.reset();
    }
}

bool Writer::failed() {
    auto failure = Database::Failure::write;
    try {
        throw;
    } catch (const std::exception& known) {
        failure = _database.classify(known);
    } catch (...) {
        // No database throws such a thing.
    }
    _reason = describeCurrent();
    undo();
    if (failure == Database::Failure::session) _session.reset();
    if (failure != Database::Failure::write) away();
    return failure != Database::Failure::write;
}

void Writer::away() {
    if (!_away) {
        _log.error("the database cannot be written", {{"lane", _lane}, {"reason", _reason}});
    }
    _away = true;
}

void Writer::back() {
    if (_away) _log.information("the database can be written again", {{"lane", _lane}});
    _away = false;
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
