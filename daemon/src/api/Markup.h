#pragma once

#include "salon/Json.h"

#include <string>
#include <string_view>

// Pieces of the page at /api/v1/.

namespace salon::api {

/// Text for HTML: what is markup is escaped.
std::string escaped(std::string_view text);

/// As escaped(); what stands between backticks becomes code.
std::string prose(std::string_view text);

/// What `reference` (`#/components/schemas/User`, no escapes) stands for; tests false when there is
/// none.
JsonValue resolve(JsonValue document, std::string_view reference);

/// `object` itself, or what its `$ref` stands for.
JsonValue followed(JsonValue document, JsonValue object);

/// What a value of the schema is, as HTML: "integer", "list of Message", with links to `#NAME`.
std::string typeOf(JsonValue schema);

/// A table of the properties of an object's schema; empty when it has none.
std::string fieldTable(JsonValue document, JsonValue schema);

/// A value as JSON, in a block.
std::string codeBlock(JsonValue value);

} // namespace salon::api
