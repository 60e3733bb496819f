#include "api/Page.h"

#include "api/Markup.h"

#include "salon/Json.h"

#include <stdexcept>
#include <vector>

// Calls by tag, then objects, then frames. Each has its name as its anchor, so that a link leads to
// it: an operation its id, an object its name, a frame its side and name.

namespace salon::api {

namespace {

struct Call {
    std::string method;
    std::string path;
    JsonValue operation;
};

std::string textOf(JsonValue object, std::string_view member) {
    return std::string(object[member].string().value_or(""));
}

std::string section(const std::string& id, const std::string& title, const std::string& about) {
    return "<section aria-labelledby=\"" + id + "\">\n<h2 id=\"" + id + "\">" + title + "</h2>\n" +
           (about.empty() ? "" : "<p>" + about + "</p>\n");
}

class PageWriter {
public:
    PageWriter(JsonValue document, JsonValue frames) : _document(document), _frames(frames) {
        document["paths"].eachMember([this](std::string_view path, JsonValue item) {
            item.eachMember([&](std::string_view method, JsonValue operation) {
                _calls.push_back({std::string(method), std::string(path), operation});
            });
        });
    }

    std::string whole() {
        head();
        navigation();
        _out += "<main>\n";
        _document["tags"].eachElement([this](JsonValue tag) { calls(tag); });
        objects();
        frames("client", "Frames from a client");
        frames("server", "Frames from the server");
        _out += "</main>\n</body>\n</html>\n";
        return std::move(_out);
    }

private:
    void head() {
        const auto info = _document["info"];
        _out += "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                "<title>Salon's API</title>\n<style>";
        _out += pageStyle;
        _out += "</style>\n</head>\n<body>\n<header>\n<h1>Salon's API <small>";
        _out += escaped(textOf(info, "version")) + "</small></h1>\n";
        _out += "<p>" + prose(textOf(info, "description")) + "</p>\n";
        _out += "<p>For programs: <a href=\"openapi.json\">openapi.json</a> (OpenAPI 3.1), "
                "<a href=\"frames.schema.json\">frames.schema.json</a> (JSON Schema).</p>\n";
    }

    void navigation() {
        _out += "<nav aria-label=\"Calls and frames\">\n<ul>\n";
        for (const auto& call : _calls) {
            _out += "<li><a href=\"#" + escaped(textOf(call.operation, "operationId")) + "\">" +
                    title(call) + "</a>\n";
        }
        for (const auto* side : {"client", "server"}) {
            _out += "<li><a href=\"#" + std::string(side) + "\">Frames from " +
                    (side == std::string("client") ? "a client" : "the server") + "</a>\n";
        }
        _out += "</ul>\n</nav>\n</header>\n";
    }

    static std::string title(const Call& call) {
        auto method = call.method;
        for (auto& c : method) c = static_cast<char>(c - 'a' + 'A');
        return "<span class=\"method " + escaped(call.method) + "\">" + escaped(method) +
               "</span> <code>" + escaped(call.path) + "</code>";
    }

    void calls(JsonValue tag) {
        const auto name = textOf(tag, "name");
        _out += section("tag-" + escaped(name), escaped(name), prose(textOf(tag, "description")));
        for (const auto& call : _calls) {
            bool mine = false;
            call.operation["tags"].eachElement(
                [&](JsonValue one) { mine = mine || one.string() == std::string_view(name); });
            if (mine) this->call(call);
        }
        _out += "</section>\n";
    }

    void call(const Call& call) {
        const auto& operation = call.operation;
        _out += "<article id=\"" + escaped(textOf(operation, "operationId")) + "\">\n<h3>" +
                title(call) + "</h3>\n<p><strong>" + prose(textOf(operation, "summary")) +
                ".</strong> " + prose(textOf(operation, "description")) + "</p>\n";
        _out += "<p><small>" + access(operation["security"]) + "</small></p>\n";
        parameters(operation);
        const auto body = operation["requestBody"]["content"]["application/json"];
        if (body) {
            _out += "<h4>Body</h4>\n" + fieldTable(_document, body["schema"]);
            _out += codeBlock(body["example"]);
        }
        responses(operation);
        _out += "</article>\n";
    }

    static std::string access(JsonValue security) {
        std::string text;
        security.eachElement([&](JsonValue way) {
            std::string name = "nothing";
            way.eachMember([&](std::string_view scheme, JsonValue) {
                name = scheme == "bearer" ? "an access token" : "the refresh cookie";
            });
            text += (text.empty() ? "With " : ", or with ") + name;
        });
        return text.empty() ? "For anybody." : text + ".";
    }

