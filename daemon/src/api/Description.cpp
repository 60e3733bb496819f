#include "api/Description.h"

#include "api/JsonCopy.h"

#include <algorithm>
#include <array>
#include <set>
#include <stdexcept>

namespace salon::api {

namespace {

constexpr std::string_view schemaReference = "#/components/schemas/";

constexpr const char* about =
    "Salon is a chat daemon. This document has its HTTP calls; the frames of its WebSocket, `/ws`, "
    "are in `/api/v1/frames.schema.json`, and salon-protocol(7) says how they go together. Ids are "
    "integers, times are RFC 3339 in UTC with milliseconds. New members may come at any time, and "
    "a "
    "client ignores those that it does not know, though no schema here says so; the server ignores "
    "what it does not know, too. A member whose value is null counts as absent, unless it is said "
    "otherwise. HEAD is answered wherever GET is. A path that is not here is 404 with `not_found`.";

constexpr const char* aboutFrames = "Every frame of `/ws`: one JSON object in a text message. `id` "
                                    "on a client's frame is echoed on "
                                    "what answers it. New members and new types of frames may come "
                                    "at any time, and a client ignores "
                                    "those that it does not know, though no schema here says so; "
                                    "the server ignores members that it "
                                    "does not know, and refuses types that it does not know.";

[[noreturn]] void refuse(const std::string& owner, const std::string& reason) {
    throw std::runtime_error("the description of " + owner + " cannot be used: " + reason);
}

/// Adds the names that `json` refers to.
void collect(const std::string& json, std::set<std::string>& names) {
    for (auto at = json.find(schemaReference); at != std::string::npos;
         at = json.find(schemaReference, at)) {
        at += schemaReference.size();
        names.insert(json.substr(at, json.find('"', at) - at));
    }
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
    return text;
}

bool needsBearer(JsonValue security) {
    return copied(security) == R"([{"bearer":[]}])";
}

} // namespace

void Description::put(Section& section, const std::string& what, const Entry& entry) const {
    for (const auto& other : section) {
        if (other.name == entry.name) {
            refuse(entry.owner,
                   what + ' ' + entry.name + " is described by " + other.owner + " already");
        }
    }
    section.push_back(entry);
}

void Description::add(const std::string& owner, std::string_view part) {
    JsonReader reader;
    const auto value = reader.parse(part);
    if (!value) refuse(owner, value.error().message);
    if (value->kind() != JsonValue::Kind::object) refuse(owner, "it is no JSON object");
    try {
        value->eachMember(
            [&](std::string_view name, JsonValue member) { addSection(owner, name, member); });
    } catch (const std::runtime_error& problem) {
        refuse(owner, problem.what());
    }
}

void Description::addSection(const std::string& owner, std::string_view name, JsonValue value) {
    if (name == "tags") {
        value.eachElement([&](JsonValue tag) {
            put(_tags, "the tag",
                {owner, std::string(tag["name"].string().value_or("")), copied(tag)});
        });
    } else if (name == "paths") {
        value.eachMember(
            [&](std::string_view path, JsonValue item) { addPath(owner, path, item); });
    } else if (name == "components") {
        value.eachMember([&](std::string_view kind, JsonValue members) {
            auto& section = componentsOf(kind);
            members.eachMember([&](std::string_view known, JsonValue member) {
                put(section, std::string(kind), {owner, std::string(known), copied(member)});
            });
        });
    } else if (name == "frames") {
        addFrames(owner, value);
    } else {
        throw std::runtime_error("a part has tags, paths, components and frames, not " +
                                 std::string(name));
    }
}

void Description::addPath(const std::string& owner, std::string_view path, JsonValue item) {
    put(_paths, "the path", {owner, std::string(path), copied(item)});
    static constexpr std::array<std::pair<std::string_view, const char*>, 5> methods{
        {{"get", "GET"},
         {"put", "PUT"},
         {"post", "POST"},
         {"patch", "PATCH"},
         {"delete", "DELETE"}}};
    item.eachMember([&](std::string_view name, JsonValue operation) {
        for (const auto& [known, method] : methods) {
            if (known != name) continue;
            const bool bearer = needsBearer(operation["security"]);
            _operations.push_back({owner, method, std::string(path), bearer});
        }
    });
}

void Description::addFrames(const std::string& owner, JsonValue frames) {
    frames["client"].eachMember([&](std::string_view name, JsonValue schema) {
        put(_client, "the frame", {owner, std::string(name), copied(schema)});
        const auto type = schema["properties"]["type"]["const"].string().value_or(name);
        _clientFrames.push_back({owner, std::string(type)});
    });
    frames["server"].eachMember([&](std::string_view name, JsonValue schema) {
        put(_server, "the frame", {owner, std::string(name), copied(schema)});
    });
}

Description::Section& Description::componentsOf(std::string_view kind) {
    if (kind == "schemas") return _schemas;
    for (auto& [known, section] : _components) {
        if (known == kind) return section;
    }
    return _components.emplace_back(kind, Section()).second;
}

Description::Section Description::schemasFor(const std::string& json) const {
    std::set<std::string> wanted;
    collect(json, wanted);
    for (std::size_t before = 0; before != wanted.size();) {
        before = wanted.size();
        for (const auto& schema : _schemas) {
            if (wanted.contains(schema.name)) collect(schema.json, wanted);
        }
    }
    Section schemas;
    for (const auto& schema : _schemas) {
        if (wanted.erase(schema.name) != 0) schemas.push_back(schema);
    }
    if (!wanted.empty()) {
        throw std::runtime_error("the description of the API refers to the schema " +
                                 *wanted.begin() + ", which no plugin that is loaded has");
    }
    return schemas;
}

std::string Description::openApi(std::string_view version) const {
    std::string text;
    JsonWriter json(text);
    json.beginObject().member("openapi", "3.1.0").key("info").beginObject();
    json.member("title", "Salon").member("version", version).member("description", about);
    json.key("license").beginObject().member("name", "MIT").member("identifier", "MIT").endObject();
    json.endObject().key("servers").beginArray().beginObject().member("url", "/").endObject();
    json.endArray().key("tags").beginArray();
    for (const auto& tag : _tags) json.raw(tag.json);
    json.endArray();
    const auto write = [&](const std::string& name, const Section& section) {
        json.key(name).beginObject();
        for (const auto& entry : section) json.key(entry.name).raw(entry.json);
        json.endObject();
    };
    write("paths", _paths);
    json.key("components").beginObject();
    for (const auto& [kind, section] : _components) write(kind, section);
    write("schemas", schemasFor(text));
    json.endObject().endObject();
    return text;
}

std::string Description::framesSchema() const {
    const auto write = [](JsonWriter& json, const Section& section, const std::string& prefix) {
        for (const auto& entry : section) json.key(prefix + entry.name).raw(entry.json);
    };
    const auto list = [](JsonWriter& json, const Section& section, const std::string& prefix) {
        json.beginObject().key("anyOf").beginArray();
        for (const auto& entry : section) {
            json.beginObject().member("$ref", "#/$defs/" + prefix + entry.name).endObject();
        }
        json.endArray().endObject();
    };
    std::string text;
    JsonWriter json(text);
    json.beginObject().member("$schema", "https://json-schema.org/draft/2020-12/schema");
    json.member("title", "Salon's frames").member("description", aboutFrames);
    json.key("anyOf").beginArray();
    json.beginObject().member("$ref", "#/$defs/ClientFrame").endObject();
    json.beginObject().member("$ref", "#/$defs/ServerFrame").endObject();
    json.endArray().key("$defs").beginObject();
    list(json.key("ClientFrame"), _client, "client.");
    list(json.key("ServerFrame"), _server, "server.");
    write(json, _client, "client.");
    write(json, _server, "server.");
    write(json, schemasFor(text), "");
    json.endObject().endObject();
    return replaced(std::move(text), schemaReference, "#/$defs/");
}

} // namespace salon::api
