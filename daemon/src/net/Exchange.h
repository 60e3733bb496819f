#pragma once

#include "http/HttpAnswer.h"
#include "http/HttpReader.h"
#include "net/Admission.h"
#include "net/RouteMetrics.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>

namespace salon::net {

struct Context;

/// One request and its answer, as the access log and the answer's headers need it.
class Exchange {
public:
    /// `reader` as far as it came: a request whose head could not be read has no method and no
    /// path.
    /// `route` is where it is counted, and outlives it.
    Exchange(const Context& context, const HttpReader* reader, const PeerAddress& peer,
             const RouteMetrics& route);

    /// The answer's bytes; counts it and writes the line of the access log. Once.
    EncodedAnswer answer(const HttpResponse& response, bool thenClose) const;

    const std::string& id() const { return _form.requestId; }
    const std::string& address() const { return _address; }
    bool secure() const { return _secure; }
    /// Known once a worker has checked the token. Any thread.
    void setUser(std::int64_t user) { _user.store(user, std::memory_order_relaxed); }

private:
    const Context& _context;
    const RouteMetrics& _route;
    AnswerForm _form;
    std::string _method;
    std::string _path;
    std::string _address;
    bool _secure = false;
    std::atomic<std::int64_t> _user = 0;
    std::chrono::steady_clock::time_point _begin = std::chrono::steady_clock::now();
};

} // namespace salon::net
