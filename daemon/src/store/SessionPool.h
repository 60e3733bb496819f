#pragma once

#include "salon/Guarded.h"
#include "store/Database.h"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

namespace salon::store {

/// Sessions for reading, opened when first needed and kept. One whose use ended in a database's
/// exception, or inside a transaction, is closed instead of kept; when the database was lost, so
/// are all others that rest, and one that rested for long is asked before it is used. Any thread.
class SessionPool {
public:
    /// `onDoubt` is called, on any thread, when something failed as it would if the database were
    /// gone.
    SessionPool(
        Database& database, std::size_t most, std::function<void()> onDoubt = [] {});

    /// Runs `fn` on the calling thread with a session that nobody else has meanwhile. Waits when
    /// all are taken. @throws what fn throws; Poco::Data::DataException when no session can be had
    void use(const std::function<void(Session&)>& fn);

private:
    using Clock = std::chrono::steady_clock;
    struct Resting {
        std::unique_ptr<Session> session;
        Clock::time_point since;
    };
    struct Sessions {
        std::vector<Resting> idle;
        std::size_t taken = 0;
    };

    std::unique_ptr<Session> take();
    void giveBack(std::unique_ptr<Session> session);
    void dropIdle();

    Database& _database;
    const std::size_t _most;
    const std::function<void()> _onDoubt;
    Guarded<Sessions> _sessions;
    std::condition_variable _returned;
};

} // namespace salon::store
