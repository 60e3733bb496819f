#include "Wire.h"

namespace salon::conversations {

namespace {

/// Builds one frame in a buffer that the thread keeps.
class FrameText {
public:
    explicit FrameText(const char* type) : json(text()) { json.beginObject().member("type", type); }
    JsonWriter& echo(std::string_view id) {
        if (!id.empty()) json.key("id").raw(id);
        return json;
    }
    SharedFrame finish() {
        json.endObject();
        return SharedFrame::text(buffer());
    }
    JsonWriter json;

private:
    static std::string& buffer() {
        thread_local std::string out;
        return out;
    }
    static std::string& text() {
        buffer().clear();
        return buffer();
    }
};

const char* word(MessageState state) {
    switch (state) {
    case MessageState::sent:
        return "sent";
    case MessageState::received:
        return "received";
    case MessageState::read:
        return "read";
    }
    return "sent";
}

void idOrNull(JsonWriter& json, std::string_view name, Id id) {
    json.key(name);
    if (id == 0) {
        json.null();
    } else {
        json.value(id);
    }
}

/// What every answer to a write says of the message.
void writeAcked(FrameText& frame, std::string_view echo, const Message& message) {
    frame.echo(echo)
        .member("conversation", message.conversation)
        .member("message", message.id)
        .member("seq", message.seq)
        .member("rev", message.rev)
        .timeMember("timestamp", message.timestamp);
}

} // namespace

MessageState stateOf(const Message& message, const Receipts& receipts) {
    auto state = MessageState::read;
    bool others = false;
    for (const auto& receipt : receipts) {
        if (receipt.user == message.from) continue;
        others = true;
        const auto theirs = receipt.read >= message.seq       ? MessageState::read
                            : receipt.received >= message.seq ? MessageState::received
                                                              : MessageState::sent;
        state = std::min(state, theirs);
    }
    return others ? state : MessageState::sent;
}

void writeMessage(JsonWriter& json, const Message& message, const Receipts& receipts) {
    json.beginObject()
        .member("id", message.id)
        .member("conversation", message.conversation)
        .member("seq", message.seq)
        .member("rev", message.rev)
        .member("from", message.from);
    if (message.deleted) {
        json.nullMember("content");
    } else {
        json.member("content", message.content);
    }
    json.timeMember("timestamp", message.timestamp)
        .timeMember("edited_at", message.editedAt)
        .member("deleted", message.deleted);
    idOrNull(json, "reply_to", message.replyTo);
    json.member("state", word(stateOf(message, receipts))).endObject();
}

void writeMessages(JsonWriter& json, const std::vector<Message>& messages,
                   const Receipts& receipts) {
    json.beginArray();
    for (const auto& message : messages) writeMessage(json, message, receipts);
    json.endArray();
}

void writeReceipts(JsonWriter& json, const Receipts& receipts) {
    json.beginArray();
    for (const auto& receipt : receipts) {
        json.beginObject()
            .member("user", receipt.user)
            .member("received", receipt.received)
            .member("read", receipt.read)
            .endObject();
    }
    json.endArray();
}

void writeOverview(JsonWriter& json, const Overview& overview, const auth::User* peer,
                   auth::Users& users, Session* session) {
    json.beginObject()
        .member("id", overview.direct.id)
        .member("kind", "direct")
        .nullMember("name")
        .nullMember("topic")
        .member("private", true)
        .member("members", static_cast<std::int64_t>(overview.receipts.size()))
        .member("seq", overview.seq)
        .member("rev", overview.rev)
        .member("unread", overview.unread)
        .key("last_message");
    if (overview.last.id == 0) {
        json.null();
    } else {
        writeMessage(json, overview.last, overview.receipts);
    }
    json.key("receipts");
    writeReceipts(json, overview.receipts);
    json.key("peer");
    if (peer) {
        users.write(json, *peer, false, session);
    } else {
        json.null();
    }
    json.endObject();
}

SharedFrame ackFrame(std::string_view echo, const Message& message, bool rewritten) {
    FrameText frame("ack");
    writeAcked(frame, echo, message);
    if (rewritten) frame.json.member("content", message.content);
    return frame.finish();
}

SharedFrame editAckFrame(std::string_view echo, const Message& message, bool rewritten) {
    FrameText frame("ack");
    writeAcked(frame, echo, message);
    if (!message.deleted) frame.json.timeMember("edited_at", message.editedAt);
    if (!message.deleted && rewritten) frame.json.member("content", message.content);
    return frame.finish();
}

SharedFrame receiptAckFrame(std::string_view echo, Id conversation, const Receipt& receipt) {
    FrameText frame("ack");
    frame.echo(echo)
        .member("conversation", conversation)
        .member("received", receipt.received)
        .member("read", receipt.read);
    return frame.finish();
}

SharedFrame directFrame(const Message& message, Id to) {
    FrameText frame("dm");
    frame.json.member("conversation", message.conversation)
        .member("message", message.id)
        .member("seq", message.seq)
        .member("rev", message.rev)
        .member("from", message.from)
        .member("to", to)
        .member("content", message.content)
        .timeMember("timestamp", message.timestamp);
    if (message.replyTo != 0) frame.json.member("reply_to", message.replyTo);
    return frame.finish();
}

SharedFrame editedFrame(const Message& message) {
    FrameText frame(message.deleted ? "deleted" : "edited");
    frame.json.member("conversation", message.conversation)
        .member("message", message.id)
        .member("seq", message.seq)
        .member("rev", message.rev);
    if (!message.deleted) {
        frame.json.member("content", message.content).timeMember("edited_at", message.editedAt);
    }
    return frame.finish();
}

SharedFrame receiptFrame(Id conversation, const Receipt& receipt) {
    FrameText frame("receipt");
    frame.json.member("conversation", conversation)
        .member("user", receipt.user)
        .member("received", receipt.received)
        .member("read", receipt.read);
    return frame.finish();
}

SharedFrame typingFrame(Id conversation, Id user, bool on) {
    FrameText frame("typing");
    frame.json.member("conversation", conversation).member("user", user).member("on", on);
    return frame.finish();
}

SharedFrame historyFrame(std::string_view echo, Id conversation, const Page& page,
                         const Receipts& receipts) {
    FrameText frame("history");
    idOrNull(frame.echo(echo), "conversation", conversation);
    frame.json.key("messages");
    writeMessages(frame.json, page.messages, receipts);
    frame.json.member("more", page.more);
    return frame.finish();
}

void writeChanges(JsonWriter& json, const Changes& changes) {
    json.key("messages");
    writeMessages(json, changes.page.messages, changes.receipts);
    json.member("rev", changes.rev).key("receipts");
    writeReceipts(json, changes.receipts);
    json.member("more", changes.page.more);
    if (changes.reset) json.member("reset", true);
}

} // namespace salon::conversations
