#include "store/SessionPool.h"

#include <Poco/Data/DataException.h>

#include <chrono>
#include <utility>

namespace salon::store {

namespace {
constexpr auto restMost = std::chrono::seconds(1);
} // namespace

SessionPool::SessionPool(Database& database, std::size_t most, std::function<void()> onDoubt)
    : _database(database), _most(most), _onDoubt(std::move(onDoubt)) {
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
    } catch (const Poco::Data::DataException& failure) {
        loan.session.reset();
        if (_database.classify(failure) == Database::Failure::session) {
            dropIdle();
            _onDoubt();
        }
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
    auto resting = std::move(sessions->idle.back());
    sessions->idle.pop_back();
    sessions.lock().unlock();
    if (Clock::now() - resting.since < restMost || _database.alive(*resting.session)) {
        return std::move(resting.session);
    }
    return nullptr;
}

void SessionPool::dropIdle() {
    std::vector<Resting> idle;
    idle.swap(_sessions.lock()->idle);
}

void SessionPool::giveBack(std::unique_ptr<Session> session) {
    {
        auto sessions = _sessions.lock();
        --sessions->taken;
        if (session) sessions->idle.push_back({std::move(session), Clock::now()});
    }
    _returned.notify_one();
}

} // namespace salon::store
