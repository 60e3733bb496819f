#pragma once

#include "salon/Visibility.h"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

// Metrics: numbers that the operator's monitoring collects from /metrics (salon-metrics(7) names
// them all). A plugin registers its own while it starts:
//
//     _refused = host.metrics().counter({"salon_words_refused_total", "Messages refused."});
//     ...
//     _refused.add(); // any thread, a nanosecond
//
// One series is one name with one set of labels, all of which are given here: no label is ever made
// of what a client sends. When the plugin stops its series leave the scrape. Handles are small
// values to be copied; one that was made by itself counts nothing, which is what tests of a class
// give it.

namespace salon {

namespace detail {

// A series' cells lie side by side in a row of its thread's own, the rows of all threads behind
// each other: counting touches no line that another thread writes, and takes no locked instruction.
// A scrape adds the rows up.

constexpr std::size_t metricRows = 32;
constexpr std::size_t metricRowCells = 512;

/// The row of the calling thread; row 0 is shared by those for whom none was left.
SALON_API std::size_t metricRow();

inline void countInRow(std::uint64_t* cells, std::size_t row, std::uint64_t amount) {
    const std::atomic_ref<std::uint64_t> cell(cells[row * metricRowCells]);
    if (row == 0) {
        cell.fetch_add(amount, std::memory_order_relaxed);
    } else {
        cell.store(cell.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
    }
}

} // namespace detail

/// Only rises. Any thread.
class Counter {
public:
    Counter() = default;
    explicit Counter(std::uint64_t* cells) : _cells(cells) {}
    void add(std::uint64_t amount = 1) const {
        if (_cells) detail::countInRow(_cells, detail::metricRow(), amount);
    }

private:
    std::uint64_t* _cells = nullptr;
};

/// How many things there are. Any thread; what one thread added another may take away. A scrape
/// that reads between the two may see fewer than none, and shows 0.
class Gauge {
public:
    Gauge() = default;
    explicit Gauge(std::uint64_t* cells) : _cells(cells) {}
    void add(std::int64_t amount) const {
        if (_cells) {
            detail::countInRow(_cells, detail::metricRow(), static_cast<std::uint64_t>(amount));
        }
    }

private:
    std::uint64_t* _cells = nullptr;
};

/// The upper bounds of a histogram's buckets, ascending, each within its bucket; one more bucket
/// has the rest.
struct Buckets {
    std::vector<std::uint64_t> bounds;
    /// How many of them are one in the scrape: 1e9 where nanoseconds are shown as seconds.
    double divisor = 1;

    /// From 50 microseconds to 10 seconds: answers, waits, commits.
    SALON_API static Buckets latency();
    /// From a microsecond to a second: calls that should take no time.
    SALON_API static Buckets calls();
};

/// How often a value was how large. Any thread.
class Histogram {
public:
    Histogram() = default;
    /// `bounds` outlive the handle.
    Histogram(const std::vector<std::uint64_t>& bounds, std::uint64_t* cells)
        : _bounds(&bounds), _cells(cells) {}
    explicit operator bool() const { return _cells != nullptr; }

    void observe(std::uint64_t value) const {
        if (!_cells) return;
        std::size_t bucket = 0;
        while (bucket < _bounds->size() && value > (*_bounds)[bucket]) ++bucket;
        const auto row = detail::metricRow();
        detail::countInRow(_cells + 1 + bucket, row, 1);
        detail::countInRow(_cells, row, value); // the first cell is the sum
    }
    /// For bounds in nanoseconds.
    void observe(std::chrono::nanoseconds duration) const {
        observe(static_cast<std::uint64_t>(duration.count() < 0 ? 0 : duration.count()));
    }

private:
    const std::vector<std::uint64_t>* _bounds = nullptr;
    std::uint64_t* _cells = nullptr;
};

/// Observes how long it lived; reads no clock for a histogram that counts nothing.
class HistogramTimer {
public:
    using Clock = std::chrono::steady_clock;
    explicit HistogramTimer(const Histogram& histogram)
        : _histogram(histogram), _begin(histogram ? Clock::now() : Clock::time_point()) {}
    ~HistogramTimer() {
        if (_histogram) _histogram.observe(Clock::now() - _begin);
    }
    HistogramTimer(const HistogramTimer&) = delete;
    HistogramTimer& operator=(const HistogramTimer&) = delete;

private:
    const Histogram _histogram;
    const Clock::time_point _begin;
};

/// What a series is called.
struct Metric {
    using Labels = std::vector<std::pair<std::string, std::string>>;

    std::string name;     ///< "salon_logins_total": what is counted, and in which unit
    std::string sentence; ///< what it says, one sentence
    Labels labels = {};   ///< the same names, in the same order, for every series of a name
    /// Not shown while it is 0: for sets of labels of which most never occur.
    bool hideZero = false;
};

/// Where an owner registers its series. Any thread, but rarely: it takes a lock.
/// Everything here throws std::logic_error for a name or a label that the text format does not
/// take, a counter whose name does not end in `_total`, a name that is used with another type,
/// sentence, bounds or other label names, and a series that there is already (naming both owners).
class SALON_API Metrics {
public:
    virtual ~Metrics() = default;
    virtual Counter counter(Metric metric) = 0;
    virtual Gauge gauge(Metric metric) = 0;
    virtual Histogram histogram(Metric metric, Buckets buckets) = 0;
    /// `read` is called at every scrape, on the scrape's thread: it must not wait, nor register
    /// anything. It is not called any more once the owner has stopped.
    virtual void counter(Metric metric, std::function<double()> read) = 0;
    virtual void gauge(Metric metric, std::function<double()> read) = 0;
};

} // namespace salon
