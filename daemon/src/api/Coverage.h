#pragma once

#include "api/Description.h"
#include "http/Router.h"

#include <string>
#include <vector>

namespace salon::api {

/// A sentence for each difference between what is described and what is served: a path under
/// /api/v1 or a type of frame on one side only, a call that says otherwise than its route who may
/// make it. `served` is what the router has, `types` are the types that have handlers.
std::vector<std::string> differences(const Description& description,
                                     const std::vector<net::Router::Served>& served,
                                     const std::vector<std::string>& types);

} // namespace salon::api
