#pragma once

#include "salon/Metrics.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace salon {

/// The memory that metrics are counted in (salon/Metrics.h says how it lies). Cells are never taken
/// back while this lives: a handle may count long after its series was withdrawn. Not locked.
class MetricCells {
public:
    /// So many cells side by side in row 0, all 0. @throws std::logic_error when a row has not so
    /// many
    std::uint64_t* take(std::size_t count);
    /// The sum of a cell's rows; wraps, so that a gauge's sum is right as a signed number.
    static std::uint64_t read(const std::uint64_t* cell);

private:
    struct Unmap {
        void operator()(std::uint64_t* block) const;
    };
    /// Mapped, so that a thread's row takes memory only once that thread counts.
    using Block = std::unique_ptr<std::uint64_t, Unmap>;
    static Block map();

    std::vector<Block> _blocks;
    std::size_t _used = detail::metricRowCells; ///< of the last block
};

} // namespace salon
