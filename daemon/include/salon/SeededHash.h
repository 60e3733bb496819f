#pragma once

#include <cstddef>
#include <cstdint>
#include <random>

namespace salon {

/// For maps whose keys are numbers that clients choose. std::hash leaves a number as it is, so that
/// whoever sends multiples of the number of buckets puts all of them into one; this differs from
/// process to process.
struct SeededHash {
    std::size_t operator()(std::int64_t key) const noexcept {
        // SplitMix64
        auto x = static_cast<std::uint64_t>(key) + seed;
        x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
        x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
        return static_cast<std::size_t>(x ^ (x >> 31));
    }

private:
    inline static const std::uint64_t seed =
        std::uint64_t{std::random_device()()} << 32 | std::random_device()();
};

} // namespace salon
