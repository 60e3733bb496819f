#pragma once

#include "salon/Guarded.h"
#include "salon/Log.h"
#include "salon/Metrics.h"
#include "salon/Tasks.h"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace salon {

/// What is told of one queue.
struct QueueMetrics {
    Gauge waiting;
    Histogram wait;
    Counter refused;

    static QueueMetrics of(Metrics& metrics, const std::string& plugin, const std::string& queue);
};

/// A bounded queue with threads of its own. With one thread the tasks run in the order of their
/// posting. What a task throws is logged and ends that task only.
class WorkerQueue final : public TaskQueue {
public:
    /// `name` is the threads' name (the kernel keeps its first 15 bytes). `capacity` counts the
    /// tasks that wait, not those that run.
    /// @throws std::system_error when a thread cannot be made; std::logic_error for no thread or no
    /// capacity
    WorkerQueue(std::string name, unsigned threads, std::size_t capacity, Log& log,
                QueueMetrics metrics = {}, Manner manner = {});
    ~WorkerQueue() override;
    WorkerQueue(const WorkerQueue&) = delete;
    WorkerQueue& operator=(const WorkerQueue&) = delete;

    bool post(std::function<void()> task) override;
    /// Refuses new tasks, runs what is queued, joins. Idempotent; never from a task.
    void stop();

private:
    struct Task {
        std::function<void()> run;
        HistogramTimer::Clock::time_point posted;
    };
    struct State {
        std::deque<Task> tasks;
        bool stopping = false;
    };

    void work();
    void run(const std::function<void()>& task);

    const std::string _name;
    const std::size_t _capacity;
    Log& _log;
    const QueueMetrics _metrics;
    const Manner _manner;
    Guarded<State> _state;
    std::condition_variable _posted;
    Guarded<std::vector<std::thread>> _threads;
};

} // namespace salon
