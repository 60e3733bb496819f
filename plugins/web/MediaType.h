#pragma once

#include <string_view>

namespace salon::web {

/// The Content-Type of a file by the end of its name, `application/octet-stream` when it says
/// nothing. Text is UTF-8.
std::string_view mediaType(std::string_view name);

} // namespace salon::web
