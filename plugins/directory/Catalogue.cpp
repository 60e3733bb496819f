#include "Catalogue.h"

#include "DirectoryStore.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <limits>
#include <optional>
#include <utility>

namespace salon::directory {

namespace {

using namespace std::chrono_literals;

// All writes share a lane, so that they cannot overtake each other.
constexpr std::int64_t lane = 0;
constexpr std::int64_t accountsPerLook = 1000;
// A transaction of these takes about as long as one of a busy lane.
constexpr std::size_t accountsPerWrite = 64;
constexpr auto pause = 1s; // before what failed is tried again

std::optional<Listing> wantedFor(const auth::User& user) {
    if (user.disabled) return std::nullopt;
    return listingOf(user.username, user.displayName);
}

} // namespace

Catalogue::Catalogue(Store& store, Timers& timers, Log& log, ServiceRef<auth::Users> users,
                     std::shared_ptr<TaskQueue> queue)
    : _store(store), _timers(timers), _log(log), _users(std::move(users)),
      _queue(std::move(queue)) {}

void Catalogue::refresh(std::int64_t user) {
    ++_refreshing;
    _store.write(
        lane,
        [this, user](Session& session) {
            return write(session, {&user, 1});
        },
        [this, user](const Result<void>& written) {
            --_refreshing;
            if (written) return;
            auto late = _late.lock();
            if (late->empty()) _timers.once(pause, [this] { retryLate(); });
            late->insert(user);
        });
}

void Catalogue::settled(std::function<void(const Result<void>&)> fn) {
    if (_refreshing == 0) return fn({});
    _store.write(
        lane, [](Session&) { return Result<void>(); },
        [this, fn = std::move(fn)](const Result<void>&) {
            // Also when the database fails: what can be read is answered. Not here: a lane never
            // reads for others.
            if (_queue->post([fn] { fn({}); })) return;
            fn(Error{Code::unavailable, "too many searches wait; try again later", {}, 1});
        });
}

void Catalogue::retryLate() {
    for (const auto user : std::exchange(*_late.lock(), {})) refresh(user);
}

Result<void> Catalogue::write(Session& session, std::span<const std::int64_t> users) {
    const auto accounts = _users.hold();
    if (!accounts) return Error{Code::unavailable, "the accounts are not available now"};
    DirectoryStore directory(session);
    for (const auto id : users) {
        // Not through the cache: this is about what is stored.
        const auto found = accounts->list(session, id - 1, 1);
        const auto listing =
            found.empty() || found.front().id != id ? std::nullopt : wantedFor(found.front());
        directory.put(id, listing ? &*listing : nullptr);
    }
    return {};
}

void Catalogue::begin() {
    post(0);
}

void Catalogue::post(std::int64_t after) {
    // Searches that wait may fill the queue.
    if (!_queue->post([this, after] { compare(after); })) again(after);
}

void Catalogue::again(std::int64_t after) {
    _timers.once(pause, [this, after] { post(after); });
}

void Catalogue::compare(std::int64_t after) {
    const auto users = _users.hold();
    if (!users) return;
    auto chunk = std::make_shared<Chunk>();
    try {
        _store.read([&](Session& session) { *chunk = read(session, *users, after); });
    } catch (const std::exception& problem) {
        _log.warning("the directory cannot be compared with the accounts now",
                     {{"reason", problem.what()}});
        return again(after);
    }
    mend(chunk, 0);
}

Catalogue::Chunk Catalogue::read(Session& session, auth::Users& users, std::int64_t after) {
    Chunk chunk;
    const auto accounts = users.list(session, after, accountsPerLook);
    chunk.end = accounts.size() < static_cast<std::size_t>(accountsPerLook);
    chunk.last = chunk.end ? std::numeric_limits<std::int64_t>::max() : accounts.back().id;
    auto listed = DirectoryStore(session).listed(after, chunk.last);
    for (const auto& account : accounts) {
        const auto found = listed.find(account.id);
        const auto kept = found == listed.end() ? std::nullopt : std::optional(found->second);
        if (kept != wantedFor(account)) chunk.stale.push_back(account.id);
        if (found != listed.end()) listed.erase(found);
    }
    // Of accounts that are gone.
    for (const auto& [id, listing] : listed) chunk.stale.push_back(id);
    return chunk;
}

void Catalogue::mend(const std::shared_ptr<Chunk>& chunk, std::size_t done) {
    if (done == chunk->stale.size()) {
        _mended += done;
        if (!chunk->end) return post(chunk->last);
        if (_mended > 0) {
            _log.information("the directory was completed", {{"users", std::to_string(_mended)}});
        }
        return;
    }
    const auto count = std::min(accountsPerWrite, chunk->stale.size() - done);
    _store.write(
        lane,
        [this, chunk, done, count](Session& session) {
            return write(session, std::span(chunk->stale).subspan(done, count));
        },
        [this, chunk, done, count](const Result<void>& written) {
            if (written) return mend(chunk, done + count);
            _timers.once(pause, [this, chunk, done] { mend(chunk, done); });
        });
}

} // namespace salon::directory
