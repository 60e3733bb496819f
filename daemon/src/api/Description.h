#pragma once

#include "salon/Json.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

// The daemon and each plugin describe their own HTTP calls and frames, in parts: JSON files in a
// folder `api`, built into the library. A part is an object with any of
//
//     tags         [{name, description}]            as in OpenAPI 3.1
//     paths        {path: {method: operation}}      as in OpenAPI 3.1
//     components   {kind: {name: …}}                as in OpenAPI 3.1
//     frames       {client: {name: schema}, server: {name: schema}}
//
// A frame's name is its `type`, or another one where a type has several shapes. Every part may
// refer to the components of every other (`#/components/schemas/User`); no two may have one of the
// same name. Put together they are two documents, the calls and the frames.

namespace salon::api {

class Description {
public:
    struct Operation {
        std::string owner;
        std::string method; ///< "GET"
        std::string path;   ///< with `{name}` segments
        bool bearer;        ///< whether an access token is the only way in
    };
    struct Frame {
        std::string owner;
        std::string type;
    };

    /// @throws std::runtime_error with a sentence that names the owner
    void add(const std::string& owner, std::string_view part);

    /// An OpenAPI 3.1 document. @throws std::runtime_error when a schema is referred to that nobody
    /// has brought
    std::string openApi(std::string_view version) const;
    /// A JSON Schema (draft 2020-12); `$defs` has each frame as `client.NAME` or `server.NAME`.
    std::string framesSchema() const;

    const std::vector<Operation>& operations() const { return _operations; }
    const std::vector<Frame>& clientFrames() const { return _clientFrames; }

private:
    struct Entry {
        std::string owner;
        std::string name;
        std::string json;
    };
    using Section = std::vector<Entry>;

    void put(Section& section, const std::string& what, const Entry& entry) const;
    void addSection(const std::string& owner, std::string_view name, JsonValue value);
    void addPath(const std::string& owner, std::string_view path, JsonValue item);
    void addFrames(const std::string& owner, JsonValue frames);
    Section& componentsOf(std::string_view kind);
    /// The schemas that `json` refers to, and those that they refer to, each once, in the order in
    /// which they were brought.
    Section schemasFor(const std::string& json) const;

    Section _tags;
    Section _paths;
    std::vector<std::pair<std::string, Section>> _components; // but schemas
    Section _schemas;
    Section _client;
    Section _server;
    std::vector<Operation> _operations;
    std::vector<Frame> _clientFrames;
};

} // namespace salon::api
