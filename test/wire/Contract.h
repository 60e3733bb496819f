#pragma once

#include "Json.h"
#include "Reply.h"

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace salon::wire {

class Schema;

/// What the daemon says of itself at /api/v1/openapi.json and /api/v1/frames.schema.json, held
/// against what it does: every dialogue's calls and frames pass through here. The documents are
/// fetched once, from a daemon with all plugins. Any thread.
class Contract {
public:
    struct Operation {
        std::string id;
        std::string method;
        std::string pattern;
        std::vector<std::string> path; ///< its segments
        Json description;
        std::set<std::string> statuses; ///< but `default`
    };

    static Contract& get();
    /// The names of all plugins that were built, as `plugins.load` takes them.
    static std::string plugins();

    /// Fails the test when this answer is not one that is described: another status, content type,
    /// header, or a body that does not fit its schema, unknown members among them. A body that was
    /// accepted must fit, too.
    void check(const std::string& method, const std::string& target, const std::string& body,
               const Reply& reply);
    /// The same for an answer to who knows what.
    void checkProblem(const Reply& reply);
    void checkServerFrame(const std::string& payload);
    /// For a frame that the daemon has accepted.
    void checkClientFrame(const std::string& payload);

    /// Every object in them has only the properties that are listed.
    const Json& document() const { return _strict; }
    const Json& frames() const { return _strictFrames; }
    const std::string& documentText() const { return _documentText; }
    const std::string& framesText() const { return _framesText; }
    const std::vector<Operation>& operations() const { return _operations; }
    /// The operations' ids and the statuses that were seen of them.
    std::set<std::pair<std::string, std::string>> given();

    /// What a reference `#/components/…` of the OpenAPI document stands for, or the value itself.
    static Json followed(const Json& document, const Json& value);

private:
    Contract();
    ~Contract();

    const Operation* find(const std::string& method, const std::vector<std::string>& path) const;
    bool knows(const std::vector<std::string>& path) const;
    void checkUnknown(const std::string& call, const std::string& path, const Reply& reply) const;
    void checkResponse(const std::string& call, const std::string& status, const Json& response,
                       const Reply& reply);
    void checkHeaders(const std::string& call, const Json& response, const Reply& reply);
    void checkCode(const std::string& call, const Json& response, const Reply& reply) const;
    void checkRequest(const std::string& call, const Operation& operation, const std::string& body);
    void checkFrame(const std::string& side, const std::string& payload, const Json& document);
    const Schema& schema(const std::string& name, const Json& schema, const Json& document);

    Json _published;
    Json _publishedFrames;
    Json _strict;
    Json _strictFrames;
    std::string _documentText;
    std::string _framesText;
    std::vector<Operation> _operations;
    std::mutex _lock; // for what follows
    std::map<std::string, Schema> _schemas;
    std::set<std::pair<std::string, std::string>> _given;
};

} // namespace salon::wire
