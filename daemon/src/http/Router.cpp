#include "http/Router.h"

#include <stdexcept>

namespace salon::net {

namespace {

/// Takes "/first" off the front of a path; what comes before the next slash.
std::string_view takeSegment(std::string_view& path) {
    path.remove_prefix(1);
    const auto slash = path.find('/');
    const auto segment = path.substr(0, slash);
    path = slash == std::string_view::npos ? std::string_view() : path.substr(slash);
    return segment;
}

} // namespace

void Router::add(const std::string& plugin, const std::string& method, const std::string& pattern,
                 Access access, HttpHandler handler, const RouteMetrics& metrics, bool headOnly) {
    auto* node = &_root;
    std::vector<std::string> names;
    bool rest = false;
    for (std::string_view left = pattern; !left.empty();) {
        const auto segment = takeSegment(left);
        if (segment.starts_with('{') && segment.ends_with("...}")) {
            names.emplace_back(segment.substr(1, segment.size() - 5));
            rest = true;
            break;
        }
        auto& child = segment.starts_with('{') ? node->named : node->literal[std::string(segment)];
        if (segment.starts_with('{')) names.emplace_back(segment.substr(1, segment.size() - 2));
        if (!child) child = std::make_unique<Node>();
        node = child.get();
    }
    const auto [place, fresh] =
        (rest ? node->rest : node->methods)
            .try_emplace(method, Route{access, std::move(handler), plugin, std::move(names),
                                       metrics, headOnly});
    if (!fresh) {
        throw std::logic_error("the route " + method + " " + pattern + " of plugin " + plugin +
                               " is taken by plugin " + place->second.plugin);
    }
    _served.push_back({plugin, method, pattern, access});
}

const Router::Node* Router::descend(const Node& node, std::string_view path,
                                    std::vector<std::string_view>& values) {
    if (path.empty()) return node.methods.empty() ? nullptr : &node;
    const auto segment = takeSegment(path);
    const auto found = node.literal.find(segment);
    if (found != node.literal.end()) {
        if (const auto* end = descend(*found->second, path, values)) return end;
    }
    if (!node.named || segment.empty()) return nullptr;
    values.push_back(segment);
    if (const auto* end = descend(*node.named, path, values)) return end;
    values.pop_back();
    return nullptr;
}

const Router::Route* Router::methodOf(const Methods& methods, std::string_view method) {
    auto found = methods.find(method);
    if (found == methods.end() && method == "HEAD") found = methods.find("GET");
    return found == methods.end() ? nullptr : &found->second;
}

/// The deepest `{name...}` on the way that takes the method; without one nothing is there.
const Router::Route* Router::restOf(const Node& node, std::string_view method,
                                    std::string_view path, std::vector<std::string_view>& values) {
    if (path.empty()) return nullptr;
    auto left = path;
    const auto segment = takeSegment(left);
    const auto found = node.literal.find(segment);
    if (found != node.literal.end()) {
        if (const auto* route = restOf(*found->second, method, left, values)) return route;
    }
    if (node.named && !segment.empty()) {
        values.push_back(segment);
        if (const auto* route = restOf(*node.named, method, left, values)) return route;
        values.pop_back();
    }
    const auto* route = methodOf(node.rest, method);
    if (route) values.push_back(path.substr(1));
    return route;
}

Router::Match Router::find(std::string_view method, std::string_view path) const {
    Match match;
    std::vector<std::string_view> values;
    if (!path.starts_with('/')) return match;
    if (const auto* node = descend(_root, path, values)) {
        match.route = methodOf(node->methods, method);
        if (!match.route) {
            for (const auto& [known, route] : node->methods) {
                if (!match.allowed.empty()) match.allowed += ", ";
                match.allowed += known;
                if (known == "GET") match.allowed += ", HEAD";
            }
            return match;
        }
    } else {
        match.route = restOf(_root, method, path, values);
        if (!match.route) return match;
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
        match.segments.emplace_back(match.route->names[i], values[i]);
    }
    return match;
}

} // namespace salon::net
