#include "write/MessageTables.h"

#include "write/MessageChain.h"

#include <algorithm>

namespace salon::conversations {

namespace {

/// As many keys as one statement looks for; fewer are filled up with the last one.
constexpr std::size_t keysAtOnce = 64;
constexpr std::size_t headsAtOnce = 64;
constexpr int idsInBlock = 4096; ///< as many writes as a lane takes at once

std::string repeated(std::string_view text, std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i) out.append(i == 0 ? "" : ", ").append(text);
    return out;
}

} // namespace

LastIds readLastIds(Session& session) {
    const auto conversation = session.first<Id>("SELECT COALESCE(MAX(id), 0) FROM conversation");
    const auto message = session.first<Id>("SELECT COALESCE(MAX(id), 0) FROM message");
    return {std::get<0>(*conversation), std::get<0>(*message)};
}

std::optional<StoredHead> readStoredHead(Session& session, Id conversation) {
    const auto row = session.first<std::int64_t, std::int64_t, Id>(
        "SELECT seq, rev, last_message FROM conversation WHERE id = ?", conversation);
    if (!row) return std::nullopt;
    return StoredHead{std::get<0>(*row), std::get<1>(*row), std::get<2>(*row),
                      readMembers(session, conversation)};
}

std::vector<StoredMember> readMembers(Session& session, Id conversation) {
    std::vector<StoredMember> members;
    for (const auto& [user, received, read, movedRev] :
         session.select<Id, std::int64_t, std::int64_t, std::int64_t>(
             "SELECT user_id, received_seq, read_seq, moved_rev FROM conversation_member "
             "WHERE conversation = ? ORDER BY user_id",
             conversation)) {
        members.push_back({{user, received, read}, movedRev});
    }
    return members;
}

std::optional<Sent> findSent(Session& session, Id sender, const std::string& clientId) {
    const auto row = session.first<Id, std::int64_t>(
        "SELECT message, digest FROM message_sent WHERE client_id = ? AND sender = ?", clientId,
        sender);
    if (!row) return std::nullopt;
    return Sent{std::get<0>(*row), std::get<1>(*row)};
}

SentByKey findSentMany(Session& session, std::span<const SentKey> keys) {
    static const std::string sql = "SELECT client_id, sender, message, digest FROM message_sent "
                                   "WHERE (client_id, sender) IN (" +
                                   repeated("(?, ?)", keysAtOnce) + ")";
    SentByKey found;
    std::unordered_map<SentKey, SentKey, SentKeyHash> given; // the texts that stay
    for (std::size_t from = 0; from < keys.size(); from += keysAtOnce) {
        std::vector<SessionValue> values;
        for (std::size_t i = from; i < from + keysAtOnce; ++i) {
            const auto& key = keys[std::min(i, keys.size() - 1)];
            values.emplace_back(key.clientId);
            values.emplace_back(key.sender);
            given.try_emplace(key, key);
        }
        for (const auto& [clientId, sender, message, digest] :
             session.selectWith<std::string, Id, Id, std::int64_t>(sql.c_str(), values)) {
            found.insert_or_assign(given.at({sender, clientId}), Sent{message, digest});
        }
    }
    return found;
}

void lockHeads(Session& session, std::span<const Id> conversations,
               const std::function<void(Id, const StoredHead&)>& locked) {
    // In order of the primary key, whatever the optimizer thinks of small tables.
    static const std::string sql = "SELECT id, seq, rev, last_message FROM conversation "
                                   "FORCE INDEX (PRIMARY) WHERE id IN (" +
                                   repeated("?", headsAtOnce) + ") ORDER BY id FOR UPDATE";
    for (std::size_t from = 0; from < conversations.size(); from += headsAtOnce) {
        std::vector<SessionValue> values;
        for (std::size_t i = from; i < from + headsAtOnce; ++i) {
            values.emplace_back(conversations[std::min(i, conversations.size() - 1)]);
        }
        for (const auto& [id, seq, rev, last] :
             session.selectWith<Id, std::int64_t, std::int64_t, Id>(sql.c_str(), values)) {
            locked(id, {seq, rev, last, {}});
        }
    }
}

Id MessageBlock::next(Session& session) {
    if (_left == 0) take(session);
    --_left;
    return _next++;
}

