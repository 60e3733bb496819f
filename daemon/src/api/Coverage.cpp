#include "api/Coverage.h"

#include <algorithm>

namespace salon::api {

namespace {

using Served = std::vector<net::Router::Served>;

/// Health is answered without a route, on the reactor.
bool hasRoute(const std::string& path) {
    return !path.starts_with("/health/");
}

void compareCalls(const Description& description, const Served& served,
                  std::vector<std::string>& found) {
    const auto& operations = description.operations();
    for (const auto& operation : operations) {
        const auto name = operation.method + ' ' + operation.path;
        const auto route = std::find_if(served.begin(), served.end(), [&](const auto& one) {
            return one.method == operation.method && one.pattern == operation.path;
        });
        if (route == served.end()) {
            if (hasRoute(operation.path)) {
                found.push_back(operation.owner + " describes " + name + ", which nobody serves");
            }
        } else if (operation.bearer != (route->access == Access::bearer)) {
            found.push_back(operation.owner + " describes another security of " + name +
                            " than its route has");
        }
    }
    for (const auto& route : served) {
        const bool described =
            std::any_of(operations.begin(), operations.end(), [&](const auto& operation) {
                return operation.method == route.method && operation.path == route.pattern;
            });
        if (!described && route.pattern.starts_with("/api/v1/")) {
            found.push_back(route.plugin + " serves " + route.method + ' ' + route.pattern +
                            " and does not describe it");
        }
    }
}

void compareFrames(const Description& description, const std::vector<std::string>& types,
                   std::vector<std::string>& found) {
    const auto& frames = description.clientFrames();
    for (const auto& frame : frames) {
        if (std::find(types.begin(), types.end(), frame.type) == types.end()) {
            found.push_back(frame.owner + " describes the frame " + frame.type +
                            ", which nobody handles");
        }
    }
    for (const auto& type : types) {
        if (std::none_of(frames.begin(), frames.end(),
                         [&](const auto& frame) { return frame.type == type; })) {
            found.push_back("the frame " + type + " is handled and not described");
        }
    }
}

} // namespace

std::vector<std::string> differences(const Description& description, const Served& served,
                                     const std::vector<std::string>& types) {
    std::vector<std::string> found;
    compareCalls(description, served, found);
    compareFrames(description, types, found);
    return found;
}

} // namespace salon::api
