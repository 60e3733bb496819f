#include "metrics/MetricCells.h"

#include "salon/Guarded.h"

#include <sys/mman.h>

#include <bitset>
#include <new>
#include <stdexcept>

namespace salon {

namespace {

constexpr std::size_t blockBytes =
    detail::metricRows * detail::metricRowCells * sizeof(std::uint64_t);

constexpr std::size_t noRow = detail::metricRows;

/// Which rows belong to a thread that lives.
Guarded<std::bitset<detail::metricRows>>& takenRows() {
    static Guarded<std::bitset<detail::metricRows>> rows;
    return rows;
}

// Plain, so that reading it runs no initialization.
thread_local std::size_t threadRow = noRow;

/// Gives the thread's row back: what was counted in it stays, the next thread counts on.
struct RowLease {
    ~RowLease() {
        if (threadRow != 0 && threadRow != noRow) (*takenRows().lock())[threadRow] = false;
        threadRow = 0; // for what still counts while the thread ends
    }
    bool held = false;
};
thread_local RowLease lease;

std::size_t takeRow() {
    lease.held = true;
    auto rows = takenRows().lock();
    for (std::size_t row = 1; row < detail::metricRows; ++row) {
        if ((*rows)[row]) continue;
        (*rows)[row] = true;
        return threadRow = row;
    }
    return threadRow = 0;
}

} // namespace

std::size_t detail::metricRow() {
    return threadRow == noRow ? takeRow() : threadRow;
}

void MetricCells::Unmap::operator()(std::uint64_t* block) const {
    ::munmap(block, blockBytes);
}

MetricCells::Block MetricCells::map() {
    void* const memory =
        ::mmap(nullptr, blockBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    return Block(static_cast<std::uint64_t*>(memory));
}

std::uint64_t* MetricCells::take(std::size_t count) {
    if (count > detail::metricRowCells) {
        throw std::logic_error("a metric needs more than " +
                               std::to_string(detail::metricRowCells) + " cells");
    }
    if (_used + count > detail::metricRowCells) {
        _blocks.push_back(map());
        _used = 0;
    }
    auto* const cells = _blocks.back().get() + _used;
    _used += count;
    return cells;
}

std::uint64_t MetricCells::read(const std::uint64_t* cell) {
    std::uint64_t sum = 0;
    for (std::size_t row = 0; row < detail::metricRows; ++row) {
        auto& each = const_cast<std::uint64_t&>(cell[row * detail::metricRowCells]);
        sum += std::atomic_ref<std::uint64_t>(each).load(std::memory_order_relaxed);
    }
    return sum;
}

} // namespace salon
