#pragma once

#include "salon/Metrics.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>
#include <utility>

namespace salon {

/// One registration on the bus: a function that can be called from several threads and withdrawn
/// while it is.
///
/// A caller first counts itself in, then looks whether the handler lives; withdraw() first marks it
/// dead, then waits until nobody is counted in. In the single order of these operations one of the
/// two sees the other, so that after withdraw() nothing runs and the function can be destroyed.
template <class Function> class Handler {
public:
    Handler(std::string plugin, int priority, Function fn, Histogram latency)
        : plugin(std::move(plugin)), priority(priority), latency(latency), _fn(std::move(fn)) {}

    const std::string plugin;
    const int priority;
    const Histogram latency;

    /// Calls `use(fn)` unless the handler was withdrawn.
    template <class Use> void with(Use&& use) {
        _callers.fetch_add(1, std::memory_order_seq_cst);
        struct Leave {
            std::atomic<std::uint32_t>& callers;
            ~Leave() { callers.fetch_sub(1, std::memory_order_release); }
        } leave{_callers};
        if (!_live.load(std::memory_order_seq_cst)) return;
        const HistogramTimer timer(latency);
        use(_fn);
    }

    /// Never from inside the handler itself: it waits for the calls under way.
    void withdraw() {
        _live.store(false, std::memory_order_seq_cst);
        while (_callers.load(std::memory_order_seq_cst) != 0) std::this_thread::yield();
        _fn = nullptr;
    }

private:
    std::atomic<std::uint32_t> _callers{0};
    std::atomic<bool> _live{true};
    Function _fn;
};

} // namespace salon
