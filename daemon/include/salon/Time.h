#pragma once

#include "salon/Visibility.h"

#include <cstdint>
#include <string>

namespace salon {

/// Milliseconds since 1970-01-01T00:00:00Z: how the store and the wire count time.
using Milliseconds = std::int64_t;

/// The wall clock.
SALON_API Milliseconds now();

/// `2026-11-20T21:00:00.123Z` (RFC 3339 in UTC with milliseconds), always 24 characters for the
/// years 0 to 9999. Appends to `out`.
SALON_API void appendTime(std::string& out, Milliseconds time);
SALON_API std::string formatTime(Milliseconds time);

} // namespace salon
