#include "Fuzz.h"
#include "Latin1.h"

#include "salon/Json.h"
#include "salon/Time.h"

// The writer of JSON: whatever values it is given, what it writes is one JSON text with the same
// values; and a text that was read and written again says the same.

using salon::JsonReader;
using salon::JsonValue;
using salon::JsonWriter;
using salon::fuzz::hold;
using salon::fuzz::Input;

namespace {

constexpr int maxDepth = 20;

void writeSome(Input& input, JsonWriter& json, int depth) {
    switch (depth > 0 ? input.byte() % 8 : input.byte() % 6) {
    case 0:
        json.value(salon::test::latin1(input.bytes(input.byte())));
        return;
    case 1: {
        std::uint64_t number = 0;
        for (int i = 0; i < 8; ++i) number = number << 8 | input.byte();
        json.value(static_cast<std::int64_t>(number));
        return;
    }
    case 2:
        json.value((input.byte() & 1) != 0);
        return;
    case 3:
        json.null();
        return;
    case 4:
        json.raw("{\"a\":[1,null]}");
        return;
    case 5:
        // Any moment of the years that are written with four digits.
        json.time(static_cast<std::int64_t>(input.byte()) * 900'000'000'000 + input.byte());
        return;
    case 6:
        json.beginObject();
        for (int i = input.byte() % 4; i > 0; --i) {
            json.key("member");
            writeSome(input, json, depth - 1);
        }
        json.endObject();
        return;
    default:
        json.beginArray();
        for (int i = input.byte() % 4; i > 0; --i) writeSome(input, json, depth - 1);
        json.endArray();
        return;
    }
}

void copy(JsonValue value, JsonWriter& json) {
    switch (value.kind()) {
    case JsonValue::Kind::string:
        json.value(*value.string());
        return;
    case JsonValue::Kind::integer:
        json.value(*value.integer());
        return;
    case JsonValue::Kind::boolean:
        json.value(*value.boolean());
        return;
    case JsonValue::Kind::object:
        json.beginObject();
        value.eachMember([&](std::string_view name, JsonValue member) {
            // The writer takes names that are plain identifiers.
            json.key("member");
            json.beginArray().value(name);
            copy(member, json);
            json.endArray();
        });
        json.endObject();
        return;
    case JsonValue::Kind::array:
        json.beginArray();
        value.eachElement([&](JsonValue element) { copy(element, json); });
        json.endArray();
        return;
    case JsonValue::Kind::none:
    case JsonValue::Kind::null:
    case JsonValue::Kind::number:
        json.null();
        return;
    }
}

std::string copyOf(JsonValue value) {
    std::string text;
    JsonWriter json(text);
    copy(value, json);
    return text;
}

void checkString(std::string_view bytes) {
    const auto text = salon::test::latin1(bytes);
    std::string written;
    JsonWriter(written).beginObject().member("text", text).endObject();
    JsonReader reader;
    const auto parsed = reader.parse(written);
    hold(parsed && (*parsed)["text"].string() == std::string_view(text),
         "a string that was written is read as it was");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    checkString(bytes);

    Input input(data, size);
    std::string written;
    JsonWriter json(written);
    json.beginObject().key("root");
    writeSome(input, json, maxDepth);
    json.endObject();
    JsonReader reader;
    hold(static_cast<bool>(reader.parse(written)), "what was written is JSON");

    if (const auto parsed = reader.parse(bytes)) {
        const auto once = copyOf(*parsed);
        JsonReader other;
        // A name becomes an array around its value, so that a deep text may become too deep.
        if (const auto again = other.parse(once)) {
            hold(again->kind() == parsed->kind() || parsed->kind() == JsonValue::Kind::number,
                 "a text that was read and written again is of the same kind");
        }
    }
    return 0;
}
