#include "Http.h"

#include "Contract.h"
#include "Deadline.h"
#include "RawConnection.h"

#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/StreamCopier.h>
#include <cppunit/TestAssert.h>

namespace salon::wire {

Reply Http::call(const std::string& method, const std::string& path, const std::string& body,
                 const Headers& headers) const {
    Poco::Net::HTTPRequest request(method, path, Poco::Net::HTTPMessage::HTTP_1_1);
    if (!_token.empty()) request.set("Authorization", "Bearer " + _token);
    if (!body.empty()) request.setContentType("application/json");
    if (!body.empty() || method != "GET") request.setContentLength64(static_cast<int>(body.size()));
    for (const auto& [name, value] : headers) request.set(name, value);
    try {
        Poco::Net::HTTPClientSession session("127.0.0.1", _port);
        session.setTimeout(Poco::Timespan(test::patience.count() * 1000));
        session.sendRequest(request) << body;
        Poco::Net::HTTPResponse response;
        Reply reply;
        Poco::StreamCopier::copyToString(session.receiveResponse(response), reply.body);
        reply.status = response.getStatus();
        reply.headers = response;
        Contract::get().check(method, path, body, reply);
        return reply;
    } catch (const Poco::Exception& e) {
        CPPUNIT_FAIL("no response to " + method + " " + path + ": " + e.displayText());
    }
}

std::vector<Reply> Http::raw(std::string_view bytes, std::size_t count) const {
    RawConnection connection(_port);
    connection.send(bytes);
    std::vector<Reply> replies;
    while (replies.size() < count) replies.push_back(connection.reply());
    return replies;
}

std::string Http::raw(std::string_view bytes) const {
    RawConnection connection(_port);
    connection.send(bytes);
    return connection.untilClosed();
}

} // namespace salon::wire
