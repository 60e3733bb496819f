#pragma once

#include "People.h"

#include "salon/Json.h"
#include "salon/Result.h"
#include "salon/SharedFrame.h"
#include "salon/Time.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace salon::presence {

/// What is shown of one user.
struct Entry {
    std::int64_t user = 0;
    std::string_view status;
    Milliseconds lastSeen = 0; ///< 0: null
};

/// A change whose last_seen is known.
Entry entryOf(const People::Change& change);

/// `echo`: the `id` of the frame that is answered, as JSON, or empty.
SharedFrame presenceFrame(std::span<const Entry> entries, std::string_view echo);
SharedFrame ackFrame(std::string_view status, std::string_view echo);

} // namespace salon::presence
