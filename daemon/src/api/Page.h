#pragma once

#include <string>
#include <string_view>

namespace salon::api {

/// What stands inside the page's style element, whole.
extern const std::string_view pageStyle;

/// The two documents as one HTML page that needs nothing else: no script, no other file.
std::string page(std::string_view openApi, std::string_view framesSchema);

} // namespace salon::api
