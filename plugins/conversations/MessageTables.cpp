#include "MessageTables.h"

namespace salon::conversations {

LastIds readLastIds(Session& session) {
    const auto conversation = session.first<Id>("SELECT COALESCE(MAX(id), 0) FROM conversation");
    const auto message = session.first<Id>("SELECT COALESCE(MAX(id), 0) FROM message");
    return {std::get<0>(*conversation), std::get<0>(*message)};
}

std::optional<StoredHead> readStoredHead(Session& session, Id conversation) {
    const auto row = session.first<std::int64_t, std::int64_t, Id>(
        "SELECT seq, rev, last_message FROM conversation WHERE id = ?", conversation);
    if (!row) return std::nullopt;
    StoredHead head{std::get<0>(*row), std::get<1>(*row), std::get<2>(*row), {}};
    for (const auto& [user, received, read, movedRev] :
         session.select<Id, std::int64_t, std::int64_t, std::int64_t>(
             "SELECT user_id, received_seq, read_seq, moved_rev FROM conversation_member "
             "WHERE conversation = ? ORDER BY user_id",
             conversation)) {
        head.members.push_back({{user, received, read}, movedRev});
    }
    return head;
}

std::optional<Sent> findSent(Session& session, Id sender, const std::string& clientId) {
    const auto row = session.first<Id, std::int64_t>(
        "SELECT message, digest FROM message_sent WHERE client_id = ? AND sender = ?", clientId,
        sender);
    if (!row) return std::nullopt;
    return Sent{std::get<0>(*row), std::get<1>(*row)};
}

MessageTables::MessageTables(Session& session)
    : _session(session),
      _messages(
          session.bulk<Number, Number, Number, Number, Number, Number, std::string, Number, Number>(
              "INSERT INTO message (id, conversation, seq, rev, created_rev, sender, content, "
              "created_at, "
              "edited_at, deleted, reply_to) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?)")),
      _sent(session.bulk<std::string, Number, Number, Number>(
          "INSERT INTO message_sent (client_id, sender, message, digest) VALUES (?, ?, ?, ?)")),
      _heads(session.bulk<Number, Number, Number, Number>(
          "UPDATE conversation SET seq = ?, rev = ?, last_message = ? WHERE id = ?")),
      _receipts(session.bulk<Number, Number, Number, Number, Number>(
          "UPDATE conversation_member SET received_seq = ?, read_seq = ?, moved_rev = ? "
          "WHERE conversation = ? AND user_id = ?")) {}

void MessageTables::addConversation(const Direct& direct, Milliseconds now) {
    _session.execute("INSERT INTO conversation (id, kind, seq, rev, last_message, created_at) "
                     "VALUES (?, 1, 0, 0, 0, ?)",
                     direct.id, now);
    _session.execute("INSERT INTO direct_pair (low, high, conversation) VALUES (?, ?, ?)",
                     direct.low, direct.high, direct.id);
    for (const auto user : {direct.low, direct.high}) {
        _session.execute("INSERT INTO conversation_member (conversation, user_id, received_seq, "
                         "read_seq, moved_rev, joined_at) VALUES (?, ?, 0, 0, 0, ?)",
                         direct.id, user, now);
    }
}

void MessageTables::addMessage(const Message& message) {
    _messages.add(message.id, message.conversation, message.seq, message.rev, message.createdRev,
                  message.from, message.content, message.timestamp, message.replyTo);
}

void MessageTables::addSent(Id sender, const std::string& clientId, Id message,
                            std::int64_t digest) {
    _sent.add(clientId, sender, message, digest);
}

void MessageTables::updateHead(Id conversation, std::int64_t seq, std::int64_t rev,
                               Id lastMessage) {
    _heads.add(seq, rev, lastMessage, conversation);
}

void MessageTables::updateReceipt(Id conversation, const Receipt& receipt, std::int64_t movedRev) {
    _receipts.add(receipt.received, receipt.read, movedRev, conversation, receipt.user);
}

void MessageTables::changeMessage(const Message& message, std::int64_t headSeq) {
    _session.execute(
        "UPDATE message SET rev = ?, content = ?, edited_at = ?, deleted = ? WHERE id = ?",
        message.rev, message.content, message.editedAt, std::int64_t{message.deleted}, message.id);
    _session.execute(
        "INSERT INTO message_change (conversation, rev, message, seq) VALUES (?, ?, ?, ?)",
        message.conversation, message.rev, message.id, headSeq);
}

void MessageTables::flushMessages() {
    _messages.execute();
    _sent.execute();
}

void MessageTables::flush() {
    flushMessages();
    _heads.execute();
    _receipts.execute();
}

void MessageTables::drop() {
    _messages.clear();
    _sent.clear();
    _heads.clear();
    _receipts.clear();
}

} // namespace salon::conversations
