#pragma once

#include "salon/Metrics.h"

namespace salon {

/// What every process tells of itself, under the names that monitoring knows (process_*), and what
/// was built. Read from proc(5) at each scrape; what cannot be read is NaN.
void registerProcessMetrics(Metrics& metrics);

} // namespace salon
