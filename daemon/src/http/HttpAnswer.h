#pragma once

#include "http/ByteBudget.h"
#include "salon/Http.h"
#include "salon/SharedFrame.h"

#include <memory>
#include <string>
#include <vector>

namespace salon::net {

/// How an answer goes out on its connection.
struct AnswerForm {
    bool head = false; ///< to a HEAD request: no body, but its length
    bool http10 = false;
    bool thenClose = false;     ///< says `Connection: close`
    std::string requestId = {}; ///< of X-Request-Id
    std::string allowedOrigin =
        {}; ///< a listed origin that asked: CORS, never a wildcard, no cookies
};

/// A problem document with a status that no code has, such as 408: header and body name the same
/// one (RFC 9457, 3.1.2).
HttpResponse problemWithStatus(int status, const Error& error);

/// An answer's bytes: those that only it has, and behind them those that others have too.
struct EncodedAnswer {
    SharedFrame own;
    std::vector<SharedFrame> shared;
    /// What it holds of the budget of answers until it was taken; null when it is small.
    std::shared_ptr<ByteBudget::Share> share = {};
};

/// A header value with a control character is left out: it can only be an
/// attempt to split the answer.
EncodedAnswer encodeAnswer(const HttpResponse& response, const AnswerForm& form);

/// `"code":…,"message":…` and what else an error frame bears, behind an open object.
void writeErrorMembers(JsonWriter& json, const Error& error);

} // namespace salon::net
