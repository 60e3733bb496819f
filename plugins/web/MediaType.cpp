#include "MediaType.h"

#include <algorithm>
#include <array>
#include <utility>

namespace salon::web {

std::string_view mediaType(std::string_view name) {
    using Pair = std::pair<std::string_view, std::string_view>;
    // What a web client is made of; IANA's names.
    static constexpr std::array<Pair, 24> types = {{
        {"html", "text/html; charset=utf-8"},
        {"js", "text/javascript; charset=utf-8"},
        {"mjs", "text/javascript; charset=utf-8"},
        {"css", "text/css; charset=utf-8"},
        {"json", "application/json"},
        {"map", "application/json"},
        {"webmanifest", "application/manifest+json"},
        {"txt", "text/plain; charset=utf-8"},
        {"xml", "application/xml"},
        {"svg", "image/svg+xml"},
        {"png", "image/png"},
        {"jpg", "image/jpeg"},
        {"jpeg", "image/jpeg"},
        {"gif", "image/gif"},
        {"webp", "image/webp"},
        {"avif", "image/avif"},
        {"ico", "image/vnd.microsoft.icon"},
        {"woff2", "font/woff2"},
        {"woff", "font/woff"},
        {"mp3", "audio/mpeg"},
        {"ogg", "audio/ogg"},
        {"wav", "audio/wav"},
        {"mp4", "video/mp4"},
        {"wasm", "application/wasm"},
    }};
    const auto dot = name.rfind('.');
    if (dot == std::string_view::npos) return "application/octet-stream";
    const auto end = name.substr(dot + 1);
    const auto* found = std::find_if(types.begin(), types.end(),
                                     [end](const Pair& type) { return type.first == end; });
    return found == types.end() ? "application/octet-stream" : found->second;
}

} // namespace salon::web
