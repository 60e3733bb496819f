#pragma once

#include "api/Description.h"

#include "salon/Http.h"

#include <string_view>

namespace salon::api {

/// What the daemon itself has to describe: parts that end with null.
extern const char* const* const ownParts;

/// GET /api/v1/openapi.json, /api/v1/frames.schema.json, and /api/v1/, the same for people: each
/// with an ETag, and 304 to who has it.
void publish(Routes& routes, const Description& description, std::string_view version);

} // namespace salon::api
