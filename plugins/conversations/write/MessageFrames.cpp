#include "write/MessageFrames.h"

#include "Content.h"
#include "Wire.h"

namespace salon::conversations {

namespace {

/// What dm, message and POST …/messages have in common.
struct Draft {
    std::string content;
    std::string clientId;
    Id replyTo = 0;
};

Result<Draft> readDraft(FrameCall& frame, std::int64_t maxLength) {
    Draft draft;
    const auto text = readText(frame.body["content"], "content");
    if (!text) return text.error();
    auto content = checkContent(*text, maxLength);
    if (!content) return content.error();
    draft.content = std::move(*content);
    if (const auto id = frame.body["id"]; id && !id.isNull()) {
        const auto known = readText(id, "id");
        if (!known) return known.error();
        if (const auto fits = checkClientId(*known); !fits) return fits.error();
        draft.clientId = *known;
    }
    const auto reply = readReply(frame.body["reply_to"]);
    if (!reply) return reply.error();
    draft.replyTo = *reply;
    return draft;
}

void send(Desk& desk, Connection& connection, const Direct& direct, Draft&& draft,
          std::string_view echo) {
    const Origin origin{connection.id(), std::string(echo), std::nullopt};
    auto write = std::make_unique<SendWrite>(desk.outlets(), origin);
    write->direct = direct;
    write->sender = connection.principal().user;
    write->digest = digestOf(direct.low, direct.high, draft.replyTo, draft.content);
    write->content = std::move(draft.content);
    write->clientId = std::move(draft.clientId);
    write->replyTo = draft.replyTo;
    desk.submit(std::move(write), origin);
}

} // namespace

void MessageFrames::add(Frames& frames) {
    frames.on("dm", [this](FrameCall& frame) { dm(frame); });
    frames.on("message", [this](FrameCall& frame) { message(frame); });
    frames.on("edit", [this](FrameCall& frame) { change(frame, false); });
    frames.on("delete", [this](FrameCall& frame) { change(frame, true); });
    frames.on("received", [this](FrameCall& frame) { receipt(frame, false); });
    frames.on("read", [this](FrameCall& frame) { receipt(frame, true); });
    frames.on("typing", [this](FrameCall& frame) { typing(frame); });
}

void MessageFrames::dm(FrameCall& frame) {
    auto peer = readPeer(frame.body["to"], "to");
    if (!peer) return frame.refuse(peer.error());
    auto draft = readDraft(frame, _desk.maxLength());
    if (!draft) return frame.refuse(draft.error());
    _desk.withPeer(frame, std::move(*peer),
                   [this, draft = std::move(*draft), echo = std::string(frame.echo)](
                       Connection& connection, const Direct& direct) mutable {
                       send(_desk, connection, direct, std::move(draft), echo);
                   });
}

void MessageFrames::message(FrameCall& frame) {
    if (const auto room = frame.body["room"]; room && !frame.body["conversation"]) {
        const auto name = readText(room, "room");
        return frame.refuse(name ? Error{Code::notFound, "there is no such room"} : name.error());
    }
    const auto conversation = readId(frame.body["conversation"], "conversation");
    if (!conversation) return frame.refuse(conversation.error());
    auto draft = readDraft(frame, _desk.maxLength());
    if (!draft) return frame.refuse(draft.error());
    _desk.withConversation(frame, *conversation,
                           [this, draft = std::move(*draft), echo = std::string(frame.echo)](
                               Connection& connection, const Direct& direct) mutable {
                               send(_desk, connection, direct, std::move(draft), echo);
                           });
}

void MessageFrames::change(FrameCall& frame, bool deletion) {
    const auto target = readId(frame.body["message"], "message");
    if (!target) return frame.refuse(target.error());
    std::string content;
    if (!deletion) {
        const auto text = readText(frame.body["content"], "content");
        if (!text) return frame.refuse(text.error());
        auto checked = checkContent(*text, _desk.maxLength());
        if (!checked) return frame.refuse(checked.error());
        content = std::move(*checked);
    }
    const auto user = frame.connection.principal().user;
    const auto moderator = std::make_shared<bool>(false);
    _desk.load(
        frame,
        [this, id = *target, user, moderator](Session& session) {
            *moderator = _desk.mayModerate(session, user);
            return _desk.findOfMessage(session, id, user);
        },
        [this, id = *target, user, moderator, deletion, content = std::move(content),
         echo = std::string(frame.echo)](Connection& connection, const Direct& direct) {
            const Origin origin{connection.id(), echo, std::nullopt};
            auto write = std::make_unique<ChangeWrite>(_desk.outlets(), origin);
            write->direct = direct;
            write->actor = user;
            write->target = id;
            write->deletion = deletion;
            write->mayChangeOthers = *moderator;
            write->content = content;
            _desk.submit(std::move(write), origin);
        });
}

void MessageFrames::receipt(FrameCall& frame, bool read) {
    const auto conversation = readId(frame.body["conversation"], "conversation");
    if (!conversation) return frame.refuse(conversation.error());
    const auto seq = readCount(frame.body["seq"], "seq");
    if (!seq) return frame.refuse(seq.error());
    if (!*seq)
        return frame.refuse({Code::badRequest, "seq is missing: how far was it " +
                                                   std::string(read ? "read" : "received")});
    _desk.withConversation(frame, *conversation,
                           [this, seq = **seq, read, echo = std::string(frame.echo)](
                               Connection& connection, const Direct& direct) {
                               const Origin origin{connection.id(), echo, std::nullopt};
                               auto write = std::make_unique<ReceiptWrite>(_desk.outlets(), origin);
                               write->direct = direct;
                               write->user = connection.principal().user;
                               (read ? write->read : write->received) = seq;
                               _desk.submit(std::move(write), origin);
                           });
}

void MessageFrames::typing(FrameCall& frame) {
    const auto conversation = readId(frame.body["conversation"], "conversation");
    if (!conversation) return frame.refuse(conversation.error());
    const auto on = frame.body["on"].boolean();
    if (!on) {
        const auto wanted = "must be true or false";
        return frame.refuse({Code::badRequest,
                             std::string("on ") + wanted,
                             {{"on", frame.body["on"] ? "invalid" : "required", wanted}}});
    }
    _desk.withConversation(
        frame, *conversation, [this, on = *on](Connection& connection, const Direct& direct) {
            const auto user = connection.principal().user;
            _desk.hub().publish(Topic::user(direct.peerOf(user)), typingFrame(direct.id, user, on));
        });
}

} // namespace salon::conversations
