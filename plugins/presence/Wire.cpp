#include "Wire.h"

namespace salon::presence {

namespace {

void begin(JsonWriter& json, const char* type, std::string_view echo) {
    json.beginObject().member("type", type);
    if (!echo.empty()) json.key("id").raw(echo);
}

} // namespace

Entry entryOf(const People::Change& change) {
    return {change.user, word(change.shown), change.lastSeen.value_or(0)};
}

SharedFrame presenceFrame(std::span<const Entry> entries, std::string_view echo) {
    std::string text;
    JsonWriter json(text);
    begin(json, "presence", echo);
    json.key("users").beginArray();
    for (const auto& entry : entries) {
        json.beginObject()
            .member("id", entry.user)
            .member("status", entry.status)
            .timeMember("last_seen", entry.lastSeen)
            .endObject();
    }
    json.endArray().endObject();
    return SharedFrame::text(text);
}

SharedFrame ackFrame(std::string_view status, std::string_view echo) {
    std::string text;
    JsonWriter json(text);
    begin(json, "ack", echo);
    json.member("status", status).endObject();
    return SharedFrame::text(text);
}

} // namespace salon::presence
