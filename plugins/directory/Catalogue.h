#pragma once

#include "salon/Bus.h"
#include "salon/Guarded.h"
#include "salon/Log.h"
#include "salon/Store.h"
#include "salon/Tasks.h"
#include "salon/auth/Users.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <span>
#include <vector>

// Keeps the directory's tables as the accounts are.
//
// Every write reads the account anew, inside the transaction, and all of them go over one lane: so
// the last one always says what is so, whatever order they were asked for in. They are asked for
// after an account was made or changed (an event), and, once after every start, for whatever
// differs: what was missed by a crash between an account's change and its event, accounts that came
// from elsewhere, or another rule of folding.

namespace salon::directory {

class Catalogue {
public:
    Catalogue(Store& store, Timers& timers, Log& log, ServiceRef<auth::Users> users,
              std::shared_ptr<TaskQueue> queue);

    /// Any thread. What cannot be written now is written later.
    void refresh(std::int64_t user);
    /// Runs `fn` once everything is written that a refresh was asked for by now: at once when that
    /// is so, else on the plugin's queue. So whoever has made an account finds it. `fn` is told
    /// `unavailable` instead when too much waits already.
    void settled(std::function<void(const Result<void>&)> fn);
    /// Begins the comparison of all accounts with the tables, in the background.
    void begin();

private:
    struct Chunk {
        std::int64_t last = 0; ///< id of the last account that was compared
        std::vector<std::int64_t> stale;
        bool end = false;
    };
    void post(std::int64_t after);
    void compare(std::int64_t after);
    Chunk read(Session& session, auth::Users& users, std::int64_t after);
    void mend(const std::shared_ptr<Chunk>& chunk, std::size_t done);
    void again(std::int64_t after);
    Result<void> write(Session& session, std::span<const std::int64_t> users);
    void retryLate();

    Store& _store;
    Timers& _timers;
    Log& _log;
    ServiceRef<auth::Users> _users;
    std::shared_ptr<TaskQueue> _queue;
    std::atomic<int> _refreshing = 0;
    Guarded<std::set<std::int64_t>> _late; ///< what could not be written
    std::size_t _mended = 0;               ///< by the comparison, which is one task after the other
};

} // namespace salon::directory
