#include "host/WorkerQueue.h"

#include "host/Reason.h"

#include <pthread.h>

#include <stdexcept>
#include <utility>

namespace salon {

WorkerQueue::WorkerQueue(std::string name, unsigned threads, std::size_t capacity, Log& log)
    : _name(std::move(name)), _capacity(capacity), _log(log) {
    if (threads == 0 || capacity == 0) {
        throw std::logic_error("the queue " + _name + " needs a thread and room for a task");
    }
    try {
        auto locked = _threads.lock();
        for (unsigned i = 0; i < threads; ++i) locked->emplace_back([this] { work(); });
    } catch (...) {
        stop();
        throw;
    }
}

WorkerQueue::~WorkerQueue() {
    stop();
}

bool WorkerQueue::post(std::function<void()> task) {
    {
        auto state = _state.lock();
        if (state->stopping || state->tasks.size() >= _capacity) return false;
        state->tasks.push_back(std::move(task));
    }
    _posted.notify_one();
    return true;
}

void WorkerQueue::stop() {
    _state.lock()->stopping = true;
    _posted.notify_all();
    auto threads = _threads.lock();
    for (auto& thread : *threads) thread.join();
    threads->clear();
}

void WorkerQueue::work() {
    pthread_setname_np(pthread_self(), _name.substr(0, 15).c_str());
    for (;;) {
        std::function<void()> task;
        {
            auto state = _state.lock();
            _posted.wait(state.lock(), [&] { return state->stopping || !state->tasks.empty(); });
            if (state->tasks.empty()) return;
            task = std::move(state->tasks.front());
            state->tasks.pop_front();
        }
        run(task);
    }
}

void WorkerQueue::run(const std::function<void()>& task) {
    try {
        task();
    } catch (...) {
        _log.error("a task failed", {{"queue", _name}, {"reason", currentReason()}});
    }
}

} // namespace salon
