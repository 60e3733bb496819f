#include "host/WorkerQueue.h"

#include "host/Reason.h"
#include "host/ThreadTurns.h"

#include <pthread.h>

#include <stdexcept>
#include <utility>

namespace salon {

QueueMetrics QueueMetrics::of(Metrics& metrics, const std::string& plugin,
                              const std::string& queue) {
    const Metric::Labels labels{{"plugin", plugin}, {"queue", queue}};
    return {
        metrics.gauge({"salon_queue_waiting", "Tasks that wait in a queue.", labels}),
        metrics.histogram({"salon_queue_wait_seconds", "How long tasks waited in a queue.", labels},
                          Buckets::latency()),
        metrics.counter(
            {"salon_queue_refused_total", "Tasks that a queue had no room for.", labels})};
}

WorkerQueue::WorkerQueue(std::string name, unsigned threads, std::size_t capacity, Log& log,
                         QueueMetrics metrics, Manner manner)
    : _name(std::move(name)), _capacity(capacity), _log(log), _metrics(metrics), _manner(manner) {
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
    using Clock = HistogramTimer::Clock;
    const auto now = _metrics.wait ? Clock::now() : Clock::time_point();
    bool full = false;
    {
        auto state = _state.lock();
        full = state->stopping || state->tasks.size() >= _capacity;
        if (!full) state->tasks.push_back({std::move(task), now});
    }
    if (full) {
        _metrics.refused.add();
        return false;
    }
    _metrics.waiting.add(1);
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
    if (_manner == Manner::yielding) ThreadTurns::yielding();
    for (;;) {
        Task task;
        {
            auto state = _state.lock();
            _posted.wait(state.lock(), [&] { return state->stopping || !state->tasks.empty(); });
            if (state->tasks.empty()) return;
            task = std::move(state->tasks.front());
            state->tasks.pop_front();
        }
        _metrics.waiting.add(-1);
        if (_metrics.wait) _metrics.wait.observe(HistogramTimer::Clock::now() - task.posted);
        run(task.run);
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
