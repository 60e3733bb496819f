#pragma once

#include "Json.h"

#include <Poco/Net/NameValueCollection.h>

#include <string>

namespace salon::wire {

/// An HTTP response.
struct Reply {
    int status = 0;
    Poco::Net::NameValueCollection headers;
    std::string body;

    /// Fails the test, showing the body, when the status is another one.
    const Reply& is(int expected) const;
    /// As is(), and the problem document (RFC 9457) bears this code.
    const Reply& isProblem(int expected, const std::string& code) const;
    std::string header(const std::string& name) const { return headers.get(name, ""); }
    Json json() const { return Json::parse(body); }
};

} // namespace salon::wire
