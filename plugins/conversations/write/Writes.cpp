#include "write/Writes.h"

#include "Wire.h"

namespace salon::conversations {

namespace {

HttpResponse messageResponse(int status, const Message& message, const Receipts& receipts) {
    std::string body;
    JsonWriter json(body);
    writeMessage(json, message, receipts);
    return HttpResponse::json(status, std::move(body));
}

} // namespace

void Origin::refuse(const Outlets& outlets, const Error& error) const {
    if (responder) {
        responder->refuse(error);
    } else {
        outlets.hub.send(connection, errorFrame(error, echo));
    }
}

void MessageWrite::finish(const Error* failure) {
    if (failure) {
        _origin.refuse(_outlets, *failure);
    } else if (refusal) {
        _origin.refuse(_outlets, *refusal);
    } else {
        if (givenId == 0) _outlets.cache.put(direct);
        tell();
    }
}

void SendWrite::tell() {
    if (origin().responder) {
        origin().responder->send(messageResponse(stored ? 200 : 201, message, {}));
    } else if (!origin().echo.empty()) {
        outlets().hub.send(origin().connection, ackFrame(origin().echo, message, rewritten));
    }
    if (stored) return;
    outlets().stored.add();
    const auto peer = direct.peerOf(sender);
    const auto frame = directFrame(message, peer);
    outlets().hub.publish(Topic::user(peer), frame);
    // A sender who gave no id is answered by the message itself.
    outlets().hub.publish(Topic::user(sender), frame,
                          origin().echo.empty() ? ConnectionId::none : origin().connection);
    if (outlets().sent.heard()) {
        outlets().sent.tell({message.id, message.conversation, message.seq, message.rev, sender,
                             peer, message.replyTo, message.content, message.timestamp});
    }
}

void ChangeWrite::tell() {
    const bool acked = !origin().echo.empty();
    const auto frame = editedFrame(message);
    if (origin().responder) {
        origin().responder->send(messageResponse(200, message, receipts));
    } else if (acked) {
        outlets().hub.send(origin().connection, editAckFrame(origin().echo, message, rewritten));
    } else if (!changed) {
        outlets().hub.send(origin().connection, frame);
    }
    if (!changed) return;
    for (const auto user : {direct.low, direct.high}) {
        outlets().hub.publish(Topic::user(user), frame,
                              acked ? origin().connection : ConnectionId::none);
    }
    if (deletion && outlets().deleted.heard()) {
        outlets().deleted.tell({message.id, message.conversation, message.rev, actor});
    } else if (!deletion && outlets().edited.heard()) {
        outlets().edited.tell(
            {message.id, message.conversation, message.rev, actor, message.content});
    }
}

void ReceiptWrite::tell() {
    if (origin().responder) {
        origin().responder->send(HttpResponse::noContent());
    } else if (!origin().echo.empty()) {
        outlets().hub.send(origin().connection, receiptAckFrame(origin().echo, direct.id, receipt));
    } else if (!moved && !superseded) {
        outlets().hub.send(origin().connection, receiptFrame(direct.id, receipt));
    }
    if (!moved) return;
    const auto frame = receiptFrame(direct.id, receipt);
    outlets().hub.publish(Topic::user(direct.low), frame);
    outlets().hub.publish(Topic::user(direct.high), frame);
}

} // namespace salon::conversations
