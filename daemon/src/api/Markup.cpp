#include "api/Markup.h"

#include "api/JsonCopy.h"

#include <set>
#include <vector>

namespace salon::api {

namespace {

std::string_view lastWord(std::string_view reference) {
    return reference.substr(reference.rfind('/') + 1);
}

std::string link(std::string_view name) {
    return "<a href=\"#" + escaped(name) + "\">" + escaped(name) + "</a>";
}

std::string joined(const std::vector<std::string>& texts, const std::string& between) {
    std::string all;
    for (const auto& text : texts) all += (all.empty() ? "" : between) + text;
    return all;
}

std::string numberOf(JsonValue value) {
    return value.integer() ? std::to_string(*value.integer()) : std::string();
}

/// The bounds of a number: "1 to 200", "from 0".
std::string range(JsonValue schema) {
    const auto least = numberOf(schema["minimum"]);
    const auto most = numberOf(schema["maximum"]);
    if (least.empty() && most.empty()) return {};
    if (most.empty()) return " from " + least;
    if (least.empty()) return " up to " + most;
    return ' ' + least + " to " + most;
}

std::vector<std::string> listOf(JsonValue values) {
    std::vector<std::string> texts;
    values.eachElement(
        [&](JsonValue value) { texts.push_back("<code>" + escaped(copied(value)) + "</code>"); });
    return texts;
}

std::string nameOf(std::string_view type, JsonValue schema) {
    if (type == "array") {
        const auto items = schema["items"];
        return items ? "list of " + typeOf(items) : "list";
    }
    if (type == "integer" || type == "number") return std::string(type) + range(schema);
    return std::string(type);
}

std::string row(JsonValue document, const std::string& name, bool required, JsonValue schema) {
    std::string text = "<tr><td><code>" + escaped(name) + "</code>";
    if (!required) text += " <small>optional</small>";
    text += "<td>" + typeOf(schema) + "<td>";
    const auto known = followed(document, schema);
    const auto about = schema["description"] ? schema["description"] : known["description"];
    text += prose(about.string().value_or(""));
    if (const auto standard = known["default"]) {
        text += " <small>default " + escaped(copied(standard)) + "</small>";
    }
    return text + "\n";
}

} // namespace

std::string escaped(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        switch (c) {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '"':
            out += "&quot;";
            break;
        default:
            out += c;
        }
    }
    return out;
}

std::string prose(std::string_view text) {
    std::string out;
    bool code = false;
    while (!text.empty()) {
        const auto tick = text.find('`');
        out += escaped(text.substr(0, tick));
        if (tick == text.npos) break;
        out += code ? "</code>" : "<code>";
        code = !code;
        text.remove_prefix(tick + 1);
    }
    if (code) out += "</code>";
    return out;
}

JsonValue resolve(JsonValue document, std::string_view reference) {
    if (!reference.starts_with("#/")) return {};
    reference.remove_prefix(2);
    auto value = document;
    while (value && !reference.empty()) {
        const auto slash = reference.find('/');
        value = value[reference.substr(0, slash)];
        reference.remove_prefix(slash == reference.npos ? reference.size() : slash + 1);
    }
    return value;
}

JsonValue followed(JsonValue document, JsonValue object) {
    const auto reference = object["$ref"].string();
    return reference ? resolve(document, *reference) : object;
}

std::string typeOf(JsonValue schema) {
    if (const auto reference = schema["$ref"].string()) return link(lastWord(*reference));
    if (const auto constant = schema["const"]) {
        return "<code>" + escaped(copied(constant)) + "</code>";
    }
    if (const auto values = schema["enum"]) return joined(listOf(values), " ");
    std::vector<std::string> types;
    for (const auto* word : {"anyOf", "oneOf"}) {
        schema[word].eachElement([&](JsonValue one) { types.push_back(typeOf(one)); });
    }
    schema["type"].eachElement(
        [&](JsonValue type) { types.push_back(nameOf(type.string().value_or(""), schema)); });
    if (const auto type = schema["type"].string()) types.push_back(nameOf(*type, schema));
    return joined(types, " or ");
}

std::string fieldTable(JsonValue document, JsonValue schema) {
    schema = followed(document, schema);
    std::set<std::string, std::less<>> required;
    schema["required"].eachElement(
        [&](JsonValue name) { required.emplace(name.string().value_or("")); });
    std::string rows;
    schema["properties"].eachMember([&](std::string_view name, JsonValue property) {
        rows += row(document, std::string(name), required.contains(name), property);
    });
    if (rows.empty()) return {};
    return "<table><thead><tr><th>member<th>value<th>meaning</thead>\n<tbody>" + rows +
           "</tbody></table>\n";
}

std::string codeBlock(JsonValue value) {
    return "<pre><code>" + escaped(indented(value)) + "</code></pre>\n";
}

} // namespace salon::api
