#include "http/HttpAnswer.h"
#include "salon/Frames.h"

namespace salon {

SharedFrame errorFrame(const Error& error, std::string_view echo) {
    std::string text;
    JsonWriter json(text);
    json.beginObject().member("type", "error");
    if (!echo.empty()) json.key("id").raw(echo);
    net::writeErrorMembers(json, error);
    json.endObject();
    return SharedFrame::text(text);
}

} // namespace salon
