#include "api/JsonCopy.h"

#include <algorithm>
#include <stdexcept>

namespace salon::api {

namespace {

constexpr std::size_t columns = 80;

bool isPlain(std::string_view name) {
    return std::none_of(name.begin(), name.end(),
                        [](unsigned char c) { return c < 0x20 || c == '"' || c == '\\'; });
}

void copy(JsonWriter& json, JsonValue value) {
    switch (value.kind()) {
    case JsonValue::Kind::object:
        json.beginObject();
        value.eachMember([&](std::string_view name, JsonValue member) {
            if (!isPlain(name)) throw std::runtime_error("a name in it has to be escaped");
            copy(json.key(name), member);
        });
        json.endObject();
        return;
    case JsonValue::Kind::array:
        json.beginArray();
        value.eachElement([&](JsonValue element) { copy(json, element); });
        json.endArray();
        return;
    case JsonValue::Kind::string:
        json.value(*value.string());
        return;
    case JsonValue::Kind::integer:
        json.value(*value.integer());
        return;
    case JsonValue::Kind::boolean:
        json.value(*value.boolean());
        return;
    case JsonValue::Kind::number:
        throw std::runtime_error("it has a number that is no integer");
    case JsonValue::Kind::null:
    case JsonValue::Kind::none:
        json.null();
        return;
    }
}

void indent(std::string& out, JsonValue value, std::size_t margin) {
    const auto kind = value.kind();
    const bool object = kind == JsonValue::Kind::object;
    auto whole = copied(value);
    if (whole.size() + margin <= columns || (!object && kind != JsonValue::Kind::array)) {
        out += whole;
        return;
    }
    const std::string line = "\n" + std::string(margin + 2, ' ');
    bool first = true;
    const auto begin = [&] {
        out += (first ? (object ? "{" : "[") : ",") + line;
        first = false;
    };
    value.eachMember([&](std::string_view name, JsonValue member) {
        begin();
        out.append("\"").append(name).append("\": ");
        indent(out, member, margin + 2);
    });
    value.eachElement([&](JsonValue element) {
        begin();
        indent(out, element, margin + 2);
    });
    out += "\n" + std::string(margin, ' ') + (object ? '}' : ']');
}

} // namespace

std::string copied(JsonValue value) {
    std::string out;
    JsonWriter json(out);
    copy(json, value);
    return out;
}

std::string indented(JsonValue value) {
    std::string out;
    indent(out, value, 0);
    return out;
}

} // namespace salon::api
