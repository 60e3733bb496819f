#pragma once

#include "salon/Visibility.h"

#include <optional>
#include <string>
#include <string_view>

namespace salon {

/// A strong ETag of these bytes (RFC 9110, 8.8.3), quotes included: the same after a restart and on
/// another machine. Any thread.
SALON_API std::string entityTag(std::string_view bytes);

/// Whether an If-None-Match names `tag`, or any: by weak comparison (RFC 9110, 13.1.2).
SALON_API bool namesTag(std::optional<std::string_view> ifNoneMatch, std::string_view tag);

} // namespace salon
