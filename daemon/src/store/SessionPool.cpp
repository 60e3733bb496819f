#include "store/SessionPool.h"

#include <Poco/Data/DataException.h>

#include <chrono>

namespace salon::store {

SessionPool::SessionPool(Database& database, std::size_t most) : _database(database), _most(most) {
    _sessions.lock()->idle.reserve(most);
}

void SessionPool::use(const std::function<void(Session&)>& fn) {
    struct Loan {
        SessionPool& pool;
        std::unique_ptr<Session> session;
        ~Loan() { pool.giveBack(std::move(session)); }
    } loan{*this, take()};
    try {
        if (!loan.session) loan.session = _database.open(Database::Use::reader);
        fn(*loan.session);
        if (_database.inTransaction(*loan.session)) loan.session.reset();
    } catch (const Poco::Data::DataException&) {
        loan.session.reset();
        throw;
    } catch (...) {
        if (loan.session && _database.inTransaction(*loan.session)) loan.session.reset();
        throw;
    }
}

std::unique_ptr<Session> SessionPool::take() {
    auto sessions = _sessions.lock();
    if (!_returned.wait_for(sessions.lock(), std::chrono::seconds(10),
                            [&] { return sessions->taken < _most; })) {
        throw Poco::Data::SessionPoolExhaustedException("every session for reading is taken");
    }
    ++sessions->taken;
    if (sessions->idle.empty()) return nullptr;
    auto session = std::move(sessions->idle.back());
    sessions->idle.pop_back();
    return session;
}

void SessionPool::giveBack(std::unique_ptr<Session> session) {
    {
        auto sessions = _sessions.lock();
        --sessions->taken;
        if (session) sessions->idle.push_back(std::move(session));
    }
    _returned.notify_one();
}

} // namespace salon::store
