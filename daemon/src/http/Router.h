#pragma once

#include "net/RouteMetrics.h"
#include "salon/Http.h"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace salon::net {

/// The HTTP routes, as a tree of path segments; filled before the sockets open, then only read.
class Router {
public:
    struct Route {
        Access access;
        HttpHandler handler;
        std::string plugin;
        std::vector<std::string> names; ///< of the pattern's `{name}` segments, in order
        RouteMetrics metrics;
        bool headOnly = false; ///< its handler needs no body
    };
    struct Match {
        const Route* route = nullptr;
        std::vector<std::pair<std::string_view, std::string_view>> segments;
        /// When the path is known but not the method: what `Allow` says.
        std::string allowed;
    };

    struct Served {
        std::string plugin;
        std::string method;
        std::string pattern;
        Access access;
    };

    /// @throws std::logic_error naming both plugins when it is taken
    void add(const std::string& plugin, const std::string& method, const std::string& pattern,
             Access access, HttpHandler handler, const RouteMetrics& metrics = {},
             bool headOnly = false);
    /// `path` must outlive the match.
    Match find(std::string_view method, std::string_view path) const;
    /// All routes, in the order in which they were added.
    const std::vector<Served>& served() const { return _served; }

private:
    using Methods = std::map<std::string, Route, std::less<>>;
    struct Node {
        std::map<std::string, std::unique_ptr<Node>, std::less<>> literal;
        std::unique_ptr<Node> named;
        Methods methods;
        Methods rest; ///< of patterns that end in `{name...}`
    };
    static const Node* descend(const Node& node, std::string_view path,
                               std::vector<std::string_view>& values);
    static const Route* methodOf(const Methods& methods, std::string_view method);
    static const Route* restOf(const Node& node, std::string_view method, std::string_view path,
                               std::vector<std::string_view>& values);
    Node _root;
    std::vector<Served> _served;
};

} // namespace salon::net
