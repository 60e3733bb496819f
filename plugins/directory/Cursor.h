#pragma once

#include "DirectoryStore.h"

#include <optional>
#include <string>
#include <string_view>

namespace salon::directory {

/// A place as the opaque string that clients hand back: letters, digits, `-` and `_`.
std::string cursorOf(const Place& place);

/// nullopt for what is no cursor of this search: garbage, or one of another prefix (empty:
/// everybody).
std::optional<Place> readCursor(std::string_view cursor, std::string_view prefix);

} // namespace salon::directory