void MessageBlock::take(Session& session) {
    auto block = session.insert("INSERT INTO message_block (block) VALUES (NULL)").value();
    if (!_trusted) {
        const auto highest =
            std::get<0>(session.first<Id>("SELECT COALESCE(MAX(id), 0) FROM message").value());
        if (block <= highest / idsInBlock) {
            session.execute("DELETE FROM message_block WHERE block = ?", block);
            block = highest / idsInBlock + 1;
            session.execute("INSERT INTO message_block (block) VALUES (?)", block);
        }
        _trusted = true;
    }
    session.execute("DELETE FROM message_block WHERE block = ?", block);
    _next = block * idsInBlock;
    _left = idsInBlock;
}

MessageTables::MessageTables(Session& session)
    : _session(session),
      _messages(session.bulk<Number, Number, Number, Number, Number, Number, std::string, Number,
                             Number, Number>(
          "INSERT INTO message (id, conversation, seq, rev, created_rev, sender, content, "
          "created_at, edited_at, deleted, reply_to, previous) "
          "VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, ?)")),
      _marks(session.bulk<Number, Number, Number>(
          "INSERT INTO message_mark (conversation, seq, message) VALUES (?, ?, ?)")),
      _sent(session.bulk<std::string, Number, Number, Number>(
          "INSERT INTO message_sent (client_id, sender, message, digest) VALUES (?, ?, ?, ?)")),
      _heads(session.bulk<Number, Number, Number, Number>(
          "UPDATE conversation SET seq = ?, rev = ?, last_message = ? WHERE id = ?")),
      _receipts(session.bulk<Number, Number, Number, Number, Number>(
          "UPDATE conversation_member SET received_seq = ?, read_seq = ?, moved_rev = ? "
          "WHERE conversation = ? AND user_id = ?")),
      _changes(session.bulk<Number, Number, Number, Number>(
          "INSERT INTO message_change (conversation, rev, message, seq) VALUES (?, ?, ?, ?)")),
      _changed(session.bulk<Number, std::string, Number, Number, Number>(
          "UPDATE message SET rev = ?, content = ?, edited_at = ?, deleted = ? WHERE id = ?")) {}

Id MessageTables::addConversation(const Direct& direct, Milliseconds now) {
    auto id = direct.id;
    if (id != 0) {
        _session.execute("INSERT INTO conversation (id, kind, seq, rev, last_message, created_at) "
                         "VALUES (?, 1, 0, 0, 0, ?)",
                         id, now);
    } else {
        id = _session
                 .insert("INSERT INTO conversation (kind, seq, rev, last_message, created_at) "
                         "VALUES (1, 0, 0, 0, ?)",
                         now)
                 .value();
    }
    _session.execute("INSERT INTO direct_pair (low, high, conversation) VALUES (?, ?, ?)",
                     direct.low, direct.high, id);
    for (const auto user : {direct.low, direct.high}) {
        _session.execute("INSERT INTO conversation_member (conversation, user_id, received_seq, "
                         "read_seq, moved_rev, joined_at) VALUES (?, ?, 0, 0, 0, ?)",
                         id, user, now);
    }
    return id;
}

void MessageTables::addMessage(const Message& message, Id previous) {
    _messages.add(message.id, message.conversation, message.seq, message.rev, message.createdRev,
                  message.from, message.content, message.timestamp, message.replyTo, previous);
    if (message.seq % markEvery == 0) {
        _marks.add(message.conversation, message.seq, message.id);
    }
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
    _changes.add(message.conversation, message.rev, message.id, headSeq);
    _changed.add(message.rev, message.content, message.editedAt, std::int64_t{message.deleted},
                 message.id);
}

void MessageTables::flush() {
    _messages.execute();
    _sent.execute();
    _marks.execute();
    _heads.execute();
    _receipts.execute();
    _changes.execute();
    // Last, so that nothing fails behind it: InnoDB can lose a row that it shortened when it has no
    // room to undo that.
    _changed.execute();
}

void MessageTables::drop() {
    _messages.clear();
    _marks.clear();
    _sent.clear();
    _heads.clear();
    _receipts.clear();
    _changes.clear();
    _changed.clear();
}

} // namespace salon::conversations
