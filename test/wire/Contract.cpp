#include "Contract.h"

#include "Daemon.h"
#include "Schema.h"

#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/NumberParser.h>
#include <Poco/StreamCopier.h>
#include <Poco/String.h>
#include <Poco/URI.h>
#include <cppunit/TestAssert.h>

#include <algorithm>
#include <filesystem>

namespace salon::wire {

namespace {

// Not by Http, whose answers are checked here.
std::string fetch(const Daemon& daemon, const std::string& path) {
    Poco::Net::HTTPClientSession session("127.0.0.1", daemon.port());
    Poco::Net::HTTPRequest request("GET", path, Poco::Net::HTTPMessage::HTTP_1_1);
    session.sendRequest(request);
    Poco::Net::HTTPResponse response;
    std::string body;
    Poco::StreamCopier::copyToString(session.receiveResponse(response), body);
    if (response.getStatus() != 200) CPPUNIT_FAIL(path + " is not there: " + body);
    return body;
}

std::vector<std::string> segmentsOf(const std::string& path) {
    std::vector<std::string> segments;
    for (std::size_t at = 0; at < path.size();) {
        const auto slash = path.find('/', at + 1);
        segments.push_back(path.substr(at + 1, slash - at - 1));
        at = slash == std::string::npos ? path.size() : slash;
    }
    return segments;
}

bool matches(const std::vector<std::string>& pattern, const std::vector<std::string>& path) {
    return std::equal(pattern.begin(), pattern.end(), path.begin(), path.end(),
                      [](const std::string& one, const std::string& other) {
                          return one == other || (one.starts_with('{') && !other.empty());
                      });
}

std::size_t literals(const std::vector<std::string>& pattern) {
    return static_cast<std::size_t>(std::count_if(
        pattern.begin(), pattern.end(), [](const auto& s) { return !s.starts_with('{'); }));
}

bool isJson(const std::string& contentType) {
    return contentType == "application/json" || contentType.ends_with("+json");
}

bool hasStatus(const Json& response, int status) {
    const auto list = response.list("x-statuses");
    return std::any_of(list.begin(), list.end(),
                       [&](const Json& one) { return one.value().convert<int>() == status; });
}

} // namespace

Contract& Contract::get() {
    static Contract contract;
    return contract;
}

std::string Contract::plugins() {
    std::string names;
    for (const auto& entry : std::filesystem::directory_iterator(SALON_BUILD "/plugins")) {
        if (entry.path().extension() != ".so") continue;
        names += (names.empty() ? "" : ",") + entry.path().stem().string();
    }
    return names;
}

Contract::Contract() {
    Daemon daemon;
    daemon.start({{"plugins.load", plugins()}});
    _documentText = fetch(daemon, "/api/v1/openapi.json");
    _framesText = fetch(daemon, "/api/v1/frames.schema.json");
    daemon.stop();
    _published = Json::parse(_documentText);
    _publishedFrames = Json::parse(_framesText);
    _strict = Json::parse(_documentText);
    _strictFrames = Json::parse(_framesText);
    makeStrict(_strict.value());
    makeStrict(_strictFrames.value());
    for (const auto* one : {&_published, &_publishedFrames, &_strict, &_strictFrames}) {
        leaveOutFormats(one->value());
    }
    _strict.object("paths").each([this](const std::string& path, const Json& item) {
        item.each([&](const std::string& method, const Json& operation) {
            Operation known{operation.text("operationId"),
                            Poco::toUpper(method),
                            path,
                            segmentsOf(path),
                            operation,
                            {}};
            operation.object("responses").each([&](const std::string& status, const Json&) {
                if (status != "default") known.statuses.insert(status);
            });
            _operations.push_back(std::move(known));
        });
    });
    // A literal segment wins over a name, as in the daemon.
    std::stable_sort(_operations.begin(), _operations.end(),
                     [](const auto& one, const auto& other) {
                         return literals(one.path) > literals(other.path);
                     });
}

Contract::~Contract() = default;

std::set<std::pair<std::string, std::string>> Contract::given() {
    const std::lock_guard hold(_lock);
    return _given;
}

Json Contract::followed(const Json& document, const Json& value) {
    if (!value.has("$ref")) return value;
    auto found = document;
    for (const auto& name : segmentsOf(value.text("$ref").substr(1))) found = found.object(name);
    return found;
}

const Schema& Contract::schema(const std::string& name, const Json& schema, const Json& document) {
    const std::lock_guard hold(_lock);
    const auto known = _schemas.find(name);
    if (known != _schemas.end()) return known->second;
    return _schemas.emplace(name, Schema(schema.value(), document.value())).first->second;
}

const Contract::Operation* Contract::find(const std::string& method,
                                          const std::vector<std::string>& path) const {
    for (const auto& operation : _operations) {
        if (operation.method == method && matches(operation.path, path)) return &operation;
    }
    return nullptr;
}

bool Contract::knows(const std::vector<std::string>& path) const {
    return std::any_of(_operations.begin(), _operations.end(),
                       [&](const Operation& one) { return matches(one.path, path); });
}

void Contract::check(const std::string& method, const std::string& target, const std::string& body,
                     const Reply& reply) {
    const auto call = method + ' ' + target + " (" + std::to_string(reply.status) + ")";
    std::string path;
    Poco::URI::decode(target.substr(0, target.find('?')), path);
    // HEAD is GET without a body, and GET is checked.
    if (method == "HEAD" || method == "OPTIONS") return;
    const auto* operation = find(method, segmentsOf(path));
    if (!operation) return checkUnknown(call, path, reply);
    const auto responses = operation->description.object("responses");
    auto status = std::to_string(reply.status);
    if (responses.has(status)) {
        const std::lock_guard hold(_lock);
        _given.emplace(operation->id, status);
    } else {
        // A daemon that has not loaded the plugin.
        if (reply.status == 404 && reply.body.find("nothing at this path") != std::string::npos) {
            return;
        }
        status = "default";
        if (!hasStatus(followed(_strict, responses.object(status)), reply.status)) {
            CPPUNIT_FAIL(call + ": this status is not described; the body is " + reply.body);
        }
    }
    checkResponse(call, operation->id + ' ' + status, followed(_strict, responses.object(status)),
                  reply);
    if (reply.status < 300 && !body.empty()) checkRequest(call, *operation, body);
}

void Contract::checkUnknown(const std::string& call, const std::string& path,
                            const Reply& reply) const {
    if (!path.starts_with("/api/v1/") && !path.starts_with("/health/")) return;
    const int expected = knows(segmentsOf(path)) ? 405 : 404;
    // What cannot be read is refused before anybody looks at its path.
    if (reply.status >= 400 && reply.status != 404 && reply.status != 405) return;
    if (reply.status != expected) {
        CPPUNIT_FAIL(call + ": this call is not described; the body is " + reply.body);
    }
}

void Contract::checkResponse(const std::string& call, const std::string& name, const Json& response,
                             const Reply& reply) {
    checkHeaders(call, response, reply);
    if (!response.has("content")) {
        CPPUNIT_ASSERT_MESSAGE(call + ": no body is described, and there is " + reply.body,
                               reply.body.empty() && reply.header("Content-Type").empty());
        return;
    }
    const auto type = reply.header("Content-Type");
    const auto content = response.object("content");
    if (!content.has(type)) CPPUNIT_FAIL(call + ": the content type is not described: " + type);
    if (!isJson(type)) return;
    const auto media = content.object(type);
    const auto body = Json::parse(reply.body);
    const auto faults = schema(name, media.object("schema"), _strict).faults(body.value());
    if (!faults.empty()) CPPUNIT_FAIL(call + " answers " + reply.body + "\nbut\n" + faults);
    if (type == "application/problem+json") checkCode(call, response, reply);
}

void Contract::checkHeaders(const std::string& call, const Json& response, const Reply& reply) {
    if (!response.has("headers")) return;
    response.object("headers").each([&](const std::string& name, const Json& reference) {
        const auto header = followed(_strict, reference);
        if (!reply.headers.has(name)) {
            CPPUNIT_ASSERT_MESSAGE(call + ": the header " + name + " is missing",
                                   !header.has("required") || !header.flag("required"));
            return;
        }
        Poco::Dynamic::Var value = reply.header(name);
        const auto rule = header.object("schema");
        if (rule.is("type", "integer")) value = Poco::NumberParser::parse64(reply.header(name));
        const auto faults = schema("header " + reference.dump(), rule, _strict).faults(value);
        if (!faults.empty()) {
            CPPUNIT_FAIL(call + ": " + name + ": " + reply.header(name) + "\nbut\n" + faults);
        }
    });
}

void Contract::checkCode(const std::string& call, const Json& response, const Reply& reply) const {
    const auto problem = Json::parse(reply.body);
    CPPUNIT_ASSERT_EQUAL_MESSAGE(call, std::int64_t{reply.status}, problem.number("status"));
    const auto code = problem.text("code");
    const auto codes = response.list("x-codes");
    if (std::none_of(codes.begin(), codes.end(),
                     [&](const Json& one) { return one.string() == code; })) {
        CPPUNIT_FAIL(call + ": the code " + code + " is not described");
    }
    CPPUNIT_ASSERT_EQUAL_MESSAGE(call + ": Retry-After", problem.has("retry_after"),
                                 reply.headers.has("Retry-After"));
}

void Contract::checkRequest(const std::string& call, const Operation& operation,
                            const std::string& body) {
    if (!operation.description.has("requestBody")) return;
    // Not the strict one: members that the daemon does not know are ignored.
    const auto item = _published.object("paths").object(operation.pattern);
    const auto content =
        item.object(Poco::toLower(operation.method)).object("requestBody").object("content");
    const auto rule = content.object("application/json").object("schema");
    const auto faults =
        schema(operation.id + " request", rule, _published).faults(Json::parse(body).value());
    if (!faults.empty()) CPPUNIT_FAIL(call + " accepts " + body + "\nbut\n" + faults);
}

void Contract::checkProblem(const Reply& reply) {
    if (reply.header("Content-Type") != "application/problem+json" || reply.body.empty()) return;
    const auto rule = _strict.object("components").object("schemas").object("Problem");
    const auto faults = schema("Problem", rule, _strict).faults(Json::parse(reply.body).value());
    if (!faults.empty()) CPPUNIT_FAIL("the answer " + reply.body + "\nbut\n" + faults);
}

void Contract::checkServerFrame(const std::string& payload) {
    checkFrame("server", payload, _strictFrames);
}

void Contract::checkClientFrame(const std::string& payload) {
    checkFrame("client", payload, _publishedFrames);
}

void Contract::checkFrame(const std::string& side, const std::string& payload,
                          const Json& document) {
    const auto frame = Json::parse(payload);
    std::string faults = "no such type is described\n";
    bool fits = false;
    bool known = false;
    document.object("$defs").each([&](const std::string& name, const Json& shape) {
        if (fits || !name.starts_with(side + '.')) return;
        const auto type = shape.object("properties").object("type").text("const");
        if (!frame.is("type", type)) return;
        const auto found = schema(name, shape, document).faults(frame.value());
        fits = found.empty();
        faults = (known ? faults : std::string()) + "as " + name + ":\n" + found;
        known = true;
    });
    if (!fits) CPPUNIT_FAIL("the " + side + " frame " + payload + "\nbut\n" + faults);
}

} // namespace salon::wire