    void parameters(const JsonValue& operation) {
        std::string rows;
        operation["parameters"].eachElement([&](JsonValue one) {
            const auto parameter = followed(_document, one);
            rows += "<tr><td><code>" + escaped(textOf(parameter, "name")) + "</code> <small>" +
                    escaped(textOf(parameter, "in")) + "</small><td>" +
                    typeOf(parameter["schema"]) + "<td>" + prose(textOf(parameter, "description")) +
                    "\n";
        });
        if (rows.empty()) return;
        _out += "<h4>Parameters</h4>\n<table><thead><tr><th>name<th>value<th>meaning</thead>\n"
                "<tbody>" +
                rows + "</tbody></table>\n";
    }

    void responses(const JsonValue& operation) {
        _out += "<h4>Answers</h4>\n<table><thead><tr><th>status<th>body<th>meaning</thead>\n"
                "<tbody>";
        std::string examples;
        operation["responses"].eachMember([&](std::string_view status, JsonValue one) {
            const auto response = followed(_document, one);
            std::string type;
            response["content"].eachMember([&](std::string_view, JsonValue media) {
                type = typeOf(media["schema"]);
                if (status.starts_with('2')) examples += example(status, media);
            });
            std::string codes;
            response["x-codes"].eachElement([&](JsonValue code) {
                codes += " <code>" + escaped(code.string().value_or("")) + "</code>";
            });
            _out += "<tr><td><strong>" + escaped(status == "default" ? "others" : status) +
                    "</strong>" + codes + "<td>" + type + "<td>" +
                    prose(textOf(response, "description")) + "\n";
        });
        _out += "</tbody></table>\n" + examples;
    }

    std::string example(std::string_view status, const JsonValue& media) const {
        auto value = media["example"];
        media["examples"].eachMember([&](std::string_view, JsonValue one) {
            if (!value) value = followed(_document, one)["value"];
        });
        if (!value || value.kind() == JsonValue::Kind::string) return {};
        return "<details><summary>Example of " + escaped(status) + "</summary>\n" +
               codeBlock(value) + "</details>\n";
    }

    /// A frame's schema may refer to objects that no call has.
    void objects() {
        _out += section("objects", "Objects", "");
        _document["components"]["schemas"].eachMember(
            [this](std::string_view name, JsonValue schema) { object(name, schema, _document); });
        _frames["$defs"].eachMember([this](std::string_view name, JsonValue schema) {
            const bool frame = name.find('.') != name.npos || name.ends_with("Frame");
            if (!frame && !_document["components"]["schemas"][name]) object(name, schema, _frames);
        });
        _out += "</section>\n";
    }

    void object(std::string_view name, const JsonValue& schema, const JsonValue& document) {
        const auto fields = fieldTable(document, schema);
        _out += "<article id=\"" + escaped(name) + "\">\n<h3>" + escaped(name) + "</h3>\n<p>" +
                (fields.empty() ? typeOf(schema) + ". " : "") +
                prose(textOf(schema, "description")) + "</p>\n" + fields + "</article>\n";
    }

    void frames(const std::string& side, const std::string& heading) {
        _out += section(side, heading, "");
        _frames["$defs"].eachMember([&](std::string_view name, JsonValue schema) {
            if (!name.starts_with(side + '.')) return;
            const auto type = textOf(schema["properties"]["type"], "const");
            _out += "<article id=\"" + escaped(name) + "\">\n<h3><code>" + escaped(type) +
                    "</code></h3>\n<p>" + prose(textOf(schema, "description")) + "</p>\n" +
                    fieldTable(_frames, schema);
            schema["examples"].eachElement([this](JsonValue one) { _out += codeBlock(one); });
            _out += "</article>\n";
        });
        _out += "</section>\n";
    }

    std::string _out;
    const JsonValue _document;
    const JsonValue _frames;
    std::vector<Call> _calls;
};

} // namespace

std::string page(std::string_view openApi, std::string_view framesSchema) {
    JsonReader calls;
    JsonReader frames;
    const auto document = calls.parse(openApi);
    const auto schema = frames.parse(framesSchema);
    if (!document || !schema) throw std::runtime_error("the description of the API is no JSON");
    return PageWriter(*document, *schema).whole();
}

} // namespace salon::api
